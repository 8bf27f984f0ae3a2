// The development problems: asked before, during and after a run, in the languages that it is about.
import type { DevelopmentProblem } from '../../../workers/training-protocol.ts';
import { exampleLanguages, parseProblems } from '../ask/problems.ts';

/**
 * Languages that the bundle does not know, and English, have problems of their own: the same ones in plain words, which the
 * LLM solves when it is asked in English, so that what is measured is the language. The problems of the others are
 * those that Ask and Evaluate have.
 */
const taught: readonly string[] = ['en', 'eo', 'ht'];

/** The languages that there are development problems in. */
export const developmentLanguages: readonly string[] = [
  ...new Set([...exampleLanguages.map(({ code }) => code), ...taught]),
];

const fileOf = (code: string) =>
  `${taught.includes(code) ? 'development' : 'problems'}/${code}.jsonl`;

/** The languages that a run is measured in: those of its lists if it has any, else the bundle's; always English. */
export function measuredLanguages(
  ofLists: readonly string[],
  ofBundle: readonly string[],
): string[] {
  const wanted = ofLists.length > 0 ? ofLists : ofBundle;
  const known = [...new Set(wanted.map((tag) => tag.toLowerCase().split('-')[0] ?? tag))];
  return [...known.filter((code) => code !== 'en' && developmentLanguages.includes(code)), 'en'];
}

/**
 * The first problems of each language.
 * @param fetchText fetches a file of the page
 */
export async function developmentProblems(
  languages: readonly string[],
  items: number,
  fetchText: (path: string) => Promise<string>,
): Promise<DevelopmentProblem[]> {
  const files = await Promise.all(languages.map((code) => fetchText(fileOf(code))));
  return files.flatMap((text) => parseProblems(text).slice(0, items));
}
