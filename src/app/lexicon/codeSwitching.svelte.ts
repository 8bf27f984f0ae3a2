// The code-switching panel: its settings, how often each list is drawn, and what they make of some sentences.
import { createContext } from 'svelte';
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { CodeSwitchSettings, Polysemy } from '../../lexicon/codeSwitch.ts';
import type { PreviewSentence } from '../../../workers/lexicon-protocol.ts';
import type { Lexicons } from './lexicons.svelte.ts';

/** CoSDA-ML's ratios reach from 0.4 to 1; all sentences and most words are what worked best there. */
const defaults: CodeSwitchSettings = {
  sentenceRatio: 1,
  tokenRatio: [0.4, 1],
  polysemy: 'first',
  seed: 1,
};

/** The choice among several translations, as people see it. */
export const polysemyItems: readonly { value: Polysemy; name: string }[] = [
  { value: 'first', name: 'Preferred' },
  { value: 'random', name: 'Any' },
];

/** How often a list is drawn that nobody has set a weight for. */
const defaultWeight = 1;

export class CodeSwitching {
  settings: CodeSwitchSettings = $state.raw(defaults);
  /** `null` before the first one. */
  preview: PreviewSentence[] | null = $state.raw(null);
  error: LinguaLiftError | null = $state.raw(null);

  readonly #lexicons: Lexicons;
  #weights: Readonly<Record<string, number>> = $state.raw({});
  #working = false;
  #stale = false;

  constructor(lexicons: Lexicons) {
    this.#lexicons = lexicons;
  }

  /** How often a list is drawn, relative to the others; 0 leaves it out. */
  weightOf(id: string): number {
    return this.#weights[id] ?? defaultWeight;
  }

  setWeight(id: string, weight: number): void {
    this.#weights = { ...this.#weights, [id]: weight };
  }

  set(change: Partial<CodeSwitchSettings>): void {
    this.settings = { ...this.settings, ...change };
  }

  /** The lists that take part. */
  get weights(): { id: string; weight: number }[] {
    return (this.#lexicons.lists ?? [])
      .filter(({ entries }) => entries > 0)
      .map(({ id }) => ({ id, weight: this.weightOf(id) }))
      .filter(({ weight }) => weight > 0);
  }

  /**
   * Makes the preview that fits settings and lists as they are. A slider asks faster than a long list can be
   * switched: while one preview is made, only the latest wish is kept.
   */
  async refresh(): Promise<void> {
    this.#stale = true;
    if (this.#working) return;
    this.#working = true;
    while (this.#stale) {
      this.#stale = false;
      await this.#make();
    }
    this.#working = false;
  }

  async #make(): Promise<void> {
    const { settings, weights } = this;
    if (weights.length === 0) {
      this.preview = null;
      this.error = null;
      return;
    }
    try {
      this.preview = await this.#lexicons.ask('preview', { settings, weights });
      this.error = null;
    } catch (thrown) {
      this.error = LinguaLiftError.from(thrown);
    }
  }
}

/** The seed that a person typed, or `null` for what is none. */
export function readSeed(text: string): number | null {
  const seed = Number(text.trim());
  return text.trim() !== '' && Number.isSafeInteger(seed) && seed >= 0 ? seed : null;
}

export const [getCodeSwitching, setCodeSwitching] = createContext<CodeSwitching>();
