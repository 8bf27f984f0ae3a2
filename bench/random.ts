// Reproducible numbers: a bench that multiplies zeros measures something else.

/** `count` numbers in [-1, 1). */
export function uniform(seed: number, count: number): Float32Array<ArrayBuffer> {
  let state = seed >>> 0 || 1;
  return Float32Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  });
}
