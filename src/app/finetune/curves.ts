// From the steps of a run to what is drawn and shown of them.
import type { EvaluationEvent, StepEvent } from '../../../workers/training-protocol.ts';
import { wilson } from '../../evaluate/statistics/wilson.ts';

/** Weight of the past in a smoothed curve: about the last ten steps count. */
const memory = 0.9;

/** A curve without its jitter: an exponential mean that does not lean towards its start (as in TensorBoard). */
export function smooth(values: readonly number[]): number[] {
  let mean = 0;
  let weight = 0;
  return values.map((value) => {
    mean = memory * mean + (1 - memory) * value;
    weight = memory * weight + (1 - memory);
    return mean / weight;
  });
}

/** At most `most` of the points, evenly spread, the last one among them. */
export function thin<Point>(points: readonly Point[], most: number): Point[] {
  const stride = Math.ceil(points.length / most);
  return points.filter((_, index) => (points.length - 1 - index) % stride === 0);
}

export interface Phase {
  name: string;
  milliseconds: number;
}

/** Mean milliseconds of each phase over the last steps, in the order in which they come. */
export function meanPhases(curve: readonly StepEvent[], last = 20): Phase[] {
  const steps = curve.slice(-last);
  const names = [...new Set(steps.flatMap(({ phases }) => Object.keys(phases)))];
  return names.map((name) => ({
    name,
    milliseconds: steps.reduce((sum, { phases }) => sum + (phases[name] ?? 0), 0) / steps.length,
  }));
}

/** Tokens a second over the last steps; 0 before the first. */
export function tokenRate(curve: readonly StepEvent[], last = 20): number {
  const steps = curve.slice(-last);
  const milliseconds = steps.reduce((sum, step) => sum + step.milliseconds, 0);
  const tokens = steps.reduce((sum, step) => sum + step.tokens, 0);
  return milliseconds === 0 ? 0 : (1000 * tokens) / milliseconds;
}

/** Steps after which a step's time is known well enough: the first one still builds its kernels. */
const stepsBeforeForecast = 2;

/**
 * Milliseconds that are left, measurements included, or `null` while too little is known.
 * @param evaluationMs how long the last measurement took, 0 if none was timed
 */
export function remainingMs(
  curve: readonly StepEvent[],
  { steps, evaluateEvery }: { steps: number; evaluateEvery: number },
  evaluationMs: number,
): number | null {
  if (curve.length < stepsBeforeForecast) return null;
  const taken = curve.at(-1)?.step ?? 0;
  const evaluations = Math.ceil(steps / evaluateEvery) - Math.floor(taken / evaluateEvery);
  const recent = curve
    .slice(-Math.min(20, curve.length - 1))
    .map(({ milliseconds }) => milliseconds);
  return median(recent) * (steps - taken) + evaluationMs * Math.max(0, evaluations);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? 0) + (sorted[(sorted.length - 1) >> 1] ?? 0)) / 2;
}

/** Right answers of one language at one time. */
export interface AccuracyPoint {
  step: number;
  lang: string;
  right: number;
  items: number;
  accuracy: number;
  /** 95 % interval. */
  low: number;
  high: number;
}

/** Every measurement of every language. */
export function accuracyPoints(evaluations: readonly EvaluationEvent[]): AccuracyPoint[] {
  return evaluations.flatMap(({ step, scores }) =>
    Object.entries(scores).map(([lang, { right, items }]) => {
      const [low, high] = wilson(right, items);
      return { step, lang, right, items, accuracy: right / Math.max(1, items), low, high };
    }),
  );
}

/** First and latest measurement of a language. */
export interface Progress {
  lang: string;
  before: AccuracyPoint;
  now: AccuracyPoint;
}

export function progressOf(evaluations: readonly EvaluationEvent[]): Progress[] {
  const points = accuracyPoints(evaluations);
  return [...new Set(points.map(({ lang }) => lang))].flatMap((lang) => {
    const own = points.filter((point) => point.lang === lang);
    const [before] = own;
    const now = own.at(-1);
    return before && now ? [{ lang, before, now }] : [];
  });
}
