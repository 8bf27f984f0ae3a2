// Examples laid out as the rows of a training step: where every soft prompt, token and label goes.
//
// An example is `[BOS][soft prompt][end of prompt][instruction][target]`, as in inference
// (docs/bundle-format.md). A sequence of T positions holds as many as fit, one segment each, and padding behind
// them. Labels lie on the target; each is predicted from the position before it. Everything here is plain
// arrays, made on the CPU before the step.
import { nowhere } from '../wgsl/rows.ts';
import { TrainError } from './errors.ts';

export interface Example {
  /** Encoder hidden states [s, d_enc], row-major. */
  states: Float32Array;
  instruction: readonly number[];
  /** What is to be written, with the end-of-text token. */
  target: readonly number[];
}

/** What a step is planned for; examples must fit. */
export interface BatchSizes {
  /** B */
  sequences: number;
  /** T */
  positions: number;
  /** Examples over the whole batch. */
  examples: number;
  /** Rows of encoder states over the whole batch. */
  stateRows: number;
  /** Labels over the whole batch. */
  labelRows: number;
  /** d_enc */
  encoderDim: number;
  /** Of a `latent` alignment: K latents a question, and P positions for its states and latents. */
  resampler?: { latents: number; positions: number };
}

/** Rows of soft prompts over the whole batch: one a state, or K a question. */
export function softRowsOf({ examples, stateRows, resampler }: BatchSizes): number {
  return resampler ? examples * resampler.latents : stateRows;
}

/** The inputs of a step, in the order and shapes of `bridgeStep`. */
export interface BatchArrays {
  encoderStates: Float32Array<ArrayBuffer>;
  softTo: Uint32Array<ArrayBuffer>;
  endTo: Uint32Array<ArrayBuffer>;
  tokenIds: Uint32Array<ArrayBuffer>;
  positionIds: Uint32Array<ArrayBuffer>;
  segments: Uint32Array<ArrayBuffer>;
  labelFrom: Uint32Array<ArrayBuffer>;
  labels: Uint32Array<ArrayBuffer>;
  /** The grid of a `latent` alignment (resampler.ts). */
  grid?: Record<'segments' | 'statesTo' | 'latentsTo', Uint32Array<ArrayBuffer>>;
  /** Labels in the batch. */
  labelCount: number;
}

/** Positions that an example takes, BOS and end of prompt included. */
export function exampleLength(
  example: Example,
  { encoderDim, resampler }: Pick<BatchSizes, 'encoderDim' | 'resampler'>,
): number {
  const soft = resampler?.latents ?? example.states.length / encoderDim;
  return 2 + soft + example.instruction.length + example.target.length;
}

/**
 * Lays out a batch.
 * @throws TrainError `too-long` that names the example and what it does not fit, `bad-example` for half a
 *   hidden state or a token beyond the vocabulary
 */
export function layOut(
  examples: readonly Example[],
  sizes: BatchSizes,
  { bosId, vocabSize }: { bosId: number; vocabSize: number },
): BatchArrays {
  const { sequences, positions: T, encoderDim, resampler } = sizes;
  const rows = sequences * T;
  const place = placesIn(sequences, T);
  const arrays: BatchArrays = {
    encoderStates: new Float32Array(sizes.stateRows * encoderDim),
    softTo: new Uint32Array(softRowsOf(sizes)).fill(nowhere),
    endTo: new Uint32Array(sizes.examples).fill(nowhere),
    tokenIds: new Uint32Array(rows).fill(nowhere),
    positionIds: new Uint32Array(rows),
    segments: new Uint32Array(rows),
    labelFrom: new Uint32Array(sizes.labelRows).fill(nowhere),
    labels: new Uint32Array(sizes.labelRows).fill(nowhere),
    labelCount: 0,
    ...(resampler && {
      grid: {
        segments: new Uint32Array(sizes.examples * resampler.positions),
        statesTo: new Uint32Array(sizes.stateRows).fill(nowhere),
        latentsTo: new Uint32Array(softRowsOf(sizes)).fill(nowhere),
      },
    }),
  };
  check('The batch', 'examples', examples.length, sizes.examples);
  let states = 0;
  for (const [index, example] of examples.entries()) {
    checkExample(`Example ${index}`, example, encoderDim, vocabSize);
    const length = exampleLength(example, sizes);
    const stateCount = example.states.length / encoderDim;
    const softCount = resampler?.latents ?? stateCount;
    const soft = resampler ? index * resampler.latents : states;
    const { start, segment } = place(`Example ${index}`, length);
    check(`Example ${index}`, 'rows of encoder states', states + stateCount, sizes.stateRows);
    const labelCount = arrays.labelCount + example.target.length;
    check(`Example ${index}`, 'labels', labelCount, sizes.labelRows);

    arrays.segments.fill(segment, start, start + length);
    for (let i = 0; i < length; i++) arrays.positionIds[start + i] = i;
    arrays.tokenIds[start] = bosId;
    arrays.encoderStates.set(example.states, states * encoderDim);
    if (resampler && arrays.grid) {
      const { latents, positions: P } = resampler;
      check(`Example ${index}`, 'positions beside its latents', stateCount, P - latents);
      const first = index * P;
      arrays.grid.segments.fill(1, first, first + stateCount + latents);
      for (let i = 0; i < stateCount; i++) arrays.grid.statesTo[states + i] = first + i;
      for (let i = 0; i < latents; i++) arrays.grid.latentsTo[soft + i] = first + stateCount + i;
    }
    for (let i = 0; i < softCount; i++) arrays.softTo[soft + i] = start + 1 + i;
    arrays.endTo[index] = start + 1 + softCount;
    const tail = start + 2 + softCount;
    arrays.tokenIds.set([...example.instruction, ...example.target], tail);
    const target = tail + example.instruction.length;
    for (const [i, id] of example.target.entries()) {
      arrays.labelFrom[arrays.labelCount + i] = target + i - 1;
      arrays.labels[arrays.labelCount + i] = id;
    }
    states += stateCount;
    arrays.labelCount = labelCount;
  }
  return arrays;
}

/**
 * Hands out places, one sequence after the other: the next one is begun when an example does not fit the rest of
 * the last.
 */
function placesIn(
  sequences: number,
  T: number,
): (name: string, length: number) => { start: number; segment: number } {
  let sequence = 0;
  let taken = 0;
  let segment = 0;
  return (name, length) => {
    check(name, 'positions', length, T);
    if (taken + length > T) {
      sequence++;
      taken = segment = 0;
    }
    check(name, 'sequences', sequence + 1, sequences);
    const start = sequence * T + taken;
    taken += length;
    segment++;
    return { start, segment };
  };
}

function check(what: string, of: string, needed: number, available: number): void {
  if (needed <= available) return;
  throw new TrainError(
    'too-long',
    `${what} needs ${needed} ${of}; the step is planned for ${available}.`,
  );
}

function checkExample(
  name: string,
  { states, instruction, target }: Example,
  encoderDim: number,
  vocabSize: number,
): void {
  if (states.length % encoderDim !== 0) {
    throw new TrainError(
      'bad-example',
      `${name} has ${states.length} numbers of encoder states, which is no multiple of ${encoderDim}.`,
    );
  }
  const unknown = [...instruction, ...target].find((id) => !(id >= 0 && id < vocabSize));
  if (unknown === undefined) return;
  throw new TrainError(
    'bad-example',
    `${name} has the token ${unknown}; the LLM knows 0 to ${vocabSize - 1}.`,
  );
}
