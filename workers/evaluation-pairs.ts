// The sentence pairs that a retrieval searches: published ones from their home or from this device, or a person's
// own. What was read last is kept, so that pairs can be drawn from it.
import type { CacheLike } from '../src/bundle/cache.ts';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { sha256 } from '../src/bundle/integrity.ts';
import { draw } from '../src/evaluate/datasets/choose.ts';
import { readUpload } from '../src/evaluate/datasets/load.ts';
import { readPairFiles, type NamedPairs } from '../src/evaluate/retrieval/files.ts';
import {
  bytesOf,
  fetchTatoeba,
  forgetTatoeba,
  isStored,
  tatoeba,
  tatoebaLanguage,
  tatoebaLanguages,
  type TatoebaLanguage,
} from '../src/evaluate/retrieval/tatoeba.ts';
import type { DrawnPairs, PairSet, PairSummary } from './evaluation-protocol.ts';

export interface PairParts {
  fetch: typeof fetch;
  /** Where fetched files are kept; `null` for nowhere. */
  cache: CacheLike | null;
}

/** Pairs that are shown before a search. */
const shownPairs = 3;
/** Lines that are no pairs, beyond which nobody reads on. */
const mostMalformed = 200;

export class EvaluationPairs {
  readonly #parts: PairParts;
  #read: NamedPairs | null = null;

  constructor(parts: PairParts) {
    this.#parts = parts;
  }

  async set(): Promise<PairSet> {
    const { cache } = this.#parts;
    const { name, licence, home } = tatoeba;
    const languages = tatoebaLanguages.map(async (language) => ({
      tag: language.tag,
      pairs: language.pairs,
      bytes: bytesOf(language),
      isStored: cache !== null && (await isStored(language, cache)),
    }));
    return { name, licence, home, languages: await Promise.all(languages) };
  }

  /** @throws LinguaLiftError as `fetchTatoeba` does, or `no-language` */
  async fetch(
    tag: string,
    onProgress: (loadedBytes: number, totalBytes: number) => void,
    signal: AbortSignal,
  ): Promise<PairSummary> {
    const options = { ...this.#parts, onProgress, signal };
    const list = await fetchTatoeba(known(tag), options);
    return this.#keep(tatoeba.name, { ...list, source: tag, target: 'en' });
  }

  async forget(tag: string): Promise<PairSet> {
    const { cache } = this.#parts;
    if (cache) await forgetTatoeba(known(tag), cache);
    return this.set();
  }

  /** @throws LinguaLiftError as `readUpload` and `readPairFiles` do */
  async open(files: readonly { name: string; file: Blob }[]): Promise<PairSummary> {
    const read = files.map(async ({ name, file }) => ({
      name,
      text: await readUpload(name, file),
    }));
    const names = files.map(({ name }) => name).join(' and ');
    return this.#keep(names, readPairFiles(await Promise.all(read)));
  }

  /**
   * Some of the pairs that were read last, in their order.
   * @param limit `null` for all
   * @param seed the same seed draws the same pairs, and a larger subset holds the smaller
   */
  async draw(limit: number | null, seed: number): Promise<DrawnPairs> {
    if (this.#read === null) throw new Error('No pairs have been read.');
    const all = this.#read.pairs;
    const drawn = new Set(draw(all, ({ line }) => String(line), limit ?? all.length, seed));
    const pairs = all.filter((pair) => drawn.has(pair));
    const text = JSON.stringify(pairs.map(({ source, target }) => [source, target]));
    return { pairs, sha256: await sha256(new TextEncoder().encode(text)) };
  }

  #keep(name: string, read: NamedPairs): PairSummary {
    this.#read = read;
    const { source, target, pairs, malformed } = read;
    return {
      ...{ name, source, target, pairs: pairs.length, first: pairs.slice(0, shownPairs) },
      malformedLines: malformed.length,
      malformed: malformed.slice(0, mostMalformed),
    };
  }
}

function known(tag: string): TatoebaLanguage {
  const language = tatoebaLanguage(tag);
  if (language) return language;
  throw new LinguaLiftError(
    'no-language',
    `${tatoeba.name}, has no pairs in ${tag}. Choose another language or bring files of your own.`,
  );
}
