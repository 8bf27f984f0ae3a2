// Seeded numbers for tests: the same in every run and in every browser.

/** A generator of uniform numbers in [0, 1) (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` numbers from a standard normal distribution, rounded to float32, so that a GPU gets the same. */
export function normal(seed: number, count: number, deviation = 1): Float64Array {
  const draw = uniform(seed);
  return Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - draw()));
    return Math.fround(deviation * radius * Math.cos(2 * Math.PI * draw()));
  });
}
