// The sizes of a twin, and the numbers in graphs that follow from them. The names are those of record.py.

export interface Sizes {
  vocab: number;
  hidden: number;
  /** Width between the two products of an MLP. */
  inner: number;
  heads: number;
  /** Decoders only: heads of keys and values. */
  keyValueHeads?: number;
  headSize: number;
  layers: number;
  /** Rows of a position table, or of a rotary one. */
  positions: number;
}

export type SizeName = keyof typeof derivations;

const derivations = {
  vocab: (s: Sizes) => s.vocab,
  hidden: (s: Sizes) => s.hidden,
  inner: (s: Sizes) => s.inner,
  heads: (s: Sizes) => s.heads,
  keyValueHeads,
  headSize: (s: Sizes) => s.headSize,
  positions: (s: Sizes) => s.positions,
  queryWidth: (s: Sizes) => s.heads * s.headSize,
  keyValueWidth: (s: Sizes) => keyValueHeads(s) * s.headSize,
  groups: (s: Sizes) => s.heads / keyValueHeads(s),
  halfHead: (s: Sizes) => s.headSize / 2,
  headScale: (s: Sizes) => s.headSize ** -0.5,
  headScaleRoot: (s: Sizes) => s.headSize ** -0.25,
  headRoot: (s: Sizes) => s.headSize ** 0.5,
};

function keyValueHeads(s: Sizes): number {
  return s.keyValueHeads ?? s.heads;
}

/** A number, or the number that a size's name stands for. */
export function sizeOf(value: number | string, sizes: Sizes): number {
  if (typeof value === 'number') return value;
  if (value === '-inf') return -Infinity;
  if (value in derivations) return derivations[value as SizeName](sizes);
  throw new Error(`"${value}" is no size`);
}
