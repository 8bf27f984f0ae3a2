// What a run of the bench found, and how it reads in a terminal.
import type { AdapterKind } from '../src/wgsl/profile.ts';
import type { StepTiming } from './step.ts';
import type { Timing } from './timing.ts';

export interface Comparison {
  label: string;
  /** Of one run. */
  flops: number;
  /** Ours first. */
  timings: Timing[];
  /** Contenders that computed something else and were not timed. */
  differing: string[];
}

export interface Report {
  adapter: string;
  kind: AdapterKind;
  matmul: Comparison[];
  block: Comparison;
  step: StepTiming;
}

/** The report as text: milliseconds, GFLOP/s of ours, and how many times faster ours is than each. */
export function describeReport({ adapter, kind, matmul, block, step }: Report): string {
  const phases = Object.entries(step.phases).map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
  return [
    `Adapter: ${adapter} (${kind})`,
    ...[...matmul, block].map(describeComparison),
    `stage-1 step, embedded bundle: ${step.examples} examples, ${step.tokens} tokens, ${(step.bytes / 2 ** 20).toFixed(1)} MiB`,
    `  ${step.tokensPerSecond.toFixed(0)} tokens/s; ms by phase: ${phases.join(', ')}`,
    `  losses ${step.losses.map((loss) => loss.toFixed(3)).join(' ')}`,
  ].join('\n');
}

function describeComparison({ label, flops, timings, differing }: Comparison): string {
  const [ours, ...others] = timings;
  if (!ours) return label;
  const rate = flops / ours.milliseconds / 1e6;
  const ratios = others.map(
    ({ name, milliseconds }) =>
      `  ${name.padEnd(16)} ${milliseconds.toFixed(2).padStart(9)} ms   ours ${(milliseconds / ours.milliseconds).toFixed(2)}x as fast`,
  );
  return [
    label,
    `  ${ours.name.padEnd(16)} ${ours.milliseconds.toFixed(2).padStart(9)} ms   ${rate.toFixed(1)} GFLOP/s`,
    ...ratios,
    ...differing.map((name) => `  ${name} computed something else`),
  ].join('\n');
}
