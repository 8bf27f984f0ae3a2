// The four routes as people see them, in the order of the columns.
import type { Route } from '../../bridge/types.ts';

export interface RouteDescription {
  route: Route;
  name: string;
  /** One sentence: what happens to the question on this route. */
  explanation: string;
}

export const routeDescriptions: readonly RouteDescription[] = [
  {
    route: 'direct',
    name: 'Direct',
    explanation: 'The English LLM reads the question itself.',
  },
  {
    route: 'gloss',
    name: 'Gloss',
    explanation: 'A dictionary turns each word into English, and the LLM reads the result.',
  },
  {
    route: 'langbridge',
    name: 'LangBridge',
    explanation:
      'The encoder reads the question, and a bridge trained on English alone hands it to the LLM.',
  },
  {
    route: 'lingualift',
    name: 'LinguaLIFT',
    explanation:
      'The same bridge, trained further on code-switched text so that other languages arrive as well.',
  },
];

const names = new Map(routeDescriptions.map(({ route, name }) => [route, name]));

/** What people call a route. */
export function routeName(route: Route): string {
  return names.get(route) ?? route;
}
