// Texts in pieces, tokenized so that the tokens of each piece are known: by the tokenizer of a tiny bundle and by that of
// the embedded one, whose vocabularies cut words differently.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodePieces } from '../../../src/bridge/pieces.ts';
import { Tokenizer } from '../../../src/bridge/tokens.ts';
import { BundleFiles } from '../../../src/bundle/files.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import { splitTokens } from '../../../src/lexicon/tokens.ts';
import { makeTinyBundle, MemorySource } from '../../support/tiny-bundle.ts';

const bytes = (path: string) =>
  new Uint8Array(readFileSync(new URL(`../../../${path}`, import.meta.url)));

/** The two tokenizers, by what their bundle is called. */
const tokenizers: Record<string, Tokenizer> = {};
beforeAll(async () => {
  const { files } = await loadBundle(new MemorySource(await makeTinyBundle()));
  tokenizers['tiny'] = new Tokenizer(files, files.manifest.encoder);
  const paths = {
    tokenizer: 'encoder/tokenizer.json',
    tokenizerConfig: 'encoder/tokenizer_config.json',
  };
  const embedded = Object.values(paths).map(
    (path) => [path, bytes(`public/bundles/embedded/${path}`)] as const,
  );
  const own = new BundleFiles(files.manifest, new Map(embedded));
  tokenizers['embedded'] = new Tokenizer(own, paths);
});

function tokenizerOf(bundle: string): Tokenizer {
  const tokenizer = tokenizers[bundle];
  if (tokenizer) return tokenizer;
  throw new Error(`no tokenizer ${bundle}`);
}

/** What a normalised text keeps of a piece. */
const said = (text: string) => text.normalize('NFKC').toLowerCase().trim();

const texts: string[][] = [
  ['Ana', ' ', 'has', ' ', '<n0>', ' ', 'mangoes', ',', ' ', 'and', ' ', 'Tom', ' ', '<n1>', '.'],
  ['The ', 'maembe', ' of ', 'nyumba', ' <n0>?'],
  ['(', 'Maji', ')', ' and ', '"', 'nyumba', '"', '!'],
  ['Kiom da ', 'ĝardenoj', ', ', 'kaj', ' ', 'ŝi', ' ', 'havas', ' ', '12.5', '%', '?'],
  [' ', 'two', '  ', 'spaces', ' '],
  ['☃', ' is ', 'አማርኛ', '.'],
];

describe.each(['tiny', 'embedded'])('encodePieces with the tokenizer of the %s bundle', (name) => {
  it.each(texts.map((pieces) => ({ pieces, text: pieces.join('') })))(
    'tells apart the tokens of the pieces of "$text"',
    ({ pieces, text }) => {
      const tokenizer = tokenizerOf(name);
      const encoded = encodePieces(tokenizer, pieces);
      expect(encoded?.ids).toEqual(tokenizer.encode(text));
      expect(encoded?.places).toHaveLength(pieces.length);
      encoded?.places.forEach(([start, end], index) => {
        const piece = pieces[index] ?? '';
        expect(said(tokenizer.decode(encoded.ids.slice(start, end)))).toBe(said(piece));
        // Spaces belong to what comes after them.
        expect(end > start).toBe(piece.trim() !== '');
      });
    },
  );

  it('finds a place for every token but those around the text, one after the other', () => {
    const tokenizer = tokenizerOf(name);
    const { ids = [], places = [] } = encodePieces(tokenizer, texts[0] ?? []) ?? {};
    const covered = places.flatMap(([start, end]) =>
      Array.from({ length: end - start }, (_, i) => start + i),
    );
    const own = ids.flatMap((id, index) => (tokenizer.frameIds.has(id) ? [] : [index]));
    expect(covered).toEqual(own);
  });

  it('gives none where a token reaches over the border of two pieces', () => {
    const tokenizer = tokenizerOf(name);
    // Words of both vocabularies that are one token.
    const whole = tokenizer.encodePlain('how many and');
    expect(whole).toHaveLength(3);
    expect(encodePieces(tokenizer, ['how', ' many', ' and'])).not.toBeNull();
    expect(encodePieces(tokenizer, ['how', ' ma', 'ny', ' and'])).toBeNull();
    expect(encodePieces(tokenizer, ['h', 'ow many and'])).toBeNull();
  });

  it('gives none for a text without tokens', () => {
    expect(encodePieces(tokenizerOf(name), [])).toBeNull();
    expect(encodePieces(tokenizerOf(name), [' '])).toBeNull();
  });
});

describe('the words of the page’s sentences', () => {
  it('can be told apart by the embedded tokenizer', () => {
    const lines = new TextDecoder().decode(bytes('public/training/problems.jsonl')).split('\n');
    const sentences = lines
      .slice(0, 300)
      .map((line) => (JSON.parse(line) as { question: string }).question);
    const blurred = sentences.filter(
      (text) => encodePieces(tokenizerOf('embedded'), splitTokens(text)) === null,
    );
    expect(blurred).toEqual([]);
  });
});
