// Worked problems for few-shot prompts: the eight that the MGSM paper has in each language (Shi et al. 2022,
// arXiv 2210.03057), from `exemplars.py` beside the data.
import * as v from 'valibot';
import type { Exemplar } from '../../bridge/types.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import { readFile, type FetchDatasetOptions } from './fetch.ts';
import type { DatasetInfo } from './table.ts';

const pairs = v.record(
  v.string(),
  v.record(v.string(), v.object({ q: v.string(), a: v.string() })),
);

/**
 * The worked problems of a data set by language, without the labels ("Question:", "Step-by-Step Answer:") that the file
 * puts in front; none where the set has none.
 * @throws LinguaLiftError as `fetchDataset` does
 */
export async function exemplarsOf(
  set: DatasetInfo,
  languages: readonly string[],
  {
    fetch = globalThis.fetch,
    cache,
    signal = new AbortController().signal,
  }: Omit<FetchDatasetOptions, 'base' | 'onProgress'>,
): Promise<Record<string, Exemplar[]>> {
  if (set.exemplars === null) return {};
  const name = `The worked problems of ${set.name}`;
  let worked: Record<string, Exemplar[]> = {};
  await readFile(name, set.exemplars, {
    ...{ fetch, cache, signal },
    // The check is to read them: a file where one language has none is not stored.
    check: (bytes) => {
      const python = new TextDecoder().decode(bytes);
      worked = Object.fromEntries(languages.map((lang) => [lang, readExemplars(python, lang)]));
    },
    onBytes: () => undefined,
  });
  return worked;
}

/**
 * Reads `exemplars.py`. Its table is a Python literal that two habits part from JSON: long texts are written as
 * several strings in a row, and lists end in a comma. Both stand at line breaks, which no string holds.
 * @throws LinguaLiftError `dataset-changed` where the table is another or lacks the language
 */
export function readExemplars(python: string, lang: string): Exemplar[] {
  const [, literal = ''] = /MGSM_EXEMPLARS\s*=\s*(\{.*\})/s.exec(python) ?? [];
  const json = literal.replace(/"\s*\n\s*"/g, '').replace(/,\s*\n\s*(?=[}\]])/g, '');
  const table = v.safeParse(v.pipe(v.string(), v.parseJson(), pairs), json);
  const found = table.success ? Object.values(table.output[lang] ?? {}) : [];
  if (found.length === 0) {
    throw new LinguaLiftError(
      'dataset-changed',
      `The file with worked problems has none in the language ${lang} that can be read. Run without worked problems, or try again.`,
    );
  }
  return found.map(({ q, a }) => ({ question: unlabelled(q), answer: unlabelled(a) }));
}

function unlabelled(text: string): string {
  return text
    .replace(/^[^:：]*[:：]/, '')
    .trim()
    .normalize('NFC');
}
