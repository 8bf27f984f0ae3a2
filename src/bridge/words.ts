// Beside each encoder state the spelling of its word: the mean of the token embeddings of the word that the token is in.
// The encoder makes little of a word in a language that it does not know, and what little is the same for many
// words; the pieces that it is written with tell it apart. An alignment that reads both can be taught a language from a
// word list (docs/architecture.md, "What an alignment reads").
import type { Vectors } from './encoder.ts';

/** Keeps zeros from being divided by zero; states are about 1. */
const epsilon = 1e-6;

/**
 * [S, 2 D]: the states, then the words, each half at a root mean square of 1, so that the normalisation that every
 * alignment begins with changes nothing more.
 * @param states [S, D]
 * @param embeddings [S, D] of the tokens
 * @param starts whether a token begins a word
 */
export function besideWords(
  states: Vectors,
  embeddings: Vectors,
  starts: readonly boolean[],
): Vectors {
  const { length, width } = states;
  const data = new Float32Array(2 * length * width);
  const put = (row: number, half: number, values: Float32Array) =>
    data.set(normalised(values), (2 * row + half) * width);
  for (let row = 0; row < length; row++) put(row, 0, rowsOf(states, row, row + 1));
  for (let from = 0; from < length;) {
    const next = starts.indexOf(true, from + 1);
    const to = next < 0 ? length : next;
    const mean = meanRow(rowsOf(embeddings, from, to), width);
    for (let row = from; row < to; row++) put(row, 1, mean);
    from = to;
  }
  return { data, length, width: 2 * width };
}

const rowsOf = ({ data, width }: Vectors, from: number, to: number): Float32Array =>
  data.subarray(from * width, to * width);

/** The mean of some rows. */
export function meanRow(rows: Float32Array, width: number): Float32Array {
  const mean = new Float32Array(width);
  const share = width / rows.length;
  rows.forEach((value, index) => {
    mean[index % width] = (mean[index % width] ?? 0) + share * value;
  });
  return mean;
}

function normalised(values: Float32Array): Float32Array {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  const scale = 1 / Math.sqrt(squares / values.length + epsilon);
  return values.map((value) => scale * value);
}
