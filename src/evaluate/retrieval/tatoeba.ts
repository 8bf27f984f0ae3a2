// LASER's Tatoeba test set: up to a thousand sentences in each of 112 languages and their English translations
// (Artetxe & Schwenk 2019, arXiv 1812.10464, appendix B). Two files a language, one sentence a line.
import type { CacheLike } from '../../bundle/cache.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import { sha256, type FileRecord } from '../../bundle/integrity.ts';
import { together } from '../../bundle/together.ts';
import { readFile } from '../datasets/fetch.ts';
import { readParallel, type PairList } from './pairs.ts';
import { tatoebaTable } from './tatoebaTable.ts';

/** `source` is the foreign language, `target` English. */
const sides = ['source', 'target'] as const;
type Side = (typeof sides)[number];

/** One language of the test set. English sides differ between languages, so figures do too. */
export interface TatoebaLanguage {
  /** BCP 47. */
  tag: string;
  /** As the files name it: ISO 639-3. */
  code: string;
  pairs: number;
  files: Readonly<Record<Side, FileRecord>>;
}

export const tatoeba = {
  name: 'Tatoeba, as tested with LASER',
  /** The sentences' own; contributors are named at tatoeba.org. */
  licence: { name: 'CC BY 2.0 FR', url: 'https://tatoeba.org/eng/terms_of_use' },
  home: 'https://github.com/facebookresearch/LASER/tree/main/data/tatoeba/v1',
};

/** The files are taken at this commit, so that everybody has the same. */
const files =
  'https://raw.githubusercontent.com/facebookresearch/LASER/74bc6ae7ffb7cba670fe0f428d0ede9f666fb821/data/tatoeba/v1';

/** By the code of the files. */
export const tatoebaLanguages: readonly TatoebaLanguage[] = tatoebaTable
  .trim()
  .split('\n')
  .map((row) => {
    const [tag = '', code = '', pairs, bytes, hash = '', bytesEn, hashEn = ''] = row.split(' ');
    return {
      tag,
      code,
      pairs: Number(pairs),
      files: {
        source: { bytes: Number(bytes), sha256: hash },
        target: { bytes: Number(bytesEn), sha256: hashEn },
      },
    };
  });

/** The test set's files of a language, or `null`: it has neither Yoruba nor Nepali. */
export function tatoebaLanguage(tag: string): TatoebaLanguage | null {
  return tatoebaLanguages.find((language) => language.tag === tag) ?? null;
}

/** What a file holds by its name, such as `tatoeba.swh-eng.eng`; `null` for other names. */
export function tatoebaPart(name: string): { language: TatoebaLanguage; side: Side } | null {
  for (const language of tatoebaLanguages) {
    const side = sides.find((one) => fileName(language, one) === name);
    if (side !== undefined) return { language, side };
  }
  return null;
}

export interface FetchPairsOptions {
  fetch?: typeof fetch;
  /** `null` to store nothing. */
  cache: CacheLike | null;
  /** Bytes of both files so far, and in all. */
  onProgress?: (loadedBytes: number, totalBytes: number) => void;
  signal?: AbortSignal;
}

/**
 * The pairs of a language, from the cache or from their public home.
 * @throws LinguaLiftError `offline`, `network`, `dataset-missing`, `dataset-changed`, `not-data` or `cancelled`
 */
export async function fetchTatoeba(
  language: TatoebaLanguage,
  { fetch = globalThis.fetch, cache, onProgress, signal }: FetchPairsOptions,
): Promise<PairList> {
  const loaded = { source: 0, target: 0 };
  const totalBytes = bytesOf(language);
  const read = (side: Side, stop: AbortSignal) =>
    readFile(fileName(language, side), address(language, side), {
      fetch,
      cache,
      check: (bytes) => check(language, side, bytes),
      onBytes: (bytes) => {
        loaded[side] = bytes;
        onProgress?.(loaded.source + loaded.target, totalBytes);
      },
      signal: stop,
    });
  const [source, target] = await together(signal, (stop) =>
    Promise.all([read('source', stop), read('target', stop)]),
  );
  return readParallel(source, target);
}

/** What both files of a language weigh. */
export function bytesOf({ files }: TatoebaLanguage): number {
  return files.source.bytes + files.target.bytes;
}

/** Whether both files of a language are on this device. */
export async function isStored(language: TatoebaLanguage, cache: CacheLike): Promise<boolean> {
  const found = await Promise.all(sides.map((side) => cache.match(address(language, side))));
  return found.every((response) => response !== undefined);
}

/** Removes both files of a language from this device. */
export async function forgetTatoeba(language: TatoebaLanguage, cache: CacheLike): Promise<void> {
  await Promise.all(sides.map((side) => cache.delete(address(language, side))));
}

function address(language: TatoebaLanguage, side: Side): string {
  return `${files}/${fileName(language, side)}`;
}

function fileName({ code }: TatoebaLanguage, side: Side): string {
  return `tatoeba.${code}-eng.${side === 'source' ? code : 'eng'}`;
}

async function check(
  language: TatoebaLanguage,
  side: Side,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const expected = language.files[side];
  if ((await sha256(bytes)) === expected.sha256) return;
  throw new LinguaLiftError(
    'dataset-changed',
    `${fileName(language, side)} is not the file that was published. The download may have been cut off or changed on the way. Try again, or choose copies from your disk.`,
    `${bytes.length} bytes instead of ${expected.bytes}; expected sha256 ${expected.sha256}`,
  );
}
