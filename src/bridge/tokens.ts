// Text to tokens and back, with the tokenizers of transformers.js built from the bundle's files in memory.
import { PreTrainedTokenizer } from '@xenova/transformers';
import * as v from 'valibot';
import { LinguaLiftError } from '../bundle/errors.ts';
import type { BundleFiles } from '../bundle/files.ts';
import { expressionSigns } from './notation.ts';

const tokenizerFile = v.object({
  added_tokens: v.array(v.object({ id: v.number(), content: v.string() })),
  model: v.object({
    /**
     * Pieces in the order of their ids with their scores (Unigram), or ids by piece (BPE, WordPiece): up to hundreds of
     * thousands, so each is looked at only when it is needed.
     */
    vocab: v.custom<readonly [string, number][] | Readonly<Record<string, number>>>(
      (vocab) => typeof vocab === 'object' && vocab !== null,
    ),
    /** What WordPiece writes before a piece within a word. */
    continuing_subword_prefix: v.nullish(v.string()),
  }),
});

/** What a word goes on with: letters, marks that belong to them, and bytes of letters that have no piece. */
const insideWord = /^(?:[\p{L}\p{M}]|<0x[0-9A-F]{2}>$)/u;
const hasLetter = /[\p{L}\p{M}]/u;

/**
 * Thai and Lao, Burmese, Khmer, kana, Han: without spaces a word would be the whole clause, so each of their pieces is
 * a word.
 */
const unspaced =
  /[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF]/u;

/** Where a tokenizer's two files are in the bundle. */
export interface TokenizerPaths {
  tokenizer: string;
  tokenizerConfig: string;
}

/** One part's tokenizer. */
export class Tokenizer {
  readonly #tokenizer: PreTrainedTokenizer;
  #frameIds: ReadonlySet<number> | null = null;
  #expressionIds: ReadonlySet<number> | null = null;
  readonly #file: v.InferOutput<typeof tokenizerFile>;
  #wordPieces: WordPieces | null = null;
  /** The slots `<nI>` and `<rK>` of the vocabulary, by id. */
  readonly slots: ReadonlyMap<number, string>;

  /** @throws LinguaLiftError `file-invalid` when a file is no tokenizer */
  constructor(files: BundleFiles, { tokenizer, tokenizerConfig }: TokenizerPaths) {
    const json = files.json(tokenizer);
    const parsed = v.safeParse(tokenizerFile, json);
    if (!parsed.success) throw invalid(tokenizer, v.summarize(parsed.issues));
    this.#file = parsed.output;
    this.slots = new Map(
      parsed.output.added_tokens
        .filter(({ content }) => /^<[nr]\d+>$/.test(content))
        .map(({ id, content }) => [id, content]),
    );
    try {
      this.#tokenizer = new PreTrainedTokenizer(Object(json), Object(files.json(tokenizerConfig)));
    } catch (thrown) {
      throw invalid(tokenizer, String(thrown));
    }
  }

  /** Id of the piece that stands for what the vocabulary lacks; `null` where every text has pieces. */
  get unknownId(): number | null {
    // The declared type knows no tokenizer without one.
    const id: number | undefined = this.#tokenizer.unk_token_id;
    return id ?? null;
  }

  /** Ids that the post-processor puts around every text. */
  get frameIds(): ReadonlySet<number> {
    this.#frameIds ??= new Set(this.encode(''));
    return this.#frameIds;
  }

  /** Ids of what a calculation is written with: slots, digits, operators, brackets. */
  get expressionIds(): ReadonlySet<number> {
    this.#expressionIds ??= new Set([
      ...this.slots.keys(),
      ...Array.from(expressionSigns).flatMap((sign) => this.encodeInside(sign)),
    ]);
    return this.#expressionIds;
  }

  /** Ids of a text as the model reads it, with whatever the post-processor puts around it. */
  encode(text: string): number[] {
    return this.#tokenizer.encode(text);
  }

  /** Ids of a text alone. */
  encodePlain(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false });
  }

  /** Ids of a piece of text right after `=`, where nothing is put in front of it as at a beginning. */
  encodeInside(text: string): number[] {
    const ids = this.encodePlain(`=${text}`);
    const start = ids.findIndex((_, index) => this.decode(ids.slice(0, index + 1)) === '=');
    return ids.slice(start + 1);
  }

  /** Whether each token begins a word or is none: all but pieces that go on with the word of the token before. */
  wordStarts(ids: readonly number[]): boolean[] {
    this.#wordPieces ??= wordPiecesOf(this.#file);
    const { inside, complete } = this.#wordPieces;
    return ids.map((id, index) => !inside.has(id) || complete.has(ids[index - 1] ?? id));
  }

  /** The text of some ids, control tokens included. */
  decode(ids: readonly number[]): string {
    if (ids.length === 0) return '';
    return this.#tokenizer.decode([...ids], {
      skip_special_tokens: false,
      clean_up_tokenization_spaces: false,
    });
  }
}

type Vocabulary = v.InferOutput<typeof tokenizerFile>['model']['vocab'];

const isUnigram = (vocab: Vocabulary): vocab is readonly [string, number][] => Array.isArray(vocab);

interface WordPieces {
  /** Pieces that may go on with a word. */
  inside: ReadonlySet<number>;
  /** Signs, slots and numbers, and scripts without spaces: nothing goes on with them. */
  complete: ReadonlySet<number>;
}

function wordPiecesOf({
  model,
  added_tokens: added,
}: v.InferOutput<typeof tokenizerFile>): WordPieces {
  const { vocab, continuing_subword_prefix: prefix } = model;
  const pieces: readonly [string, number][] = isUnigram(vocab)
    ? vocab.map(([piece], id) => [piece, id])
    : Object.entries(vocab);
  const idsWhere = (holds: (piece: string) => boolean) =>
    new Set(pieces.filter(([piece]) => holds(piece)).map(([, id]) => id));
  // WordPiece marks the pieces within a word, the others those that begin one.
  const goesOn = (piece: string) => (prefix ? piece.startsWith(prefix) : insideWord.test(piece));
  const inside = idsWhere(
    (piece) => goesOn(piece) && !unspaced.test(piece.charAt(prefix?.length ?? 0)),
  );
  const complete = idsWhere((piece) => !hasLetter.test(piece) || unspaced.test(piece));
  for (const { id } of added) {
    inside.delete(id);
    complete.add(id);
  }
  return { inside, complete };
}

function invalid(path: string, details: string): LinguaLiftError {
  return new LinguaLiftError(
    'file-invalid',
    `The file ${path} of the bundle is no tokenizer that this page can read.`,
    details,
  );
}
