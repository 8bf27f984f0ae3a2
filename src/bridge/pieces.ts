// A text that is given in pieces, tokenized so that each piece's tokens are known: tokenizers of transformers.js do
// not say where in the text a token stands.
import type { Tokenizer } from './tokens.ts';

export interface EncodedPieces {
  /** Tokens of the whole text, with what the tokenizer puts around it. */
  ids: number[];
  /** Where the tokens of each piece begin and end; the same place twice for a piece that has none. */
  places: [start: number, end: number][];
}

/**
 * Tokenizes a text, piece by piece.
 * @param pieces joined they are the text; each a word, a sign, a slot or spaces
 * @returns `null` where a token reaches over the border of two pieces
 */
export function encodePieces(
  tokenizer: Pick<Tokenizer, 'encode' | 'encodePlain' | 'encodeInside'>,
  pieces: readonly string[],
): EncodedPieces | null {
  const plain: number[] = [];
  const places: [number, number][] = [];
  let space = '';
  for (const [index, piece] of pieces.entries()) {
    // A space belongs to what comes after it.
    const text = `${space}${piece.trimEnd()}`;
    space = piece.slice(piece.trimEnd().length);
    const ids =
      text.trim() === ''
        ? []
        : index === 0 || text !== text.trimStart()
          ? tokenizer.encodePlain(text)
          : tokenizer.encodeInside(text);
    if (text.trim() === '') space = `${text}${space}`;
    places.push([plain.length, plain.length + ids.length]);
    plain.push(...ids);
  }
  const ids = tokenizer.encode(pieces.join(''));
  const before = ids.indexOf(plain[0] ?? -1);
  if (before < 0 || plain.some((id, index) => ids[before + index] !== id)) return null;
  return { ids, places: places.map(([start, end]) => [before + start, before + end]) };
}
