// Cross-lingual sentence retrieval: is the translation of a sentence its nearest neighbour among all sentences of
// the other language? If it is, the networks put what means the same at the same place. Done with the states
// of the encoder and of an alignment, before and after a stage, it shows what the stage changed.
import type { Bridge } from '../../bridge/bridge.ts';
import { nextTask } from '../../bridge/nextTask.ts';
import { isAboutQuestion } from '../../bridge/questionErrors.ts';
import type { StatesName } from '../../bridge/types.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import { cancelledError } from '../../bundle/source.ts';
import { project, type Projection } from './projection.ts';
import {
  bothSides,
  countRight,
  dotProducts,
  margins,
  nearest,
  type BothSides,
  type Nearest,
  type Pause,
  type Scores,
} from './search.ts';
import { wilson } from '../statistics/wilson.ts';
import { sentenceVector, stack } from './vectors.ts';

/** How nearness is measured (search.ts). */
export const measures = ['cosine', 'margin'] as const;
export type Measure = (typeof measures)[number];
/** Which side asks: `forward` searches the target of each source. */
export const directions = ['forward', 'backward'] as const;
export type Direction = (typeof directions)[number];

export interface RetrievalRequest {
  pairs: readonly { source: string; target: string }[];
  states: StatesName;
  /** `k` of the margin; 4 in the paper. */
  neighbours: number;
}

/** Sentences read, of all. */
export interface RetrievalProgress {
  done: number;
  total: number;
}

/** The nearest of each sentence by one measure in one direction. P@1 is `right / kept.length`. */
export interface Matches extends Nearest {
  right: number;
  /** Wilson's 95 % interval of the share. */
  interval: [low: number, high: number];
}

/** What a search found. Places are those in `kept`. */
export interface Retrieval {
  states: StatesName;
  /** Width of the vectors. */
  width: number;
  neighbours: number;
  /** Places in the request of the pairs that were searched. */
  kept: number[];
  /** Pairs that the models cannot read, by their place in the request, and why. */
  skipped: { pair: number; reason: string }[];
  matches: Record<Measure, Record<Direction, Matches>>;
  /** Cosines of the first pairs: a row for each source, a column for each target. */
  similarity: Scores;
  /** Points of all sources, then those of all targets. */
  projection: Projection;
}

/** Pairs in `similarity`: more cells than 50 x 50 cannot be told apart. */
const similarityPairs = 50;
/** Pairs searched at once; their scores, by both measures and from both sides, are 64 MB. */
export const mostPairs = 2000;

/**
 * Reads all sentences and searches each among those of the other side.
 * @throws LinguaLiftError `cancelled`, `too-many-pairs`, `too-few-pairs` when fewer than two can be read,
 *   `route-missing` when the bundle has no such alignment, `states-nan`
 */
export async function retrieve(
  bridge: Pick<Bridge, 'withStates'>,
  request: RetrievalRequest,
  onProgress: (progress: RetrievalProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Retrieval> {
  if (request.pairs.length > mostPairs) {
    throw new LinguaLiftError(
      'too-many-pairs',
      `${request.pairs.length} pairs are too many to search at once. Draw ${mostPairs} or fewer of them.`,
    );
  }
  const pause = async () => {
    await nextTask();
    if (signal?.aborted) throw cancelledError();
  };
  const { sources, targets, kept, skipped } = await readVectors(bridge, request, onProgress, pause);
  const [forward, backward] = [stack(sources), stack(targets)];
  const cosine = bothSides(await dotProducts(forward, backward, pause));
  const margin = bothSides(margins(cosine, request.neighbours));
  await pause();
  return {
    states: request.states,
    width: forward.width,
    neighbours: request.neighbours,
    kept,
    skipped,
    matches: { cosine: bothDirections(cosine), margin: bothDirections(margin) },
    similarity: corner(cosine.forward, similarityPairs),
    projection: await project(stack([...sources, ...targets]), pause),
  };
}

/** The sentence vectors of all pairs whose two sides can be read. */
async function readVectors(
  bridge: Pick<Bridge, 'withStates'>,
  { pairs, states }: RetrievalRequest,
  onProgress: (progress: RetrievalProgress) => void,
  pause: Pause,
): Promise<
  { sources: Float32Array[]; targets: Float32Array[] } & Pick<Retrieval, 'kept' | 'skipped'>
> {
  const read = {
    sources: [] as Float32Array[],
    targets: [] as Float32Array[],
    kept: [] as number[],
    skipped: [] as Retrieval['skipped'],
  };
  const total = 2 * pairs.length;
  await bridge.withStates(states, async ({ read: statesOf, pooling }) => {
    for (const [pair, { source, target }] of pairs.entries()) {
      await pause();
      onProgress({ done: 2 * pair, total });
      try {
        const vectors = [
          sentenceVector(await statesOf(source), pooling),
          sentenceVector(await statesOf(target), pooling),
        ] as const;
        read.sources.push(vectors[0]);
        read.targets.push(vectors[1]);
        read.kept.push(pair);
      } catch (thrown) {
        if (!isAboutQuestion(thrown)) throw thrown;
        read.skipped.push({ pair, reason: thrown.message });
      }
    }
  });
  onProgress({ done: total, total });
  if (read.kept.length >= 2) return read;
  throw new LinguaLiftError(
    'too-few-pairs',
    'There is nothing to search: fewer than two pairs of sentences can be read. Choose more.',
    read.skipped.map(({ pair, reason }) => `Pair ${pair + 1}: ${reason}`).join('\n'),
  );
}

function bothDirections({ forward, backward }: BothSides): Record<Direction, Matches> {
  return { forward: matchesOf(forward), backward: matchesOf(backward) };
}

function matchesOf(scores: Scores): Matches {
  const found = nearest(scores);
  const right = countRight(found);
  return { ...found, right, interval: wilson(right, scores.rows) };
}

/** The scores of the first `size` sources and targets. */
function corner({ data, rows, columns }: Scores, size: number): Scores {
  const [height, width] = [Math.min(size, rows), Math.min(size, columns)];
  const first = new Float32Array(height * width);
  for (let row = 0; row < height; row++) {
    first.set(data.subarray(row * columns, row * columns + width), row * width);
  }
  return { data: first, rows: height, columns: width };
}
