// One run as the page follows it: what the worker told of it, growing step by step.
import type {
  Estimate,
  EvaluationEvent,
  RunConfig,
  RunStatus,
  RunSummary,
  StepEvent,
} from '../../../workers/training-protocol.ts';
import type { ErrorData } from '../../bundle/errors.ts';
import { remainingMs } from './curves.ts';

export class Run {
  readonly id: string;
  /** ISO 8601. */
  readonly created: string;
  readonly config: RunConfig;
  readonly bundle: RunSummary['bundle'];
  /** BCP 47 tags of its word lists. */
  readonly languages: readonly string[];
  name = $state('');
  status: RunStatus = $state('paused');
  /** Why it stopped by itself. */
  error: ErrorData | null = $state.raw(null);
  curve: readonly StepEvent[] = $state.raw([]);
  evaluations: readonly EvaluationEvent[] = $state.raw([]);
  /** What it takes, where it was started in this visit. */
  estimate: Estimate | null = $state.raw(null);
  #evaluationMs = $state(0);
  /** When the last step was noted. */
  #steppedAt: number | null = null;

  constructor(summary: RunSummary) {
    const { id, created, config, bundle, languages } = summary;
    this.id = id;
    this.created = created;
    this.config = config;
    this.bundle = bundle;
    this.languages = languages;
    this.update(summary);
  }

  /** Steps that have been taken. */
  get steps(): number {
    return this.curve.at(-1)?.step ?? 0;
  }

  get totalSteps(): number {
    return this.config.settings.steps;
  }

  /** Milliseconds that are left, or `null` while that cannot be said. */
  get remainingMs(): number | null {
    const { settings, evaluateEvery } = this.config;
    return remainingMs(this.curve, { steps: settings.steps, evaluateEvery }, this.#evaluationMs);
  }

  /** Takes over what the worker knows: it may have gone back to a checkpoint. */
  update({ name, status, error, curve, evaluations }: RunSummary): void {
    this.name = name;
    this.status = status;
    this.error = error;
    this.curve = curve;
    this.evaluations = evaluations;
    this.#steppedAt = null;
  }

  /** Notes a step. @param now milliseconds of any clock */
  step(event: StepEvent, now = performance.now()): void {
    this.curve = [...this.curve.filter(({ step }) => step < event.step), event];
    this.#steppedAt = now;
  }

  /** Notes a measurement; what passed since the last step is what it took. */
  evaluation(event: EvaluationEvent, now = performance.now()): void {
    this.evaluations = [...this.evaluations.filter(({ step }) => step < event.step), event];
    if (this.#steppedAt !== null) this.#evaluationMs = now - this.#steppedAt;
  }
}
