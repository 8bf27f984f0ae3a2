// Carries a run from step to step: evaluates, notes, writes down where it stands, stops when it is told to or
// when something fails. Knows neither worker nor browser: its parts are handed in.
//
// In memory the run is always ahead of the store by the steps since the last checkpoint. All that is drawn or
// computed comes from the checkpoint, so what a dead tab took with it is computed once more, to the same numbers.
import { LinguaLiftError, type ErrorData } from '../bundle/errors.ts';
import { checkBridge, type Checkpoint, type TrainedBridge } from './checkpoint.ts';
import { errorData } from './errorData.ts';
import type { EvaluationEvent, RunStatus, RunSummary, StepEvent } from './run.ts';
import type { RunStore } from './runs.ts';
import type { StageRun, StepRecord } from './stageRun.ts';
import type { PhaseTimer } from './stepper.ts';
import type { Trainer } from './trainer.ts';

export type RunnerEvent =
  | { type: 'step'; event: StepEvent }
  | { type: 'evaluation'; event: EvaluationEvent }
  | { type: 'status'; status: RunStatus; error: ErrorData | null };

export interface RunnerParts {
  trainer: Pick<Trainer, 'steps' | 'state' | 'restore'>;
  /** At the beginning of the data. */
  stage: Pick<StageRun, 'position' | 'restore'>;
  /** Takes the next step of the stage; `time` gets the milliseconds of every phase. */
  takeStep(time: PhaseTimer): Promise<StepRecord>;
  /** What the checkpoints are good for. */
  bridge: TrainedBridge;
  store: Pick<RunStore, 'saveSummary' | 'saveCheckpoint'>;
  /**
   * Asks the development problems with the weights as they are.
   * @returns `null` when `signal` said stop before all were asked, or when there are none
   */
  evaluate(step: number, signal: AbortSignal): Promise<EvaluationEvent | null>;
  emit(event: RunnerEvent): void;
}

/** After these the same run can go on as it is; after any other error something has to be put right first. */
const passingErrors: ReadonlySet<string> = new Set([
  'not-finite',
  'device-lost',
  'storage-full',
  'unexpected',
]);

export class Runner {
  readonly #parts: RunnerParts;
  #run: RunSummary;
  /** Steps of the last checkpoint; none was written before the first. */
  #written: number | null;
  #isGoing = false;
  #stop = new AbortController();
  #work: Promise<void> = Promise.resolve();

  /**
   * @param run with the curve up to the checkpoint
   * @param checkpoint where to go on, `null` to begin
   * @throws TrainError `other-checkpoint` or `bad-weights` when it is not one of this run
   */
  constructor(parts: RunnerParts, run: RunSummary, checkpoint: Checkpoint | null) {
    this.#parts = parts;
    this.#run = run;
    this.#written = checkpoint && checkpoint.state.steps;
    if (!checkpoint) return;
    checkBridge(checkpoint, parts.bridge);
    parts.trainer.restore(checkpoint.state);
    parts.stage.restore(checkpoint);
  }

  /** The run as it is now. */
  get run(): RunSummary {
    return this.#run;
  }

  /**
   * Goes on, in the background, once what is going has come to rest. Does nothing while the run is going on.
   * @param most steps to take before it pauses by itself
   * @throws LinguaLiftError `run-done` when the run is over
   */
  async start(most = Infinity): Promise<void> {
    if (this.#isGoing && !this.#stop.signal.aborted) return;
    await this.#work;
    if (this.#isGoing) return;
    if (this.#run.status === 'done') {
      throw new LinguaLiftError('run-done', 'This run is over. Start a new one from its result.');
    }
    this.#isGoing = true;
    this.#stop = new AbortController();
    this.#become('running', null);
    this.#work = this.#go(most, this.#stop.signal);
  }

  /** Resolves when the run is at rest: paused, done or failed. */
  get atRest(): Promise<void> {
    return this.#work;
  }

  /** Takes the step that has begun to its end, writes down where the run stands, and rests. */
  async pause(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  /**
   * Ends the run where it is.
   * @throws LinguaLiftError `storage-full`; the run is then paused
   */
  async finish(): Promise<void> {
    await this.pause();
    if (this.#run.status === 'done') return;
    await this.#writeCheckpoint();
    await this.#rest('done', null);
  }

  /** Gives the run another name. */
  async rename(name: string): Promise<void> {
    this.#run = { ...this.#run, name };
    await this.#parts.store.saveSummary(this.#run);
  }

  async #go(most: number, signal: AbortSignal): Promise<void> {
    const { trainer, store } = this.#parts;
    const { settings, checkpointEvery } = this.#run.config;
    try {
      await store.saveSummary(this.#run);
      await this.#evaluate(signal);
      for (let taken = 0; taken < most && trainer.steps < settings.steps; taken++) {
        if (signal.aborted) break;
        await this.#step();
        await this.#evaluate(signal);
        if (trainer.steps % checkpointEvery === 0) await this.#writeCheckpoint();
      }
      await this.#writeCheckpoint();
      await this.#rest(this.#isOver() ? 'done' : 'paused', null);
    } catch (thrown) {
      await this.#fail(errorData(thrown));
    } finally {
      this.#isGoing = false;
    }
  }

  async #step(): Promise<void> {
    const { takeStep, emit } = this.#parts;
    const phases: Record<string, number> = {};
    const record = await takeStep((phase, milliseconds) => {
      phases[phase] = (phases[phase] ?? 0) + milliseconds;
    });
    const event = { ...record, phases };
    this.#run = { ...this.#run, curve: [...this.#run.curve, event] };
    emit({ type: 'step', event });
  }

  /** Before the first step, every so many, and after the last; not twice at the same one. */
  async #evaluate(signal: AbortSignal): Promise<void> {
    const { trainer, evaluate, emit } = this.#parts;
    if (!this.#isDue() || signal.aborted) return;
    const event = await evaluate(trainer.steps, signal);
    if (event === null) return;
    this.#run = { ...this.#run, evaluations: [...this.#run.evaluations, event] };
    emit({ type: 'evaluation', event });
  }

  #isDue(): boolean {
    const { steps } = this.#parts.trainer;
    const { evaluateEvery, settings } = this.#run.config;
    if (this.#run.evaluations.some(({ step }) => step === steps)) return false;
    return steps % evaluateEvery === 0 || steps === settings.steps;
  }

  /** All steps are taken; a pause may have come before the evaluation after the last. */
  #isOver(): boolean {
    if (this.#parts.trainer.steps < this.#run.config.settings.steps) return false;
    return !this.#stop.signal.aborted || !this.#isDue();
  }

  async #writeCheckpoint(): Promise<void> {
    const { trainer, stage, bridge, store } = this.#parts;
    if (this.#written === trainer.steps) return;
    const state = await trainer.state();
    const { id, config } = this.#run;
    await store.saveCheckpoint(this.#run, {
      ...{ bridge, state, ...stage.position },
      config: { run: id, ...config },
    });
    this.#written = state.steps;
  }

  /** Stops with the reason. The store may be what failed, so that it takes the news is only hoped for. */
  async #fail(error: ErrorData): Promise<void> {
    const status = passingErrors.has(error.code) ? 'paused' : 'failed';
    await this.#rest(status, error).catch(() => undefined);
  }

  async #rest(status: RunStatus, error: ErrorData | null): Promise<void> {
    this.#become(status, error);
    await this.#parts.store.saveSummary(this.#run);
  }

  #become(status: RunStatus, error: ErrorData | null): void {
    this.#run = { ...this.#run, status, error };
    this.#parts.emit({ type: 'status', status, error });
  }
}
