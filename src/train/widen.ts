// Gives an alignment more hidden units to learn words with, and one that reads encoder states alone a second thing to
// read, the spelling of words (bridge/words.ts). What it says is the same as before until it is trained: the new weights read words and
// are not read themselves, or read words and are zero.
import type { AlignmentFile } from './alignmentFile.ts';
import { alignmentShapes } from './alignment.ts';
import { TrainError } from './errors.ts';
import { normals, wideningStream } from './fresh.ts';
import { Random } from './random.ts';
import type { Values } from './state.ts';

/**
 * An alignment that reads words too, has more hidden units and says what it said before.
 * @param units hidden units to add to an `mlp`
 * @throws TrainError `unsupported-model` for a kind that has no row for a word
 */
export function withWords(alignment: AlignmentFile, units: number, seed: number): AlignmentFile {
  const { kind, inputs, sizes, values } = alignment;
  if (kind === 'latent') {
    throw new TrainError(
      'unsupported-model',
      'A latent alignment cannot be taught word by word: its soft prompt has no row for a word. Start from an alignment of the kind mlp or linear.',
    );
  }
  const wide = {
    ...sizes,
    encoderDim: inputs === 'states' ? 2 * sizes.encoderDim : sizes.encoderDim,
    hiddenDim: kind === 'mlp' ? sizes.hiddenDim + units : sizes.hiddenDim,
  };
  const before = alignmentShapes(kind, sizes);
  const random = Random.seeded(seed, wideningStream);
  const widened = Object.entries(alignmentShapes(kind, wide)).map(([name, shape]) => {
    const old = values[name] as Float32Array;
    // Only new units read what nothing has read before: all else that is new begins at zero.
    const fresh =
      name === 'fc1.weight'
        ? normals(random, shape, wide.encoderDim ** -0.5)
        : new Float32Array(shape.reduce((product, size) => product * size, 1));
    return [name, placed(old, before[name] ?? [], fresh, shape)] as const;
  });
  return {
    ...{ ...alignment, inputs: 'states+words', sizes: wide },
    values: Object.fromEntries(widened) as Values,
  };
}

/** A matrix or vector with an older, smaller one in its upper left corner, and zeros in the rest of those rows. */
function placed(
  old: Float32Array,
  oldShape: readonly number[],
  fresh: Float32Array,
  shape: readonly number[],
): Float32Array {
  const [rows, oldWidth] = oldShape.length === 2 ? oldShape : [1, oldShape[0]];
  const width = shape.at(-1) ?? 0;
  const result = fresh.slice();
  for (let row = 0; row < (rows ?? 0); row++) {
    const columns = oldWidth ?? 0;
    result.fill(0, row * width, (row + 1) * width);
    result.set(old.subarray(row * columns, (row + 1) * columns), row * width);
  }
  return result;
}
