// A retrieval from texts to figures: with vectors that are known, and through a tiny bundle.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../../../../cli/node-runtime.ts';
import { Alignment } from '../../../../src/bridge/alignment.ts';
import { Bridge } from '../../../../src/bridge/bridge.ts';
import type { Vectors } from '../../../../src/bridge/encoder.ts';
import { Tokenizer } from '../../../../src/bridge/tokens.ts';
import { statesNames } from '../../../../src/bridge/types.ts';
import type { BundleFiles } from '../../../../src/bundle/files.ts';
import { loadBundle } from '../../../../src/bundle/load.ts';
import { poolings, type Pooling } from '../../../../src/bundle/manifest.ts';
import {
  mostPairs,
  retrieve,
  type RetrievalProgress,
} from '../../../../src/evaluate/retrieval/retrieve.ts';
import { sentenceVector } from '../../../../src/evaluate/retrieval/vectors.ts';
import { makeTinyBundle, MemorySource } from '../../../support/tiny-bundle.ts';

/** Reads "3 4" as the states of one token. */
const numbersBridge: Pick<Bridge, 'withStates'> = {
  withStates: (_, work) =>
    work({
      read: async (text) => {
        const data = Float32Array.from(text.split(' '), Number);
        return { data, length: 1, width: data.length };
      },
      pooling: 'mean',
    }),
};
const pairs = [
  { source: '1 0', target: '9 1' },
  { source: '0 1', target: '8 1' },
  { source: '1 1', target: '1 1' },
];
const request = { pairs, states: 'encoder', neighbours: 4 } as const;

describe('retrieve', () => {
  it('counts who finds whom in both directions, with intervals', async () => {
    const { matches, kept, similarity, projection } = await retrieve(numbersBridge, request);
    expect(kept).toEqual([0, 1, 2]);
    expect([...matches.cosine.forward.places]).toEqual([0, 2, 2]);
    expect([...matches.cosine.backward.places]).toEqual([0, 0, 2]);
    expect(matches.cosine.forward.right).toBe(2);
    // statsmodels.stats.proportion.proportion_confint(2, 3, method='wilson')
    expect(matches.cosine.forward.interval).toEqual([
      expect.closeTo(0.2077, 4),
      expect.closeTo(0.9385, 4),
    ]);
    expect([similarity.rows, similarity.columns]).toEqual([3, 3]);
    expect(similarity.data[1]).toBeCloseTo(8 / Math.sqrt(65), 6);
    expect(projection.points.length).toBe(2 * 6);
  });

  it('reports how far it is', async () => {
    const seen: RetrievalProgress[] = [];
    await retrieve(numbersBridge, request, (progress) => seen.push(progress));
    expect(seen.map(({ done }) => done)).toEqual([0, 2, 4, 6]);
    expect(seen.every(({ total }) => total === 6)).toBe(true);
  });

  it('ends with the code `cancelled` when it is told to stop', async () => {
    const stop = new AbortController();
    const search = retrieve(numbersBridge, request, () => stop.abort(), stop.signal);
    await expect(search).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('keeps the first fifty pairs for the heat map', async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ source: `${at} 7`, target: `7 ${at}` }));
    const { similarity } = await retrieve(numbersBridge, { ...request, pairs: many });
    expect([similarity.rows, similarity.columns]).toEqual([50, 50]);
    // Row 2, column 1: (1, 7) and (7, 0).
    expect(similarity.data[50]).toBeCloseTo(1 / Math.sqrt(50), 6);
  });

  it('refuses more pairs than memory is meant for, and fewer than two', async () => {
    const many = Array.from({ length: mostPairs + 1 }, () => ({ source: '1', target: '1' }));
    await expect(retrieve(numbersBridge, { ...request, pairs: many })).rejects.toMatchObject({
      code: 'too-many-pairs',
    });
    const one = { ...request, pairs: pairs.slice(0, 1) };
    await expect(retrieve(numbersBridge, one)).rejects.toMatchObject({ code: 'too-few-pairs' });
  });
});

describe('retrieve through a bundle', () => {
  const runtime = createNodeRuntime();
  let files: BundleFiles;
  let bridge: Bridge;

  beforeAll(async () => {
    ({ files } = await loadBundle(new MemorySource(await makeTinyBundle())));
    bridge = await Bridge.load(files, runtime);
  });
  afterAll(() => bridge.dispose());

  const sentences = [
    { source: 'Ana ana maembe 12.', target: 'Ana has 12 mangoes.' },
    { source: 'Juma alinunua vitabu.', target: 'Juma bought books.' },
    { source: '1 2 3 4 5', target: '1 2 3 4 5' },
    { source: 'Maji', target: 'Water' },
  ];
  const states = (of: (typeof statesNames)[number], text: string): Promise<Vectors> =>
    bridge.withStates(of, ({ read }) => read(text));
  const rows = ({ data, width }: Vectors, from: number, to: number) => [
    ...data.slice(from * width, to * width),
  ];

  it('reads the tokens of a text with slots, and not what is around them', async () => {
    const tokens = new Tokenizer(files, files.manifest.encoder).encode('Ana ana maembe <n0>.');
    const all = await bridge.encode('Ana ana maembe <n0>.', 'states');
    const own = await states('encoder', 'Ana ana maembe 12.');
    expect(all.length).toBe(tokens.length);
    expect(own.length).toBe(tokens.length - 2);
    expect(rows(own, 0, own.length)).toEqual(rows(all, 1, all.length - 1));
  });

  /** The same bundle with another rule, and with another tokenizer.json where one is given. */
  const withRule = (rule: Pooling, tokenizer: object | null = null): Promise<Bridge> => {
    const { encoder, ...rest } = files.manifest;
    const ruled = files.as({ ...rest, encoder: { ...encoder, pooling: rule } });
    if (tokenizer === null) return Bridge.load(ruled, runtime);
    const bytes = new TextEncoder().encode(JSON.stringify(tokenizer));
    return Bridge.load(ruled.with(encoder.tokenizer, bytes), runtime);
  };

  it('reads the first token alone where the encoder stands for a sentence by it', async () => {
    const ruled = await withRule('cls');
    const all = await bridge.encode('Maji', 'states');
    await ruled.withStates('encoder', async ({ read, pooling }) => {
      expect(pooling).toBe('cls');
      expect(await read('Maji')).toEqual({ ...all, data: all.data.slice(0, 32), length: 1 });
      await expect(read(' ')).rejects.toMatchObject({ code: 'question-empty' });
    });
    // Rows of a soft prompt are the LLM's: the encoder's rule says nothing of them.
    await ruled.withStates('langbridge', async ({ read, pooling }) => {
      expect(pooling).toBe('mean');
      expect(await read('Maji')).toEqual(await states('langbridge', 'Maji'));
    });
    await ruled.dispose();
  });

  it.each(poolings)('keeps padding out of vectors by the rule %s', async (rule) => {
    // Published encoders ask for padding in tokenizer.json, to the longest text of a batch or to a fixed length.
    const padding = {
      ...{ strategy: { Fixed: 48 }, direction: 'Right', pad_to_multiple_of: null },
      ...{ pad_id: 1, pad_type_id: 0, pad_token: '<pad>' },
    };
    const plain = files.json(files.manifest.encoder.tokenizer);
    const [padded, unpadded] = [
      await withRule(rule, { ...Object(plain), padding } as object),
      await withRule(rule),
    ];
    const vectorsOf = (one: Bridge) =>
      one.withStates('encoder', async ({ read, pooling }) => [
        sentenceVector(await read('Maji'), pooling),
        sentenceVector(await read('Juma alinunua vitabu.'), pooling),
      ]);
    expect(await vectorsOf(padded)).toEqual(await vectorsOf(unpadded));
    await Promise.all([padded.dispose(), unpadded.dispose()]);
  });

  it('finds by the rule of the manifest', async () => {
    const byMean = await retrieve(bridge, { ...request, pairs: sentences });
    const ruled = await withRule('max');
    const found = await retrieve(ruled, { ...request, pairs: sentences });
    expect(found.similarity.data).not.toEqual(byMean.similarity.data);
    const [source, target] = await ruled.withStates('encoder', ({ read }) =>
      Promise.all([read('Ana ana maembe 12.'), read('Ana has 12 mangoes.')]),
    );
    const highest = ({ data, length, width }: Vectors) =>
      Array.from({ length: width }, (_, i) =>
        Math.max(...Array.from({ length }, (__, row) => data[row * width + i] ?? NaN)),
      );
    const [a, b] = [highest(source), highest(target)];
    const product = a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
    const cosine = product / Math.hypot(...a) / Math.hypot(...b);
    expect(found.similarity.data[0]).toBeCloseTo(cosine, 5);
    await ruled.dispose();
  });

  it('reads aligned states without the learned end', async () => {
    const file = files.manifest.alignments.langbridge?.file ?? '';
    const alignment = await Alignment.open(runtime, file, files.bytes(file));
    const softPrompt = await alignment.align(await bridge.encode('Maji', 'states'));
    const own = await states('langbridge', 'Maji');
    expect(own.length).toBe(softPrompt.length - 3);
    expect(rows(own, 0, own.length)).toEqual(rows(softPrompt, 1, softPrompt.length - 2));
    await alignment.dispose();
  });

  it('leaves out pairs that the models cannot read, and says why', async () => {
    const { kept, skipped } = await retrieve(bridge, { ...request, pairs: sentences });
    expect(kept).toEqual([0, 1, 3]);
    expect(skipped).toEqual([{ pair: 2, reason: expect.stringContaining('5 numbers') as string }]);
  });

  it('finds each sentence again where both sides are the same, whatever the states', async () => {
    const same = sentences.slice(0, 2).map(({ source }) => ({ source, target: source }));
    for (const name of statesNames) {
      const { states, width, matches } = await retrieve(bridge, {
        ...request,
        pairs: same,
        states: name,
      });
      expect([states, width]).toEqual([name, name === 'encoder' ? 32 : 64]);
      expect([matches.cosine.forward.right, matches.margin.backward.right]).toEqual([2, 2]);
    }
  });

  it('reads the states of the alignment that is in the place of `lingualift`', async () => {
    const before = await states('lingualift', 'Maji');
    const file = files.manifest.alignments.langbridge?.file ?? '';
    await bridge.replaceAlignment({ alignment: files.bytes(file), adapter: null });
    expect(await states('lingualift', 'Maji')).toEqual(await states('langbridge', 'Maji'));
    await bridge.replaceAlignment(null);
    expect(await states('lingualift', 'Maji')).toEqual(before);
  });

  it('goes on with the alignment that it began with when another takes its place', async () => {
    const file = files.manifest.alignments.langbridge?.file ?? '';
    const all = { ...request, pairs: sentences, states: 'lingualift' } as const;
    const expected = await retrieve(bridge, all);
    let replaced: Promise<void> | null = null;
    const search = await retrieve(bridge, all, () => {
      replaced ??= bridge.replaceAlignment({ alignment: files.bytes(file), adapter: null });
    });
    expect(search).toEqual(expected);
    await replaced;
    await bridge.replaceAlignment(null);
  });
});
