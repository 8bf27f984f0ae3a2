// The draft of a new run: what it takes from the bundle and the data, and what keeps it from starting.
import { beforeEach, describe, expect, it } from 'vitest';
import { roughTime } from '../../../../src/app/evaluate/estimate.ts';
import { areRunFiles } from '../../../../src/app/evaluate/files.ts';
import { EvaluationSetup, ownFiles } from '../../../../src/app/evaluate/setup.svelte.ts';
import { LinguaLiftError } from '../../../../src/bundle/errors.ts';
import type { BundleManifest } from '../../../../src/bundle/manifest.ts';
import type {
  CallName,
  DataSummary,
  EvaluationCalls,
  KnownSet,
} from '../../../../workers/evaluation-protocol.ts';
import { bundle } from '../fakes.ts';

const language = (code: string) =>
  ({ code, name: code, english: code, resource: 'high' }) as BundleManifest['languages'][number];
const manifest: BundleManifest = { ...bundle.manifest, languages: ['en', 'sw'].map(language) };

const mgsm: KnownSet = {
  ...{ id: 'mgsm', name: 'MGSM', description: '', home: '', stored: [], hasExemplars: true },
  ...{ licence: { name: '', url: '' }, languages: ['bn', 'en', 'sw'], bytes: { bn: 1 } },
};
const data: DataSummary = {
  dataset: 'mgsm',
  facts: { name: 'MGSM', licence: '', sources: [], sha256: '', malformed: 0 },
  languages: [
    { lang: 'en', problems: 250 },
    { lang: 'sw', problems: 9 },
  ],
  malformed: [],
};

describe('EvaluationSetup', () => {
  let results: { [Name in CallName]?: EvaluationCalls[Name]['result'] | Error };
  let asked: { name: CallName; request: unknown }[];
  let setup: EvaluationSetup;

  beforeEach(async () => {
    results = { sets: [{ ...mgsm, id: 'built-in', bytes: null }, mgsm], fetch: data };
    asked = [];
    setup = new EvaluationSetup((name, request) => {
      asked.push({ name, request });
      const result = results[name];
      return (result instanceof Error ? Promise.reject(result) : Promise.resolve(result)) as never;
    });
    await setup.load();
    setup.choose('mgsm');
  });

  it('reads the languages that the set and the models have in common', async () => {
    await setup.fetch(manifest);
    expect(asked).toContainEqual({
      name: 'fetch',
      request: { set: 'mgsm', languages: ['en', 'sw'] },
    });
    expect(setup.usable({ ...manifest, languages: [] })).toEqual(['bn', 'en', 'sw']);
  });

  it('asks no more problems of a language than it has', async () => {
    await setup.fetch(manifest);
    setup.limit = 20;
    expect(setup.asked).toEqual([
      { lang: 'en', problems: 20 },
      { lang: 'sw', problems: 9 },
    ]);
    setup.toggleLanguage('en');
    setup.limit = null;
    expect(setup.asked).toEqual([{ lang: 'sw', problems: 9 }]);
  });

  it('says what is missing before it makes a config', async () => {
    expect(setup.problems(manifest, true)).toEqual(['No problems have been read yet.']);
    await setup.fetch(manifest);
    setup.allLanguages(false);
    setup.routes = ['langbridge'];
    setup.limit = 1.5;
    setup.seed = NaN;
    expect(setup.problems(manifest, true)).toEqual([
      'Choose a language.',
      'Choose a route.',
      'Problems a language: a whole number from 1.',
      'Seed: a whole number from 0.',
    ]);
  });

  it('records what was chosen, and worked problems only where they can be used', async () => {
    await setup.fetch(manifest);
    setup.exemplars = 4;
    const loaded = { ...bundle, manifest };
    expect(setup.config(loaded, true)).toEqual({
      ...{ dataset: 'mgsm', languages: ['en', 'sw'], routes: ['direct', 'lingualift'] },
      ...{ limit: 20, seed: 1, exemplars: 4, calculator: true, maxNewTokens: 160, batchSize: 8 },
    });
    const slots = { question: 16, result: 16 };
    const withSlots = { ...loaded, manifest: { ...manifest, slots } };
    expect(setup.config(withSlots, true).exemplars).toBe(0);
  });

  it('reads recognised files at once, and maps the columns of others first', async () => {
    const form = { kind: 'commas', header: true, delimiter: ',' } as const;
    const guess = {
      ...{ form, question: null, answer: 'a', id: { prefix: 'x' }, language: { tag: 'und' } },
    };
    const description = { columns: [{ name: 'q', samples: [] }], rows: 1, guess };
    const copy = { name: 'mgsm_sw.tsv', description };
    results.read = data;
    results.open = [{ ...copy, recognised: { set: 'mgsm', name: 'MGSM', lang: 'sw' } }];
    await setup.open([new File([''], 'mgsm_sw.tsv')]);
    expect(setup.data).toEqual(data);
    expect(setup.source).toBe(ownFiles);

    results.open = [{ name: 'x.csv', description, recognised: null }];
    await setup.open([new File([''], 'x.csv')]);
    expect(setup.data).toBeNull();
    const mapping = { ...guess, question: 'q', answer: 'a' };
    expect(setup.mappings).toEqual([mapping]);
    setup.map(0, { ...mapping, language: { tag: 'sw' } });
    await setup.readFiles();
    expect(asked.at(-1)).toEqual({
      name: 'read',
      request: { mappings: [{ ...mapping, language: { tag: 'sw' } }] },
    });
  });

  it('keeps why something could not be read, but not that it was cancelled', async () => {
    results.fetch = new LinguaLiftError('cancelled', 'Stopped.');
    await setup.fetch(manifest);
    expect(setup.reads.error).toBeNull();
    results.fetch = new LinguaLiftError('offline', 'You are offline.');
    await setup.fetch(manifest);
    expect(setup.reads.error?.code).toBe('offline');
    setup.choose('built-in');
    expect(setup.reads.error).toBeNull();
  });
});

describe('areRunFiles', () => {
  it('tells runs from problems by their names', () => {
    const are = (...names: string[]) => areRunFiles(names.map((name) => ({ name })));
    expect(are('lingualift-mgsm-2026-11-21-a.run.jsonl')).toBe(true);
    expect(are('samples_mgsm_direct_bn_2026.jsonl', 'samples_x.jsonl')).toBe(true);
    expect(are('run.jsonl.tsv')).toBe(false);
    expect(are('train.jsonl')).toBe(false);
    expect(are()).toBe(false);
  });
});

describe('roughTime', () => {
  it('takes the pace of this visit where there is one', () => {
    expect(roughTime(120, null)).toBe('very roughly 10 s');
    expect(roughTime(80, 2)).toBe('about 40 s at the pace of the last run');
  });
});
