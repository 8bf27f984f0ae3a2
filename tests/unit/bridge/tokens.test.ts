// Tokenizers in memory give the ids and the text that Hugging Face's `tokenizers` in Python gave.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Tokenizer } from '../../../src/bridge/tokens.ts';
import type { BundleFiles } from '../../../src/bundle/files.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import { makeTinyBundle, MemorySource } from '../../support/tiny-bundle.ts';

type Golden = Record<'encoder' | 'llm', { text: string; ids: number[]; decoded: string }[]>;
const golden = readFixture('golden') as Golden;

interface WordStarts {
  added: string[];
  rows: Record<string, [piece: string, starts: boolean][]>;
}
const wordStarts = readFixture('word-starts') as WordStarts;

let files: BundleFiles;
beforeAll(async () => {
  ({ files } = await loadBundle(new MemorySource(await makeTinyBundle())));
});

function readFixture(name: string): unknown {
  const file = new URL(`../../fixtures/tokenizers/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

describe('Tokenizer', () => {
  for (const part of ['encoder', 'llm'] as const) {
    it.each(golden[part])(`reads as Python does with the ${part}'s: $text`, (expected) => {
      const tokenizer = new Tokenizer(files, files.manifest[part]);
      expect(tokenizer.encode(expected.text)).toEqual(expected.ids);
      const plain = tokenizer.encodePlain(expected.text);
      expect(tokenizer.decode(plain)).toBe(expected.decoded);
    });
  }

  it('knows its slots', () => {
    const { slots } = new Tokenizer(files, files.manifest.llm);
    expect([...slots.values()]).toEqual(
      ['n', 'r'].flatMap((kind) => [0, 1, 2, 3].map((index) => `<${kind}${index}>`)),
    );
  });

  it('knows what calculations are written with', () => {
    const tokenizer = new Tokenizer(files, files.manifest.llm);
    const written = Array.from(tokenizer.expressionIds, (id) => tokenizer.decode([id]));
    const expected = [...'0123456789.+-*/()', ...tokenizer.slots.values()];
    expect(written.sort()).toEqual(expected.sort());
    // Looked up once for all questions.
    expect(tokenizer.expressionIds).toBe(tokenizer.expressionIds);
  });

  it('tokenizes inside a line without the space of a beginning', () => {
    const tokenizer = new Tokenizer(files, files.manifest.llm);
    for (const text of ['17', '<r0>', '9.5>>', '>>']) {
      const before = tokenizer.encodePlain('left: <<2=');
      const ids = [...before, ...tokenizer.encodeInside(text)];
      expect(ids).toEqual(tokenizer.encodePlain(`left: <<2=${text}`));
    }
  });

  it('tells the pieces that begin a word from those within one', () => {
    const tokenizer = new Tokenizer(files, files.manifest.encoder);
    const words = (text: string) => {
      const ids = tokenizer.encodePlain(text);
      const cut: number[][] = [];
      tokenizer.wordStarts(ids).forEach((starts, index) => {
        if (starts) cut.push([]);
        cut.at(-1)?.push(ids[index] ?? -1);
      });
      return cut.map((word) => tokenizer.decode(word).trim()).filter((word) => word !== '');
    };
    const marks = ['machungwa', ',', '1', '2', '<n0>', '?'];
    expect(words('ana maembe na machungwa, 12 <n0>?')).toEqual(['ana', 'maembe', 'na', ...marks]);
    // Letters that have no piece are written in bytes.
    expect(words('ünbekannt ☃ አማርኛ')).toEqual(['ünbekannt', '☃', 'አማርኛ']);
    const framed = tokenizer.encode('maembe');
    expect(tokenizer.wordStarts([...framed, ...framed])).toEqual(
      [...framed, ...framed].map(
        (id, index) => tokenizer.frameIds.has(id) || index % framed.length < 2,
      ),
    );
  });

  /** A tokenizer of a few pieces in place of the encoder's. */
  const ofPieces = (model: object, preTokenizer: object, added: object[] = []) => {
    const { tokenizer, tokenizerConfig } = files.manifest.encoder;
    const json = {
      ...{ version: '1.0', normalizer: null, post_processor: null, added_tokens: added },
      ...{ decoder: null, pre_tokenizer: preTokenizer, model },
    };
    const bytes = new TextEncoder().encode(JSON.stringify(json));
    return new Tokenizer(files.with(tokenizer, bytes), { tokenizer, tokenizerConfig });
  };

  it('knows the mark of WordPiece for what goes on with a word', () => {
    const vocab = { '[UNK]': 0, man: 1, '##go': 2, go: 3, มี: 4, '##มะ': 5, '##ม่วง': 6 };
    const tokenizer = ofPieces(
      {
        ...{ type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##' },
        ...{ max_input_chars_per_word: 100, vocab },
      },
      { type: 'Whitespace' },
    );
    const ids = tokenizer.encode('mango go มีมะม่วง');
    expect(ids).toEqual([1, 2, 3, 4, 5, 6]);
    expect(tokenizer.wordStarts(ids)).toEqual([true, false, true, true, true, true]);
  });

  it.each(Object.entries(wordStarts.rows))('tells words apart as training does: %s', (_, row) => {
    const rows = Object.values(wordStarts.rows).flat();
    const pieces = ['<unk>', ...new Set(rows.map(([piece]) => piece))];
    const tokenizer = ofPieces(
      { type: 'Unigram', unk_id: 0, vocab: pieces.map((piece, id) => [piece, -id]) },
      { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
      wordStarts.added.map((content) => ({ id: pieces.indexOf(content), content })),
    );
    const starts = tokenizer.wordStarts(row.map(([piece]) => pieces.indexOf(piece)));
    expect(row.map(([piece], index) => [piece, starts[index]])).toEqual(row);
  });

  it('names a file that is no tokenizer', () => {
    const paths = { ...files.manifest.llm, tokenizer: files.manifest.llm.config };
    expect(() => new Tokenizer(files, paths)).toThrow(/llm\/config.json.*no tokenizer/);
  });
});
