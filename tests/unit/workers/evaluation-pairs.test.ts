// Sentence pairs in the evaluation worker: own files, published ones, and what is drawn from them.
import { existsSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CacheLike } from '../../../src/bundle/cache.ts';
import { EvaluationPairs } from '../../../workers/evaluation-pairs.ts';

const data = '../shared/data/tatoeba_laser';
const never = new AbortController().signal;

class MemoryCache implements CacheLike {
  readonly files = new Map<string, Blob>();
  match = async (address: string) => {
    const file = this.files.get(address);
    return file && new Response(file);
  };
  put = async (address: string, response: Response) => {
    this.files.set(address, await response.blob());
  };
  delete = async (address: string) => this.files.delete(address);
}

const file = (name: string, text: string) => ({ name, file: new Blob([text]) });

describe('EvaluationPairs', () => {
  let cache: MemoryCache;
  let downloads: string[];
  let pairs: EvaluationPairs;

  beforeEach(() => {
    cache = new MemoryCache();
    downloads = [];
    pairs = new EvaluationPairs({
      cache,
      fetch: async (address) => {
        downloads.push(String(address));
        const name = String(address).replace(/^.*\//, '');
        return new Response(readFileSync(`${data}/${name}`));
      },
    });
  });

  it('reads a table, names its language by its file and lists the lines that are no pairs', async () => {
    const text = 'moja\tone\n\ttwo\ntatu\tthree\nmoja\tagain\nnne\tfour\ntano\tfive\n';
    expect(await pairs.open([file('words.sw.tsv', text)])).toEqual({
      ...{ name: 'words.sw.tsv', source: 'sw', target: 'en', pairs: 4 },
      first: [
        { line: 1, source: 'moja', target: 'one' },
        { line: 3, source: 'tatu', target: 'three' },
        { line: 5, source: 'nne', target: 'four' },
      ],
      malformedLines: 2,
      malformed: [
        { line: 2, reason: 'the first sentence is missing' },
        { line: 4, reason: 'it repeats a sentence of line 1' },
      ],
    });
  });

  it('takes the English of two files for the target, whichever comes first', async () => {
    const files = [file('ntrex.en.txt', 'one\ntwo'), file('ntrex.sw.txt', 'moja\nmbili')];
    for (const order of [files, files.toReversed()]) {
      expect(await pairs.open(order)).toMatchObject({
        ...{ source: 'sw', target: 'en', pairs: 2 },
        first: [{ source: 'moja', target: 'one' }, {}],
      });
    }
    const test = [file('tatoeba.swh-eng.eng', 'one'), file('tatoeba.swh-eng.swh', 'moja')];
    expect(await pairs.open(test)).toMatchObject({ source: 'sw', target: 'en' });
  });

  it('refuses three files', async () => {
    const three = ['a', 'b', 'c'].map((name) => file(`${name}.txt`, 'x'));
    await expect(pairs.open(three)).rejects.toMatchObject({ code: 'too-many-files' });
  });

  it('draws the same pairs with the same seed, in their order, the smaller within the larger', async () => {
    const lines = Array.from({ length: 50 }, (_, at) => `maneno ${at}\twords ${at}`);
    await pairs.open([file('a.tsv', lines.join('\n'))]);
    const [few, again, more, others] = await Promise.all([
      pairs.draw(5, 1),
      pairs.draw(5, 1),
      pairs.draw(20, 1),
      pairs.draw(5, 2),
    ]);
    expect(few).toEqual(again);
    expect(few.pairs.map(({ line }) => line)).toEqual(
      few.pairs.map(({ line }) => line).toSorted((a, b) => a - b),
    );
    expect(more.pairs).toEqual(expect.arrayContaining(few.pairs));
    expect(others.sha256).not.toBe(few.sha256);
    expect((await pairs.draw(null, 1)).pairs).toHaveLength(50);
  });

  it('refuses a language that the test set lacks', async () => {
    await expect(pairs.fetch('yo', () => undefined, never)).rejects.toMatchObject({
      code: 'no-language',
    });
  });

  describe.skipIf(!existsSync(data))('with the published files', () => {
    const isStored = async () =>
      (await pairs.set()).languages.find(({ tag }) => tag === 'sw')?.isStored;

    it('fetches a language once, keeps it, and forgets it when told to', async () => {
      const bytes: number[] = [];
      const summary = await pairs.fetch('sw', (loaded) => bytes.push(loaded), never);
      expect(summary).toMatchObject({ source: 'sw', target: 'en', pairs: 390 });
      expect(bytes.at(-1)).toBe(
        (await pairs.set()).languages.find(({ tag }) => tag === 'sw')?.bytes,
      );
      expect(await isStored()).toBe(true);
      await pairs.fetch('sw', () => undefined, never);
      expect(downloads).toHaveLength(2);
      await pairs.forget('sw');
      expect(await isStored()).toBe(false);
      expect(cache.files.size).toBe(0);
    });
  });
});
