// What an LLM remembers of the texts it reads side by side: keys and values of every position.
//
// Rows are padded on the right, behind their prompts. GroupQueryAttention wants it so: it counts the ones of a row's
// mask, takes that many positions from the start, and puts a new token right behind them, over the padding. Graphs
// that append to the cache instead leave a gap, which the same mask covers; they ask for `position_ids`.
import type { Tensor } from 'onnxruntime-common';
import type { Runtime } from './session.ts';

export interface KeyValueCache {
  /** Row by row, which positions hold a token: 1, or 0 for padding. All rows are equally long. */
  mask: readonly (readonly number[])[];
  /** [B, heads, length, head size] each, by the input that takes it. */
  past: Readonly<Record<string, Tensor>>;
}

/** Tokens that a row has read. */
export function readBy(mask: readonly number[]): number {
  return mask.reduce((sum, isThere) => sum + isThere, 0);
}

/**
 * The mask without the last `count` tokens. What is kept of them stays where it is, but nothing sees it; the next token
 * takes their place or comes behind, as after padding.
 */
export function forget(mask: readonly number[], count: number): readonly number[] {
  // Nearly every token is kept.
  if (count === 0) return mask;
  const left = readBy(mask) - count;
  let seen = 0;
  return mask.map((isThere) => (isThere === 1 && seen++ < left ? 1 : 0));
}

/** Whether the cache may be changed from here; on WebGPU it lies on the graphics card. */
export function isInMainMemory({ past }: KeyValueCache): boolean {
  return Object.values(past).every(({ location }) => location === 'cpu');
}

/**
 * A cache in main memory with some of its rows only, in the order of `rows`. The old one is disposed of.
 */
export function keepRows(
  cache: KeyValueCache,
  rows: readonly number[],
  runtime: Runtime,
): KeyValueCache {
  const past = Object.entries(cache.past).map(([name, tensor]) => [
    name,
    runtime.pickRows(tensor, rows),
  ]);
  disposeCache(cache);
  return {
    mask: rows.map((row) => cache.mask[row] ?? []),
    past: Object.fromEntries(past) as KeyValueCache['past'],
  };
}

export function disposeCache({ past }: KeyValueCache): void {
  for (const tensor of Object.values(past)) tensor.dispose();
}
