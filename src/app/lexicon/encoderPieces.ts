// How the encoder's tokenizer reads a list: pairs from the lexicon worker, their pieces from the inference worker.
import { pieceStatistics, type PieceStatistics } from '../../lexicon/pieces.ts';
import type { ModelsClient } from '../models/models.svelte.ts';
import type { Lexicons } from './lexicons.svelte.ts';

/** Pairs that are looked at; a longer list is looked at in even steps. */
const sampleLength = 2000;

/** Splits words of a list with the tokenizer of the loaded models. */
export async function encoderPieces(
  lexicons: Lexicons,
  client: ModelsClient,
  id: string,
): Promise<PieceStatistics> {
  const pairs = await lexicons.ask('sample', { id, count: sampleLength });
  const words = [...new Set(pairs.flatMap(({ foreign }) => foreign.split(' ')))];
  const { ids, unknownId } = await client.tokenize(words);
  const idsOf = new Map(words.map((word, index) => [word, ids[index] ?? []]));
  return pieceStatistics(pairs, { encode: (word) => idsOf.get(word) ?? [], unknownId });
}
