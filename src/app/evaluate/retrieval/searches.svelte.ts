// The searches of this visit: which one goes on, and what each has found. One instance is made in App.svelte and
// handed down by context, so a search goes on when another room is opened. What was found over the same pairs
// stands side by side: before and after a stage, with one bridge and with another.
import { createContext } from 'svelte';
import type { StatesName } from '../../../bridge/types.ts';
import { LinguaLiftError } from '../../../bundle/errors.ts';
import type { SentencePair } from '../../../evaluate/retrieval/pairs.ts';
import type { Retrieval } from '../../../evaluate/retrieval/retrieve.ts';
import type { ModelFacts } from '../../../evaluate/record.ts';
import type { DrawnPairs, PairSummary } from '../../../../workers/evaluation-protocol.ts';
import type { Running } from '../../../../workers/inference-client.ts';
import type { Models } from '../../models/models.svelte.ts';
import type { EvaluationService } from '../evaluations.svelte.ts';
import { modelFacts } from '../facts.ts';
import { PairChoice } from './pairChoice.svelte.ts';
import { offeredStates, statesLabel } from './states.ts';

/** `k` of the margin, as in the paper (Artetxe & Schwenk 2019). */
const neighbours = 4;

/** What one search with one kind of states found. */
export interface Found {
  id: number;
  /** What its states are called. */
  label: string;
  models: ModelFacts;
  retrieval: Retrieval;
}

/** All that was found over the same pairs. */
export interface FoundGroup {
  /** Hash of the pairs, and their languages. */
  key: string;
  name: string;
  /** BCP 47 tags. */
  source: string;
  target: string;
  /** `null` where all pairs were searched. */
  seed: number | null;
  pairs: readonly SentencePair[];
  found: readonly Found[];
}

export interface SearchProgress {
  /** The states whose sentences are read. */
  label: string;
  /** Sentences read, of all with these states. */
  done: number;
  total: number;
  /** Of the whole search, 0 to 1. */
  share: number;
}

export class Searches {
  readonly choice: PairChoice;
  /** Whether the room shows the searches in place of the runs. */
  isOpen = $state(false);
  /** States that are left out; all others that the bundle has are searched. */
  without: readonly StatesName[] = $state.raw([]);
  /** The latest first. */
  groups: readonly FoundGroup[] = $state.raw([]);
  /** Of the search that goes on; `null` where none does. */
  progress: SearchProgress | null = $state.raw(null);
  error: LinguaLiftError | null = $state.raw(null);
  /** Key of the group whose pictures are shown. */
  lookedAt: string | null = $state(null);

  readonly #models: Models;
  readonly #ask: EvaluationService['call'];
  #running: Running<Retrieval> | null = null;
  #isStopped = false;
  #nextId = 1;

  constructor(models: Models, ask: EvaluationService['call']) {
    this.#models = models;
    this.#ask = ask;
    this.choice = new PairChoice(ask);
  }

  toggleStates(states: StatesName): void {
    this.without = this.without.includes(states)
      ? this.without.filter((other) => other !== states)
      : [...this.without, states];
  }

  /** The states that are searched, of those that the loaded bundle has. */
  get states(): StatesName[] {
    const { bundle, learned } = this.#models;
    if (bundle === null) return [];
    return offeredStates(bundle.manifest, learned !== null).filter(
      (states) => !this.without.includes(states),
    );
  }

  /** What keeps a search from starting, as sentences. */
  get problems(): string[] {
    const hasNone = this.#models.bundle !== null && this.states.length === 0;
    return [...this.choice.problems, ...(hasNone ? ['Choose states to compare.'] : [])];
  }

  /**
   * Searches the pairs that were read last with each of the chosen states. Never rejects: `error` tells. Whether
   * all of it was done.
   */
  async start(): Promise<boolean> {
    const { value: summary } = this.choice.read;
    if (summary === null || this.progress !== null) return false;
    const { limit, seed } = this.choice;
    const { states } = this;
    this.error = null;
    this.#isStopped = false;
    this.progress = { label: '', done: 0, total: 0, share: 0 };
    try {
      const drawn = await this.#ask('drawPairs', { limit, seed });
      const group = groupOf(summary, drawn, seed);
      for (const [place, one] of states.entries()) {
        const found = await this.#search(one, drawn, (done, total, label) => {
          this.progress = { label, done, total, share: (place + done / total) / states.length };
        });
        this.#add(group, found);
      }
      return true;
    } catch (thrown) {
      const error = LinguaLiftError.from(thrown);
      // A crash is the models' trouble too: it is shown there as well.
      if (error.code === 'worker-crashed') this.#models.fail(error);
      if (!this.#isStopped) this.error = error;
      return false;
    } finally {
      this.progress = null;
      this.#running = null;
    }
  }

  /** Stops the search that goes on. What it has found so far stays. */
  stop(): void {
    this.#isStopped = true;
    this.#running?.stop();
  }

  remove(key: string, id: number): void {
    this.groups = this.groups
      .map((group) =>
        group.key === key
          ? { ...group, found: group.found.filter((found) => found.id !== id) }
          : group,
      )
      .filter(({ found }) => found.length > 0);
  }

  async #search(
    states: StatesName,
    { pairs }: DrawnPairs,
    onProgress: (done: number, total: number, label: string) => void,
  ): Promise<Found> {
    const client = await this.#models.whenReady();
    const { bundle, learned } = this.#models;
    if (this.#isStopped) throw new LinguaLiftError('cancelled', 'The search was stopped.');
    if (bundle === null) {
      throw new LinguaLiftError('not-loaded', 'The models are being loaded. Search again then.');
    }
    const label = statesLabel(states, learned);
    onProgress(0, 2 * pairs.length, label);
    const sentences = pairs.map(({ source, target }) => ({ source, target }));
    const running = client.retrieve({ pairs: sentences, states, neighbours }, ({ done, total }) =>
      onProgress(done, total, label),
    );
    this.#running = running;
    const retrieval = await running.promise;
    return { id: this.#nextId++, label, retrieval, models: await modelFacts(bundle, learned) };
  }

  /** Puts a result beside the others over the same pairs; one of the same states and models takes its old place. */
  #add(empty: FoundGroup, found: Found): void {
    const group = this.groups.find(({ key }) => key === empty.key) ?? empty;
    const others = group.found.filter((other) => identityOf(other) !== identityOf(found));
    const grown = { ...group, found: [...others, found] };
    this.groups = [grown, ...this.groups.filter(({ key }) => key !== group.key)];
    this.lookedAt = group.key;
  }
}

function groupOf(
  { name, source, target, pairs: read }: PairSummary,
  { pairs, sha256 }: DrawnPairs,
  seed: number,
): FoundGroup {
  const key = `${source} ${target} ${sha256}`;
  const isDrawn = pairs.length < read;
  return { key, name, source, target, seed: isDrawn ? seed : null, pairs, found: [] };
}

/** Results with the same identity are the same, however often they are computed. */
function identityOf({ retrieval, models }: Found): string {
  return JSON.stringify([retrieval.states, models]);
}

export const [getSearches, setSearches] = createContext<Searches>();
