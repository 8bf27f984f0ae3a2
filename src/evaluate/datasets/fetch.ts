// Data sets from their public homes, on request: from the cache where they are stored, else downloaded, checked
// and stored. A file that is not the published one is refused and never stored.
import { keep, recall, type CacheLike } from '../../bundle/cache.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import { sha256 } from '../../bundle/integrity.ts';
import { cancelledError } from '../../bundle/source.ts';
import { together } from '../../bundle/together.ts';
import { isWebPage, webPageError } from './describe.ts';
import { download } from './download.ts';
import { assemble, type LoadedDataset } from './load.ts';
import { readProblems } from './mapping.ts';
import type { DatasetInfo } from './table.ts';

/** Bytes of all files so far and in all; `totalBytes` is `null` where the sizes are not known beforehand. */
export type DatasetProgress = (loadedBytes: number, totalBytes: number | null) => void;

export interface FetchDatasetOptions {
  /** Absolute address of the page: the built-in problems are beside it. */
  base: string;
  fetch?: typeof fetch;
  /** `null` to store nothing. */
  cache: CacheLike | null;
  onProgress?: DatasetProgress;
  signal?: AbortSignal | undefined;
}

/**
 * Reads a data set in some of its languages, all files at once; the first failure ends the others.
 * @throws LinguaLiftError `offline`, `network`, `dataset-missing`, `dataset-changed`, `not-data`, `no-language`
 * or `cancelled`
 */
export async function fetchDataset(
  set: DatasetInfo,
  languages: readonly string[],
  { base, onProgress, signal, ...options }: FetchDatasetOptions,
): Promise<LoadedDataset> {
  for (const lang of languages) checkLanguage(set, lang);
  const totalBytes = bytesOf(set, languages);
  const loaded = new Map<string, number>();
  const parts = await together(signal, (stop) =>
    Promise.all(
      languages.map(async (lang) => {
        const source = new URL(set.address(lang), base).href;
        const onBytes = (bytes: number) => {
          loaded.set(lang, bytes);
          onProgress?.(sum(loaded.values()), totalBytes);
        };
        const name = `${set.name} (${lang})`;
        const check = (bytes: Uint8Array<ArrayBuffer>) => checkFile(set, lang, name, bytes);
        // The built-in problems come with the page, and may differ in its next version.
        const cache = set.published === null ? null : options.cache;
        const { fetch = globalThis.fetch } = options;
        const text = await readFile(name, source, { fetch, cache, check, onBytes, signal: stop });
        return { source, dataset: readProblems(text, set.format, lang) };
      }),
    ),
  );
  if (signal?.aborted) throw cancelledError();
  return assemble({ name: set.name, licence: set.licence.name }, parts);
}

interface ReadFileOptions {
  fetch: typeof fetch;
  cache: CacheLike | null;
  /** Throws at bytes that are not to be used. */
  check: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>;
  onBytes: (loadedBytes: number) => void;
  signal: AbortSignal;
}

/**
 * The text of a file from the cache or its address. What fails the check is not stored, and a stored file that
 * fails it is downloaded again.
 */
export async function readFile(
  name: string,
  address: string,
  { fetch, cache, check, onBytes, signal }: ReadFileOptions,
): Promise<string> {
  const stored = cache && (await recall(cache, address));
  if (stored) {
    try {
      await check(stored);
      onBytes(stored.length);
      return new TextDecoder().decode(stored);
    } catch (thrown) {
      if (!(thrown instanceof LinguaLiftError)) throw thrown;
      await cache.delete(address);
    }
  }
  const bytes = await download(name, address, { fetch, signal, onBytes });
  await check(bytes);
  if (cache) await keep(cache, address, bytes);
  return new TextDecoder().decode(bytes);
}

/**
 * Lets the published bytes of a language through unread, and looks into others: the error says how they differ.
 * @throws LinguaLiftError `not-data` or `dataset-changed`
 */
async function checkFile(
  set: DatasetInfo,
  lang: string,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const published = set.published?.[lang];
  if (published && (await sha256(bytes)) === published.sha256) return;
  const text = new TextDecoder().decode(bytes);
  if (isWebPage(text)) throw webPageError(name);
  if (set.items !== null) {
    const { problems, malformed } = readProblems(text, set.format, lang);
    const rows = problems.length + malformed.length;
    if (rows !== set.items) {
      throw changedError(name, `it has ${rows} rows instead of ${set.items}`);
    }
  }
  if (published) {
    throw changedError(name, 'its checksum differs', `expected sha256 ${published.sha256}`);
  }
}

function changedError(name: string, what: string, details = ''): LinguaLiftError {
  return new LinguaLiftError(
    'dataset-changed',
    `${name} is not the file that was published: ${what}. The download may have been cut off or changed on the way. Try again, or upload a copy.`,
    details,
  );
}

/** @throws LinguaLiftError `no-language` */
function checkLanguage(set: DatasetInfo, lang: string): void {
  if (set.languages.includes(lang)) return;
  throw new LinguaLiftError(
    'no-language',
    `${set.name} has no problems in the language ${lang}. It has ${set.languages.join(', ')}.`,
  );
}

/** What the files of some languages weigh, or `null` where that is not known beforehand. */
export function bytesOf(set: DatasetInfo, languages: readonly string[]): number | null {
  const { published } = set;
  return published && sum(languages.map((lang) => published[lang]?.bytes ?? 0));
}

/** The languages whose files are stored on this device. */
export async function storedLanguages(set: DatasetInfo, cache: CacheLike): Promise<string[]> {
  const found = await Promise.all(
    set.languages.map(async (lang) => (await cache.match(set.address(lang))) !== undefined),
  );
  return set.languages.filter((_, place) => found[place]);
}

/** Removes all that is stored of a data set. */
export async function forget(set: DatasetInfo, cache: CacheLike): Promise<void> {
  const addresses = set.languages.map((lang) => set.address(lang));
  if (set.exemplars !== null) addresses.push(set.exemplars);
  await Promise.all(addresses.map((address) => cache.delete(address)));
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
