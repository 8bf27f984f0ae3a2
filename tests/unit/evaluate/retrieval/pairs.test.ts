// Reading sentence pairs, and the languages of Tatoeba as LASER has them.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPairTable, readParallel } from '../../../../src/evaluate/retrieval/pairs.ts';
import {
  bytesOf,
  fetchTatoeba,
  tatoebaLanguage,
  tatoebaLanguages,
  tatoebaPart,
} from '../../../../src/evaluate/retrieval/tatoeba.ts';

const data = new URL('../../../../../shared/data/tatoeba_laser/', import.meta.url);
const fileOf = (name: string) => readFileSync(new URL(name, data));
const texts = (pairs: readonly { source: string; target: string }[]) =>
  pairs.map(({ source, target }) => [source, target]);

describe('readParallel', () => {
  it('joins the lines of two files, whatever ends them', () => {
    const { pairs, malformed } = readParallel('\uFEFFmaji\r\nmti\r\n', 'water\ntree');
    expect(texts(pairs)).toEqual([
      ['maji', 'water'],
      ['mti', 'tree'],
    ]);
    expect(pairs.map(({ line }) => line)).toEqual([1, 2]);
    expect(malformed).toEqual([]);
  });

  it('lists lines with one side only and repeated sentences, and reads the rest', () => {
    const { pairs, malformed } = readParallel('a\n\nc\n\na\nf', 'A\nB\n\n\nE\nF');
    expect(texts(pairs)).toEqual([
      ['a', 'A'],
      ['f', 'F'],
    ]);
    expect(malformed).toEqual([
      { line: 2, reason: 'the first sentence is missing' },
      { line: 3, reason: 'the second sentence is missing' },
      { line: 5, reason: 'it repeats a sentence of line 1' },
    ]);
  });

  it('refuses files whose lines cannot belong together', () => {
    expect(() => readParallel('a\nb\n', 'A\n')).toThrow(/one has 2 lines, the other 1/);
  });
});

describe('readPairTable', () => {
  it('reads TSV with quotation marks as letters', () => {
    const { pairs } = readPairTable('"Ndiyo" alisema\tHe said "yes"\nMaji\tWater\n');
    expect(texts(pairs)).toEqual([
      ['"Ndiyo" alisema', 'He said "yes"'],
      ['Maji', 'Water'],
    ]);
  });

  it('reads CSV with quoted cells and leaves out a header', () => {
    const { pairs } = readPairTable('sw,en\n"Moja, mbili","One, two"\nMaji,Water\n');
    expect(texts(pairs)).toEqual([
      ['Moja, mbili', 'One, two'],
      ['Maji', 'Water'],
    ]);
    expect(pairs.map(({ line }) => line)).toEqual([2, 3]);
  });

  it('brings sentences to NFC', () => {
    const { pairs } = readPairTable('cafe\u0301\tcoffee house\n');
    expect(pairs[0]?.source).toBe('caf\u00e9');
  });

  it('lists rows without a translation in the order of their lines', () => {
    const { pairs, malformed } = readPairTable('Maji\tWater\nMti\nMoja\tOne\tUno\nMbili\tTwo\n');
    expect(texts(pairs)).toEqual([
      ['Maji', 'Water'],
      ['Mbili', 'Two'],
    ]);
    expect(malformed.map(({ line }) => line)).toEqual([2, 3]);
  });

  it('refuses a text without columns', () => {
    expect(() => readPairTable('Maji\nMti\n')).toThrow(/no line has two columns/);
  });
});

describe('the table of Tatoeba', () => {
  it('has the languages of the embedded bundle but Yoruba', () => {
    const tags = [
      'es',
      'fr',
      'de',
      'pt',
      'ru',
      'zh',
      'ja',
      'ko',
      'th',
      'vi',
      'id',
      'hi',
      'bn',
      'te',
      'ar',
      'tr',
    ];
    for (const tag of [...tags, 'sw', 'am']) expect(tatoebaLanguage(tag), tag).not.toBeNull();
    expect(tatoebaLanguage('yo')).toBeNull();
    expect(tatoebaLanguage('sw')?.code).toBe('swh');
    expect(tatoebaLanguage('zh')?.code).toBe('cmn');
  });

  it('names each language once', () => {
    expect(new Set(tatoebaLanguages.map(({ tag }) => tag)).size).toBe(112);
    expect(tatoebaLanguages.reduce((sum, { pairs }) => sum + pairs, 0)).toBe(88877);
  });

  it('knows files by their names', () => {
    expect(tatoebaPart('tatoeba.swh-eng.swh')).toMatchObject({
      language: { tag: 'sw' },
      side: 'source',
    });
    expect(tatoebaPart('tatoeba.swh-eng.eng')).toMatchObject({
      language: { tag: 'sw' },
      side: 'target',
    });
    expect(tatoebaPart('tatoeba.swh-eng.fra')).toBeNull();
  });
});

describe.skipIf(!existsSync(data))('the files of Tatoeba', () => {
  /** Serves the files from disk, altered where `alter` says so. */
  const served =
    (
      alter: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> = (bytes) => bytes,
    ): typeof fetch =>
    async (address) =>
      new Response(alter(new Uint8Array(fileOf(String(address).replace(/^.*\//, '')))));

  it('are fetched, checked and read without a malformed line in all languages', async () => {
    for (const language of tatoebaLanguages) {
      const progress: number[] = [];
      const { pairs, malformed } = await fetchTatoeba(language, {
        fetch: served(),
        cache: null,
        onProgress: (loaded) => progress.push(loaded),
      });
      expect(malformed).toEqual([]);
      expect(pairs.length, language.code).toBe(language.pairs);
      expect(progress.at(-1)).toBe(bytesOf(language));
    }
  });

  it('are refused when they are not what was published', async () => {
    const [language] = tatoebaLanguages;
    if (!language) throw new Error('the table is empty');
    const options = { fetch: served((bytes) => bytes.subarray(0, -1)), cache: null };
    await expect(fetchTatoeba(language, options)).rejects.toMatchObject({
      code: 'dataset-changed',
    });
  });
});
