// Which sentence pairs are searched: where they come from, how many of them. The pairs themselves stay in the
// evaluation worker until a search draws from them.
import type { BundleManifest } from '../../../bundle/manifest.ts';
import { LinguaLiftError } from '../../../bundle/errors.ts';
import { mostPairs } from '../../../evaluate/retrieval/retrieve.ts';
import type { PairSet, PairSummary } from '../../../../workers/evaluation-protocol.ts';
import type { EvaluationService } from '../evaluations.svelte.ts';
import { Reads } from '../reads.svelte.ts';

/** Where pairs come from. */
export type PairOrigin = 'published' | 'own';

/** Fewer have no neighbours to be mistaken for. */
export const fewestPairs = 2;

export class PairChoice {
  /** `null` until the worker has told. */
  set: PairSet | null = $state.raw(null);
  origin: PairOrigin = $state('published');
  readonly read = new Reads<PairSummary>();
  /** Tag of the published language; `null` until one is chosen. */
  picked: string | null = $state(null);
  /** How many pairs are drawn; `null` for all. */
  limit: number | null = $state(200);
  seed = $state(1);

  readonly #ask: EvaluationService['call'];

  constructor(ask: EvaluationService['call']) {
    this.#ask = ask;
  }

  async load(): Promise<void> {
    if (this.set !== null) return;
    try {
      this.set = await this.#ask('pairSet', {});
    } catch (thrown) {
      this.read.error = LinguaLiftError.from(thrown);
    }
  }

  chooseOrigin(origin: PairOrigin): void {
    if (origin === this.origin) return;
    this.read.clear();
    this.origin = origin;
  }

  chooseLanguage(tag: string): void {
    if (tag === this.picked) return;
    this.read.clear();
    this.picked = tag;
  }

  /** The published languages: those that the models know first, each part in the order of the set. */
  languages(manifest: BundleManifest | null): PairSet['languages'] {
    const all = this.set?.languages ?? [];
    const isKnown = ({ tag }: { tag: string }) =>
      manifest?.languages.some(({ code }) => code === tag) ?? false;
    return [...all.filter(isKnown), ...all.filter((language) => !isKnown(language))];
  }

  /** The chosen published language, or the first that the models know. */
  language(manifest: BundleManifest | null): PairSet['languages'][number] | null {
    const languages = this.languages(manifest);
    return languages.find(({ tag }) => tag === this.picked) ?? languages[0] ?? null;
  }

  /** Reads a published language, from this device or from its home. */
  async fetch(tag: string): Promise<void> {
    this.picked = tag;
    await this.read.read(async (options) => {
      const pairs = await this.#ask('fetchPairs', { tag }, options);
      this.set = await this.#ask('pairSet', {});
      return pairs;
    });
  }

  /** Takes a published language off this device. */
  async forget(tag: string): Promise<void> {
    this.set = await this.#ask('forgetPairs', { tag });
    this.read.clear();
  }

  /** Reads a person's own files. */
  async open(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    this.origin = 'own';
    const named = files.map((file) => ({ name: file.name, file }));
    await this.read.read((options) => this.#ask('openPairs', { files: named }, options));
  }

  /** Says which language a side of the pairs is in. */
  name(side: 'source' | 'target', tag: string): void {
    if (this.read.value) this.read.value = { ...this.read.value, [side]: tag };
  }

  /** How many pairs a search takes. */
  get count(): number {
    return Math.min(this.limit ?? Infinity, this.read.value?.pairs ?? 0);
  }

  /** What keeps a search from starting, as sentences. */
  get problems(): string[] {
    const { limit, seed, count } = this;
    const isRead = this.read.value !== null;
    const isDrawn = limit === null || (Number.isInteger(limit) && limit >= fewestPairs);
    const faults: [boolean, string][] = [
      [!isRead, 'No sentence pairs have been read yet.'],
      [!isDrawn, `Pairs: a whole number from ${fewestPairs}.`],
      [isRead && isDrawn && count < fewestPairs, 'There are too few pairs to search.'],
      [
        isRead && count > mostPairs,
        `At most ${mostPairs} pairs are searched at once: choose a subset.`,
      ],
      [limit !== null && !(Number.isInteger(seed) && seed >= 0), 'Seed: a whole number from 0.'],
    ];
    return faults.flatMap(([isFault, sentence]) => (isFault ? [sentence] : []));
  }
}
