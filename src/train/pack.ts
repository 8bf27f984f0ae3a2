// Several examples in one sequence: word problems differ in length by four and more, and with one in a sequence
// half of a step would be padding. Attention keeps them apart as segments (wgsl/attention.ts).
import { exampleLength, type BatchSizes, type Example } from './batch.ts';

/** What a sequence holds, or has room for. */
interface Load {
  examples: number;
  positions: number;
  states: number;
  labels: number;
}

const measures = ['examples', 'positions', 'states', 'labels'] as const;

/** A sequence's share of what a micro-batch is planned for, so that any of them make up a micro-batch. */
function roomOf({ sequences, positions, examples, stateRows, labelRows }: BatchSizes): Load {
  return {
    examples: examples / sequences,
    positions,
    states: stateRows / sequences,
    labels: labelRows / sequences,
  };
}

function loadOf(example: Example, sizes: Pick<BatchSizes, 'encoderDim' | 'resampler'>): Load {
  return {
    examples: 1,
    positions: exampleLength(example, sizes),
    states: example.states.length / sizes.encoderDim,
    labels: example.target.length,
  };
}

const plus = (a: Load, b: Load): Load => ({
  examples: a.examples + b.examples,
  positions: a.positions + b.positions,
  states: a.states + b.states,
  labels: a.labels + b.labels,
});

const isWithin = (load: Load, room: Load): boolean =>
  measures.every((measure) => load[measure] <= room[measure]);

/** Whether a sequence has room for an example at all. */
export function fits(example: Example, sizes: BatchSizes): boolean {
  const { states } = loadOf(example, sizes);
  const { resampler } = sizes;
  return (
    isWithin(loadOf(example, sizes), roomOf(sizes)) &&
    (resampler === undefined || states + resampler.latents <= resampler.positions)
  );
}

interface Sequence {
  load: Load;
  examples: Example[];
}

/** First fit, longest first: at most 11/9 of the fewest sequences possible (Johnson 1973). */
function inSequences(
  examples: readonly Example[],
  sizes: Pick<BatchSizes, 'encoderDim' | 'resampler'>,
  room: Load,
): Sequence[] {
  const sequences: Sequence[] = [];
  const measured = examples.map((example) => ({ example, load: loadOf(example, sizes) }));
  measured.sort((a, b) => b.load.positions - a.load.positions);
  for (const { example, load } of measured) {
    const sequence = sequences.find((open) => isWithin(plus(open.load, load), room));
    if (sequence === undefined) {
      sequences.push({ load, examples: [example] });
    } else {
      sequence.load = plus(sequence.load, load);
      sequence.examples.push(example);
    }
  }
  return sequences;
}

/**
 * The examples of a step in micro-batches that `layOut` can lay out, in an order that depends on their lengths
 * alone.
 * @param examples each of which `fits`
 */
export function inMicroBatches(examples: readonly Example[], sizes: BatchSizes): Example[][] {
  const sequences = inSequences(examples, sizes, roomOf(sizes));
  const microBatches: Example[][] = [];
  for (let start = 0; start < sequences.length; start += sizes.sequences) {
    const group = sequences.slice(start, start + sizes.sequences);
    microBatches.push(group.flatMap((sequence) => sequence.examples));
  }
  return microBatches;
}

/** What the longest of a sample leaves to the others: examples may be this much longer than any of it. */
const margin = 1.1;
/** Sequences have room for so many of the longest. With one, what is longer than half of it stays alone. */
const longestInSequence = 2;

/**
 * Sizes of a micro-batch for examples like those of a sample.
 * @param batch examples a step
 * @param microBatches of a step
 * @param limit positions that the LLM knows
 */
export function sizesFor(
  sample: readonly Example[],
  {
    batch,
    microBatches,
    limit,
    ...shape
  }: { batch: number; microBatches: number; limit: number } & Pick<
    BatchSizes,
    'encoderDim' | 'resampler'
  >,
): BatchSizes {
  const most = (values: readonly number[]) => Math.ceil(margin * Math.max(...values));
  const longest = most(sample.map((example) => loadOf(example, shape).positions));
  const positions = Math.min(limit, longestInSequence * longest);
  const room = { examples: Infinity, positions, states: Infinity, labels: Infinity };
  const packed = inSequences(sample, shape, room).map(({ load }) => load);
  const needed = (margin * batch * packed.length) / sample.length;
  const sequences = Math.max(1, Math.ceil(needed / microBatches));
  return {
    sequences,
    positions,
    examples: sequences * Math.max(...packed.map(({ examples }) => examples)),
    stateRows: sequences * most(packed.map(({ states }) => states)),
    labelRows: sequences * most(packed.map(({ labels }) => labels)),
    ...shape,
  };
}
