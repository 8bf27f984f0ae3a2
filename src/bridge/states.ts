// What the networks make of a text on its way to the LLM: the encoder's states, or the soft prompt of an
// alignment. Retrieval compares them between languages.
import { LinguaLiftError } from '../bundle/errors.ts';
import type { Pooling } from '../bundle/manifest.ts';
import type { Alignment } from './alignment.ts';
import type { Vectors } from './encoder.ts';
import type { Parts } from './parts.ts';
import { poolingRules } from './pooling.ts';
import { routeMissing } from './prompt.ts';
import { readTokens } from './reading.ts';
import type { AlignmentName } from './routes.ts';
import type { StatesName } from './types.ts';

/** A reader of states, and the rule by which they are to become one vector. */
export interface StatesReader<Text> {
  /** Throws LinguaLiftError `question-empty` for a text without tokens of its own. */
  read: (text: Text) => Promise<Vectors>;
  pooling: Pooling;
}

/**
 * A reader of states [T, d]: a row for each of a text's own tokens, none for what the tokenizer puts around them
 * and none for the learned end of a soft prompt. The soft prompt of a resampler has its latents as rows. Of an encoder
 * that stands for a sentence by its first token, that row alone.
 * @param pooling the encoder's. An alignment writes rows for the LLM, none of which was made to stand for the
 *   sentence: of them it is always the mean.
 * @throws LinguaLiftError `route-missing` where the bundle lacks the alignment
 */
export function statesReader(
  parts: Parts,
  of: StatesName,
  pooling: Pooling,
): StatesReader<readonly number[]> {
  const alignment = of === 'encoder' ? null : alignmentOf(parts, of);
  const { frameIds } = parts.encoderTokenizer;
  const read = async (tokens: readonly number[]) => {
    const isOwn = tokens.map((id) => !frameIds.has(id));
    if (!isOwn.includes(true)) {
      throw new LinguaLiftError('question-empty', 'There is nothing in it that the encoder reads.');
    }
    const states = await readTokens(parts, tokens, alignment?.inputs ?? 'states');
    if (alignment === null) return rowsWhere(states, poolingRules[pooling].rows(isOwn));
    const softPrompt = await alignment.align(states);
    return rowsWhere(softPrompt, alignment.latents === null ? isOwn : latentRows(softPrompt));
  };
  return { read, pooling: alignment === null ? pooling : 'mean' };
}

function alignmentOf({ crossings }: Parts, name: AlignmentName): Alignment {
  const crossing = crossings.get(name);
  if (crossing === undefined) throw routeMissing(name);
  return crossing.alignment;
}

/** All rows but the end. */
const latentRows = ({ length }: Vectors) =>
  Array.from({ length }, (_, index) => index < length - 1);

/** The rows at the places that hold `true`; those behind the last place are left out. */
function rowsWhere({ data, width }: Vectors, keep: readonly boolean[]): Vectors {
  const rows = keep.flatMap((isKept, index) => (isKept ? [index] : []));
  const kept = new Float32Array(rows.length * width);
  for (const [place, row] of rows.entries()) {
    kept.set(data.subarray(row * width, (row + 1) * width), place * width);
  }
  return { data: kept, length: rows.length, width };
}
