// The parameters of a twin: drawn from the seed and the name that PyTorch gives them, so that every layout, format
// and file of a twin holds the same network.

/** Uniform values in [-1, 1) (mulberry32). */
function uniform(count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  let state = seed;
  for (let i = 0; i < count; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    values[i] = ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  }
  return values;
}

/** FNV-1a, 32 bits. */
function hash(text: string, seed: number): number {
  let state = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  }
  return state;
}

export class Parameters {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * A parameter by PyTorch's name. Matrices [rows, columns] have the variance 1 / columns, which keeps the
   * activations of a deep network near 1; gains lie around 1, biases around 0.
   */
  values(name: string, dims: readonly number[]): Float32Array {
    const count = dims.reduce((product, dim) => product * dim, 1);
    const values = uniform(count, hash(name, this.#seed));
    const columns = dims[1];
    if (columns !== undefined) {
      const scale = Math.sqrt(3 / columns);
      for (let i = 0; i < count; i++) values[i] = (values[i] as number) * scale;
      return values;
    }
    const [centre, spread] = name.endsWith('.bias') ? [0, 0.1] : [1, 0.2];
    return values.map((value) => centre + spread * value);
  }
}

/** [rows, columns] to [columns, rows]. */
export function turned(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      out[column * rows + row] = values[row * columns + column] as number;
    }
  }
  return out;
}

/** One array after the other. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
