// Text to tokens and back, with the tokenizers of transformers.js built from the bundle's files in memory.
import { PreTrainedTokenizer } from '@xenova/transformers';
import * as v from 'valibot';
import { LinguaLiftError } from '../bundle/errors.ts';
import type { BundleFiles } from '../bundle/files.ts';

const addedTokens = v.object({
  added_tokens: v.array(v.object({ id: v.number(), content: v.string() })),
});

/** Where a tokenizer's two files are in the bundle. */
export interface TokenizerPaths {
  tokenizer: string;
  tokenizerConfig: string;
}

/** One part's tokenizer. */
export class Tokenizer {
  readonly #tokenizer: PreTrainedTokenizer;
  #frameIds: ReadonlySet<number> | null = null;
  /** The slots `<nI>` and `<rK>` of the vocabulary, by id. */
  readonly slots: ReadonlyMap<number, string>;

  /** @throws LinguaLiftError `file-invalid` when a file is no tokenizer */
  constructor(files: BundleFiles, { tokenizer, tokenizerConfig }: TokenizerPaths) {
    const json = files.json(tokenizer);
    const parsed = v.safeParse(addedTokens, json);
    if (!parsed.success) throw invalid(tokenizer, v.summarize(parsed.issues));
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

  /** The text of some ids, control tokens included. */
  decode(ids: readonly number[]): string {
    if (ids.length === 0) return '';
    return this.#tokenizer.decode([...ids], {
      skip_special_tokens: false,
      clean_up_tokenization_spaces: false,
    });
  }
}

function invalid(path: string, details: string): LinguaLiftError {
  return new LinguaLiftError(
    'file-invalid',
    `The file ${path} of the bundle is no tokenizer that this page can read.`,
    details,
  );
}
