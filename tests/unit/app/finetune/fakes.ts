// A training service that tests drive by hand: it answers at once, and tells what it is told to tell.
import type { TrainingService } from '../../../../src/app/finetune/training.svelte.ts';
import { configOf, draftOf } from '../../../../src/app/finetune/draft.ts';
import type { CodeSwitchSettings } from '../../../../src/lexicon/codeSwitch.ts';
import type {
  Estimate,
  EvaluationEvent,
  NewRun,
  RunData,
  RunSummary,
  StepEvent,
  TrainingEvent,
} from '../../../../workers/training-protocol.ts';

export const switching: CodeSwitchSettings = {
  sentenceRatio: 1,
  tokenRatio: [0.4, 1],
  polysemy: 'first',
  seed: 1,
};

export const config = configOf(draftOf('stage1', 'quick', 3000), switching);
export const data: RunData = { sentences: [], lists: [], development: [] };
export const made: NewRun = { config, data, imported: null };

export const estimate: Estimate = {
  bytes: 84_000_000,
  trainedParameters: 200_000,
  frozenParameters: 2_700_000,
  positions: 96,
  positionsPerStep: 3072,
  flopsPerStep: 1.4e10,
  adapter: 'fake',
  software: false,
};

export function summary(id: string, changes: Partial<RunSummary> = {}): RunSummary {
  return {
    id,
    name: `Run ${id}`,
    created: '2026-11-21T20:00:00Z',
    bundle: { id: 'fake', revision: '0123456789ab', encoder: 'encoder', llm: 'llm' },
    config,
    languages: ['eo'],
    status: 'paused',
    error: null,
    curve: [],
    evaluations: [],
    ...changes,
  };
}

export function stepAt(step: number, changes: Partial<StepEvent> = {}): StepEvent {
  return {
    step,
    loss: 2,
    gradientNorm: 1,
    learningRate: 2e-3,
    tokens: 1000,
    passedOver: 0,
    milliseconds: 500,
    phases: { encode: 100, forward: 400 },
    ...changes,
  };
}

export function measured(step: number, right: number, items = 20): EvaluationEvent {
  return { step, scores: { eo: { right, items } }, samples: [] };
}

export class FakeService implements TrainingService {
  readonly calls: string[] = [];
  stored: RunSummary[] = [];
  /** Thrown by the call of this name. */
  refusals: Partial<Record<keyof TrainingService, Error>> = {};
  readonly tell: (event: TrainingEvent) => void;

  constructor(tell: (event: TrainingEvent) => void) {
    this.tell = tell;
  }

  open = () => this.#answer('open', undefined);
  estimate = () => this.#answer('estimate', estimate);
  start = (name: string) => this.#answer('start', summary('new', { name, status: 'running' }));
  resume = (run: string) =>
    this.#answer('resume', summary(run, { status: 'running', curve: [stepAt(1)] }));
  singleStep = () => this.#answer('singleStep', undefined);
  pause = () => this.#answer('pause', undefined);
  finish = () => this.#answer('finish', undefined);
  list = () => this.#answer('list', { runs: this.stored, damaged: [] });
  rename = () => this.#answer('rename', undefined);
  delete = () => this.#answer('delete', undefined);
  export = () => this.#answer('export', []);

  #answer<Result>(name: keyof TrainingService, result: Result): Promise<Result> {
    this.calls.push(name);
    const refusal = this.refusals[name];
    return refusal ? Promise.reject(refusal) : Promise.resolve(result);
  }
}
