// What an alignment reads of a text: the encoder's states, or beside each the spelling of its word.
import type { AlignmentInputs } from '../onnx/index.ts';
import type { Vectors } from './encoder.ts';
import type { Parts } from './parts.ts';
import { besideWords } from './words.ts';

/**
 * Reads the tokens of a text for an alignment.
 * @returns [S, d_enc], or [S, 2 d_enc] with words
 * @throws LinguaLiftError `model-unsupported` where words are wanted of an encoder that is not like BERT
 */
export async function readTokens(
  { encoder, encoderTokenizer }: Pick<Parts, 'encoder' | 'encoderTokenizer'>,
  tokens: readonly number[],
  inputs: AlignmentInputs,
): Promise<Vectors> {
  if (inputs === 'states') return encoder.encode(tokens);
  const { states, embeddings } = await encoder.encodeWithEmbeddings(tokens);
  return besideWords(states, embeddings, encoderTokenizer.wordStarts(tokens));
}
