// The routes by which a question reaches the LLM, as a table: what differs between them is data.
import type { BundleManifest } from '../bundle/manifest.ts';
import type { Route } from './types.ts';

/** The alignments that a bundle may hold. */
export type AlignmentName = keyof BundleManifest['alignments'];

export interface RoutePlan {
  /** The alignment that carries the encoder's states over; `null` where the LLM reads text. */
  alignment: AlignmentName | null;
  /** Whether the text is translated word by word before the LLM reads it. */
  gloss: boolean;
}

export const routePlans: Readonly<Record<Route, RoutePlan>> = {
  direct: { alignment: null, gloss: false },
  gloss: { alignment: null, gloss: true },
  langbridge: { alignment: 'langbridge', gloss: false },
  lingualift: { alignment: 'lingualift', gloss: false },
};
