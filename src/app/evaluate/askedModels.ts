// The models as runs need them: what they are, what they answer, and whether they compute the same on WebAssembly.
// They are those of Ask, which is answered beside.
import { LinguaLiftError } from '../../bundle/errors.ts';
import { checkModels } from '../../evaluate/newRun.ts';
import type { ModelFacts, RunConfig, SelfCheck } from '../../evaluate/record.ts';
import type { AskedOutcome, EvaluationEvent } from '../../../workers/evaluation-protocol.ts';
import { selfCheck, startWasmClient, type CheckedItem } from '../../../workers/self-check.ts';
import type { Models } from '../models/models.svelte.ts';
import { modelFacts } from './facts.ts';

type AskEvent = Extract<EvaluationEvent, { type: 'ask' }>;

export interface AskedModelsParts {
  /** Absolute address of the bundle's `bundle.json`. */
  bundleUrl: string;
  models: Models;
  /** Gives a client with the same models on WebAssembly. */
  startWasm?: typeof startWasmClient;
}

export class AskedModels {
  readonly #parts: AskedModelsParts;
  /** What breaks off the questions that are being answered, by `ask`. */
  readonly #asked = new Map<number, AbortController>();
  #check: AbortController | null = null;

  constructor(parts: AskedModelsParts) {
    this.#parts = parts;
  }

  /** What the loaded models are, as soon as they are. */
  async facts(): Promise<ModelFacts> {
    const { models } = this.#parts;
    models.ensure();
    await models.whenReady();
    const { bundle, learned } = models;
    if (bundle) return modelFacts(bundle, learned);
    throw new LinguaLiftError('not-loaded', 'The models are being loaded again. Try it once more.');
  }

  /**
   * Answers what a run asks.
   * @param expected the models that the run asked before, if any
   * @returns `null` when the questions were taken back meanwhile: nobody waits for the answers then
   * @throws LinguaLiftError `other-models` when they are others than `expected`, or why the models failed
   */
  async answer(
    { ask, questions, options }: AskEvent,
    expected: ModelFacts | null,
  ): Promise<AskedOutcome[] | null> {
    const { models } = this.#parts;
    const taken = new AbortController();
    const { signal } = taken;
    this.#asked.set(ask, taken);
    try {
      const facts = await this.facts();
      if (expected) checkModels(expected, facts);
      const client = await models.whenReady();
      if (signal.aborted) return null;
      const running = client.answerAll(questions, options, () => undefined);
      signal.addEventListener('abort', running.stop);
      const outcomes = await running.promise;
      if (signal.aborted) return null;
      return outcomes.map((outcome) =>
        outcome instanceof LinguaLiftError ? outcome.toData() : outcome,
      );
    } catch (thrown) {
      const error = LinguaLiftError.from(thrown);
      // A crash is the models' trouble too: it is shown there as well.
      if (error.code === 'worker-crashed') models.fail(error);
      if (signal.aborted) return null;
      throw error;
    } finally {
      // After a crash of the evaluation worker the next one counts from 1 again.
      if (this.#asked.get(ask) === taken) this.#asked.delete(ask);
    }
  }

  /** Takes questions back. */
  takeBack(ask: number): void {
    this.#asked.get(ask)?.abort();
  }

  /** Takes back whatever was asked. */
  takeBackAll(): void {
    for (const taken of this.#asked.values()) taken.abort();
  }

  /**
   * Answers a few items on WebAssembly too.
   * @returns `null` when it was skipped
   * @throws LinguaLiftError when one of the two cannot answer
   */
  async check(
    { calculator, maxNewTokens }: RunConfig,
    items: readonly CheckedItem[],
  ): Promise<SelfCheck | null> {
    const { models, bundleUrl, startWasm = startWasmClient } = this.#parts;
    const check = new AbortController();
    this.#check = check;
    const replacement = models.learned?.replacement ?? null;
    try {
      const client = await models.whenReady();
      const options = { calculator, maxNewTokens };
      const start = () => startWasm(bundleUrl, replacement);
      return await selfCheck(client, start, items, options, check.signal);
    } catch (thrown) {
      if (check.signal.aborted) return null;
      throw thrown;
    } finally {
      this.#check = null;
    }
  }

  /** Skips the check that is under way. */
  skipCheck(): void {
    this.#check?.abort();
  }
}
