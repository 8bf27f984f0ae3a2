// The retrieval panel without the page: what is read, what is searched, what stands side by side, what was missed.
import { beforeEach, describe, expect, it } from 'vitest';
import { describeDifference, missedPairs } from '../../../../src/app/evaluate/retrieval/missed.ts';
import { Searches } from '../../../../src/app/evaluate/retrieval/searches.svelte.ts';
import {
  encoderExplanation,
  offeredStates,
  statesLabel,
} from '../../../../src/app/evaluate/retrieval/states.ts';
import { directionName } from '../../../../src/app/evaluate/retrieval/views.ts';
import { Models } from '../../../../src/app/models/models.svelte.ts';
import type { StatesName } from '../../../../src/bridge/types.ts';
import { LinguaLiftError } from '../../../../src/bundle/errors.ts';
import type { Matches, Retrieval } from '../../../../src/evaluate/retrieval/retrieve.ts';
import type { CallOptions } from '../../../../workers/calls-protocol.ts';
import type {
  CallName,
  DrawnPairs,
  EvaluationCalls,
  PairSet,
  PairSummary,
} from '../../../../workers/evaluation-protocol.ts';
import { bundle, FakeClient, settle } from '../fakes.ts';

const matchesOf = (places: number[]): Matches => ({
  places: Int32Array.from(places),
  scores: new Float32Array(places.length),
  right: places.filter((place, at) => place === at).length,
  interval: [0, 1],
});

/** A result in which each of the kept pairs takes the place that is given. */
function resultOf(
  states: StatesName,
  kept: number[],
  forward: number[],
  backward = kept.map((_, at) => at),
): Retrieval {
  const matches = { forward: matchesOf(forward), backward: matchesOf(backward) };
  return {
    ...{ states, kept, width: 2, neighbours: 4, skipped: [] },
    matches: { cosine: matches, margin: matches },
    similarity: { data: new Float32Array(), rows: 0, columns: 0 },
    projection: { points: new Float32Array(), explained: [0, 0] },
  };
}

const pairSet: PairSet = {
  ...{ name: 'Tatoeba', licence: { name: '', url: '' }, home: '' },
  languages: ['af', 'es', 'sw'].map((tag) => ({ tag, pairs: 100, bytes: 9, isStored: false })),
};
const summary: PairSummary = {
  ...{ name: 'Tatoeba', source: 'sw', target: 'en', pairs: 100, first: [] },
  ...{ malformedLines: 0, malformed: [] },
};
const drawn: DrawnPairs = {
  sha256: 'a1',
  pairs: [
    { line: 1, source: 'moja', target: 'one' },
    { line: 4, source: 'mbili', target: 'two' },
    { line: 9, source: 'tatu', target: 'three' },
  ],
};

describe('Searches', () => {
  let results: { [Name in CallName]?: EvaluationCalls[Name]['result'] | Error };
  let asked: { name: CallName; request: unknown; options?: CallOptions<never> }[];
  let client: FakeClient;
  let models: Models;
  let searches: Searches;

  beforeEach(async () => {
    results = { pairSet, fetchPairs: summary, openPairs: summary, drawPairs: drawn };
    asked = [];
    client = new FakeClient();
    models = new Models('https://example.org/bundle.json', () => client);
    searches = new Searches(models, (name, request, options) => {
      asked.push({ name, request, ...(options && { options }) });
      const result = results[name];
      return (result instanceof Error ? Promise.reject(result) : Promise.resolve(result)) as never;
    });
    void models.load();
    const alignment = { file: '', adapter: null };
    const manifest = {
      ...bundle.manifest,
      alignments: { langbridge: alignment, lingualift: alignment },
    };
    client.loads[0]?.resolve({ ...bundle, manifest });
    await searches.choice.load();
    await searches.choice.fetch('sw');
  });

  /** Lets the client answer the search that it was asked last. */
  const answer = async (result: Retrieval) => {
    await settle();
    client.retrievals.at(-1)?.resolve(result);
    await settle();
  };

  /** A whole search with one kind of states: its end waits for a hash, which takes as long as it takes. */
  const search = async (result: Retrieval) => {
    const running = searches.start();
    await answer(result);
    expect(await running).toBe(true);
  };

  it('searches the drawn pairs with each of the states in turn', async () => {
    const search = searches.start();
    await settle();
    const [first] = client.retrievals;
    expect(first?.request).toEqual({
      pairs: drawn.pairs.map(({ source, target }) => ({ source, target })),
      ...{ states: 'encoder', neighbours: 4 },
    });
    first?.report({ done: 3, total: 6 });
    expect(searches.progress).toEqual({ label: 'Encoder', done: 3, total: 6, share: 1 / 6 });
    for (const states of ['encoder', 'langbridge', 'lingualift'] as const) {
      await answer(resultOf(states, [0, 1], [0, 1]));
    }
    expect(await search).toBe(true);
    expect(searches.progress).toBeNull();
    expect(asked.at(-1)).toEqual({ name: 'drawPairs', request: { limit: 200, seed: 1 } });
    expect(searches.groups).toMatchObject([
      {
        ...{ name: 'Tatoeba', source: 'sw', target: 'en', seed: 1 },
        found: [{ label: 'Encoder' }, { label: 'LangBridge' }, { label: 'LinguaLIFT' }],
      },
    ]);
  });

  it('names the bridge that Fine-tune put in the place of LinguaLIFT, and keeps both side by side', async () => {
    searches.without = ['encoder', 'langbridge'];
    await search(resultOf('lingualift', [0, 1], [1, 1]));
    const alignment = new TextEncoder().encode('an alignment');
    await models.use({
      id: 'run',
      name: 'Esperanto',
      replacement: { name: 'x', alignment } as never,
    });
    await search(resultOf('lingualift', [0, 1], [0, 1]));
    const labels = () => searches.groups.map(({ found }) => found.map(({ label }) => label));
    expect(labels()).toEqual([['LinguaLIFT', 'LinguaLIFT: Esperanto']]);
    // The same again takes its old place.
    await search(resultOf('lingualift', [0, 1], [0, 1]));
    expect(labels()).toEqual([['LinguaLIFT', 'LinguaLIFT: Esperanto']]);
  });

  it('keeps other pairs apart, and lets results be removed', async () => {
    searches.without = ['encoder', 'langbridge'];
    await search(resultOf('lingualift', [0, 1], [0, 1]));
    results.drawPairs = { ...drawn, sha256: 'b2' };
    await search(resultOf('lingualift', [0, 1], [0, 1]));
    expect(searches.groups.map(({ key }) => key)).toEqual(['sw en b2', 'sw en a1']);
    searches.remove('sw en b2', searches.groups[0]?.found[0]?.id ?? 0);
    expect(searches.groups.map(({ key }) => key)).toEqual(['sw en a1']);
  });

  it('keeps what was found before a stop, and calls the stop no error', async () => {
    const search = searches.start();
    await answer(resultOf('encoder', [0, 1], [0, 1]));
    searches.stop();
    expect(await search).toBe(false);
    expect(searches.error).toBeNull();
    expect(searches.groups[0]?.found.map(({ label }) => label)).toEqual(['Encoder']);
  });

  it('stops before the models are asked', async () => {
    const search = searches.start();
    searches.stop();
    expect(await search).toBe(false);
    expect(client.retrievals).toEqual([]);
    expect(searches.error).toBeNull();
  });

  it('tells why a search failed, and that crashed models are gone', async () => {
    const search = searches.start();
    await settle();
    client.retrievals[0]?.reject(new LinguaLiftError('worker-crashed', 'It stopped.'));
    expect(await search).toBe(false);
    expect(searches.error?.message).toBe('It stopped.');
    expect(models.status.kind).toBe('failed');
  });

  it('says what is missing before it searches', async () => {
    searches.without = ['encoder', 'langbridge', 'lingualift'];
    searches.choice.limit = 1;
    searches.choice.seed = 0.5;
    expect(searches.problems).toEqual([
      'Pairs: a whole number from 2.',
      'Seed: a whole number from 0.',
      'Choose states to compare.',
    ]);
    results.openPairs = { ...summary, pairs: 5000 };
    await searches.choice.open([new File([''], 'x.tsv')]);
    searches.choice.limit = null;
    expect(searches.choice.problems).toEqual([
      'At most 2000 pairs are searched at once: choose a subset.',
    ]);
    searches.choice.chooseOrigin('published');
    expect(searches.choice.problems).toEqual(['No sentence pairs have been read yet.']);
  });

  it('offers the languages that the models know first', () => {
    const language = { code: 'sw', name: '', english: '', resource: 'low' } as const;
    const manifest = { ...bundle.manifest, languages: [language] };
    expect(searches.choice.languages(manifest).map(({ tag }) => tag)).toEqual(['sw', 'af', 'es']);
    searches.choice.picked = null;
    expect(searches.choice.language(manifest)?.tag).toBe('sw');
    searches.choice.chooseLanguage('es');
    expect(searches.choice.language(manifest)?.tag).toBe('es');
    expect(searches.choice.read.value).toBeNull();
  });

  it('keeps why pairs could not be read, but not that reading was cancelled', async () => {
    results.fetchPairs = new LinguaLiftError('offline', 'You are offline.');
    await searches.choice.fetch('es');
    expect(searches.choice.read.error?.code).toBe('offline');
    const fetching = searches.choice.fetch('es');
    searches.choice.read.cancel();
    expect(asked.findLast(({ name }) => name === 'fetchPairs')?.options?.signal?.aborted).toBe(
      true,
    );
    await fetching;
    expect(searches.choice.read).toMatchObject({ error: null, value: null, isCancelled: true });
  });
});

describe('missed sentences', () => {
  // Pair 1 could not be read by the second: places are those of what was kept.
  const encoder = resultOf('encoder', [0, 1, 2, 3], [0, 2, 2, 0], [3, 1, 2, 3]);
  const bridge = resultOf('lingualift', [0, 2, 3], [0, 1, 1]);
  const forward = { measure: 'cosine', direction: 'forward' } as const;

  it('are those that one of the results missed at least, with what each took', () => {
    expect(missedPairs([encoder, bridge], forward)).toEqual([
      { pair: 1, taken: [2, null] },
      { pair: 3, taken: [0, 2] },
    ]);
    expect(missedPairs([encoder], { measure: 'margin', direction: 'backward' })).toEqual([
      { pair: 0, taken: [3] },
    ]);
  });

  it('are compared over the pairs that both have read', () => {
    const names = ['Encoder', 'LinguaLIFT'] as const;
    expect(describeDifference([encoder, bridge], names, forward)).toMatch(
      /^Of 3 sentences, Encoder finds the translation of 0 that LinguaLIFT misses, and 0 the other way round: p = 1, not/,
    );
    const right = resultOf('lingualift', [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]);
    const wrong = resultOf('encoder', [0, 1, 2, 3, 4, 5], [1, 0, 3, 2, 5, 4]);
    // scipy.stats.binomtest(0, 6).pvalue = 0.03125
    expect(describeDifference([wrong, right], names, forward)).toMatch(/: p = \.031, decided\.$/);
  });
});

describe('states', () => {
  it('are those of the bundle and of a learned bridge', () => {
    expect(offeredStates({ alignments: {} }, false)).toEqual(['encoder']);
    expect(offeredStates({ alignments: {} }, true)).toEqual(['encoder', 'lingualift']);
    expect(statesLabel('langbridge', { name: 'Mine' })).toBe('LangBridge');
    expect(statesLabel('lingualift', { name: 'Mine' })).toBe('LinguaLIFT: Mine');
  });

  it('of the encoder say by which rule they stand for a sentence', () => {
    expect(encoderExplanation({})).toMatch(
      /before any bridge\. A sentence is the mean of its tokens\.$/,
    );
    expect(encoderExplanation({ pooling: 'cls' })).toMatch(/first token/);
    expect(encoderExplanation({ pooling: 'mean', poolingAsked: 'lasttoken' })).toMatch(
      /mean of its tokens\. .*another rule, “lasttoken”/,
    );
  });

  it('are searched from either side', () => {
    expect(directionName('backward', { source: 'Swahili', target: 'English' })).toBe(
      'English → Swahili',
    );
  });
});
