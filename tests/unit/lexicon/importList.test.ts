// From files of every form to clean pairs: nothing is lost without a line number and a reason.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { exportList, importList } from '../../../src/lexicon/importList.ts';
import { maxFileBytes, readText } from '../../../src/lexicon/readText.ts';

const swahili = [
  ['nyumba', 'house'],
  ['maji', 'water'],
  ['mti', 'tree'],
  ['mkono', 'hand'],
  ['kununua', 'to buy'],
];
const pairs = swahili.map(([foreign = '', english = '']) => ({ foreign, english }));

describe('importList', () => {
  it.each([
    ['MUSE with tabs', swahili.map((row) => row.join('\t')).join('\n')],
    ['MUSE with spaces', swahili.map((row) => row.join(' ')).join('\n')],
    ['Windows line ends', swahili.map((row) => row.join('\t')).join('\r\n')],
    ['CSV', swahili.map((row) => row.join(',')).join('\n')],
    ['CSV with quotes', swahili.map((row) => row.map((c) => `"${c}"`).join(';')).join('\n')],
    ['CSV with a header', `Swahili,English\n${swahili.map((row) => row.join(',')).join('\n')}`],
    ['the English side first', swahili.map(([a, b]) => `${b}\t${a}`).join('\n')],
    [
      'a header that turns the sides',
      `english\tword\n${swahili.map(([a, b]) => `${b}\t${a}`).join('\n')}`,
    ],
    ['JSON pairs', JSON.stringify(swahili)],
    ['a JSON object', JSON.stringify(Object.fromEntries(swahili))],
    ['JSON records', JSON.stringify(swahili.map(([sw, en]) => ({ sw, en })))],
    ['JSON lines', swahili.map(([sw, en]) => JSON.stringify({ sw, en })).join('\n')],
    ['a byte order mark', `\uFEFF${swahili.map((row) => row.join('\t')).join('\n')}`],
  ])('reads %s', (_, text) => {
    const list = importList('sw.txt', text);
    expect(list.pairs).toEqual(pairs);
    expect(list.language).toBe('sw');
    expect(list.rejected).toEqual([]);
  });

  it('keeps several translations of a word, from repeated lines and from JSON lists', () => {
    const expected = [
      { foreign: 'basi', english: 'bus' },
      { foreign: 'basi', english: 'so' },
    ];
    expect(importList('sw', 'basi bus\nbasi so').pairs).toEqual(expected);
    expect(importList('sw', '{"basi": ["bus", "so"]}').pairs).toEqual(expected);
  });

  it('lists every line that it leaves out, with its number and the reason', () => {
    const text = [
      'nyumba\thouse',
      'peke',
      '',
      'maji\twater',
      'Nyumba\tHouse',
      'sawa\tsawa',
      '\ttree',
      'mti\t',
      '12\t12',
      `neno\t${'x'.repeat(90)}`,
    ].join('\n');
    const { pairs: kept, rejected } = importList('sw.tsv', text);
    expect(kept).toHaveLength(2);
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'only one word, no translation'],
      [5, 'the same pair as in line 1'],
      [6, 'both sides are the same'],
      [7, 'the foreign side is empty'],
      [8, 'the English side is empty'],
      [9, 'the foreign side has no letters'],
      [10, 'longer than 80 characters'],
    ]);
  });

  it('counts the lines of a CSV whose cells hold line breaks', () => {
    const { rejected } = importList(
      'sw.csv',
      'nyumba,house\n"maji\nsafi",water\npeke,\nmti,tree\n',
    );
    expect(rejected).toEqual([{ line: 4, text: 'peke\t', reason: 'the English side is empty' }]);
  });

  it('folds case by the rules of the language and composes letters', () => {
    expect(importList('tr.txt', 'IŞIK light\nİki two').pairs).toEqual([
      { foreign: 'ışık', english: 'light' },
      { foreign: 'iki', english: 'two' },
    ]);
    expect(importList('fr.txt', 'cafe\u0301 coffee').pairs[0]?.foreign).toBe('caf\u00e9');
  });

  it('turns the sides when asked', () => {
    expect(importList('sw.txt', 'nyumba house\nmaji water', { swap: true }).pairs[0]).toEqual({
      foreign: 'house',
      english: 'nyumba',
    });
  });

  it.each([
    ['en-sw.0-5000.txt', 'nyumba house', 'sw'],
    ['Esperanto words.csv', 'domo,house', 'eo'],
    ['haitian_creole.tsv', 'kay\thouse', 'ht'],
    ['swh.txt', 'nyumba house', 'sw'],
    ['list.txt', '家 house\n水 water', 'zh'],
    ['list.txt', 'いえ house\n水 water', 'ja'],
    ['list.txt', 'ቤት house\nውሃ water', 'am'],
    ['list.txt', 'nyumba house', 'und'],
  ])('guesses the language of %s with %s', (name, text, language) => {
    expect(importList(name, text).language).toBe(language);
  });

  it('refuses what holds no pair, and says what its first line lacks', () => {
    expect(() => importList('notes.txt', 'hello\nworld\n')).toThrow(
      'notes.txt holds no pair of words. Line 1: only one word, no translation.',
    );
    expect(() => importList('empty.txt', ' \n')).toThrow(
      'empty.txt holds no pair of words. It is empty.',
    );
    expect(() => importList('bad.json', '[["a", "b"]')).toThrow(/begins like JSON, but line 1/);
  });

  it('exports what it reads again', () => {
    expect(importList('sw', exportList(pairs)).pairs).toEqual(pairs);
  });

  it('reads 200,000 lines', () => {
    const text = Array.from(
      { length: 200_000 },
      (_, i) => `neno${i.toString(36)}x\tword${i % 999}q\n`,
    );
    expect(importList('sw.txt', text.join('')).pairs).toHaveLength(200_000);
  });

  it.each(['eo', 'ht'])('reads the sample list %s without losing a line', (language) => {
    const text = readFileSync(`public/lexicons/${language}.txt`, 'utf8');
    const list = importList(`${language}.txt`, text);
    expect(list.language).toBe(language);
    expect(list.pairs.length).toBeGreaterThan(1000);
    expect(list.pairs.length + list.rejected.length).toBe(text.trim().split('\n').length);
  });

  const everywhere =
    'house water two year day good man hand one big fire night city people name'.split(' ');
  const published = '../shared/data/lexicons';
  it.skipIf(!existsSync(published)).each([
    ['muse', /^en-([a-z]+)\.txt\.gz$/],
    ['gatitos', /^en_([a-z]+)\.tsv\.gz$/],
  ])('finds the English side and the language of every published list of %s', (folder, form) => {
    const files = readdirSync(`${published}/${folder}`).filter((file) => form.test(file));
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const text = gunzipSync(readFileSync(`${published}/${folder}/${file}`)).toString();
      const list = importList(file, text.split('\n').slice(0, 5000).join('\n'));
      const english = new Set(list.pairs.map((pair) => pair.english));
      expect(everywhere.filter((word) => english.has(word)).length, file).toBeGreaterThan(4);
      expect(list.language, file).toBe(Intl.getCanonicalLocales(form.exec(file)?.[1] ?? '')[0]);
    }
  });
});

describe('readText', () => {
  const read = (bytes: Uint8Array<ArrayBuffer>) => readText('list', new Blob([bytes]));

  it('unpacks gzip and reads UTF-16 with its mark', async () => {
    expect(await read(new Uint8Array(gzipSync('maji water')))).toBe('maji water');
    const wide = new Uint8Array([
      0xff,
      0xfe,
      ...new Uint8Array(new Uint16Array([...'maji'].map((c) => c.charCodeAt(0))).buffer),
    ]);
    expect(await read(wide)).toBe('maji');
  });

  it('refuses binary files, broken gzip and files that are too large, with a sentence', async () => {
    await expect(read(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 1]))).rejects.toThrow(
      'list is no text file',
    );
    await expect(read(new Uint8Array([0x6d, 0xff, 0xfe, 0x80]))).rejects.toThrow(
      'list is no text file',
    );
    const broken = new Uint8Array(gzipSync('maji water').subarray(0, 14));
    await expect(read(broken)).rejects.toThrow('list ends early or is damaged');
    // Sixty-five megabytes of spaces are a few kilobytes of gzip.
    const bomb = new Uint8Array(gzipSync(new Uint8Array(maxFileBytes + 1).fill(32)));
    await expect(read(bomb)).rejects.toThrow('word lists up to 64 MB can be read');
  });
});
