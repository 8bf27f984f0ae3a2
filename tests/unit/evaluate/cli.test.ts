// The headless evaluator on a tiny bundle with random weights.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateCommand } from '../../../cli/evaluate-command.ts';
import { sha256 } from '../../../src/bundle/integrity.ts';
import type { BundleManifest } from '../../../src/bundle/manifest.ts';
import { importRun } from '../../../src/evaluate/exchange/runFile.ts';
import type { RunRecord, Sample } from '../../../src/evaluate/record.ts';
import { summarize } from '../../../src/evaluate/summary.ts';
import { alignmentFile, makeTinyBundle, writeBundle } from '../../support/tiny-bundle.ts';

const root = join(import.meta.dirname, '../../..');
let folder: string;
let data: string;
let bundle: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lingualift-'));
  bundle = join(folder, 'bundle');
  data = join(folder, 'problems.jsonl');
  writeBundle(bundle, await makeTinyBundle());
  const problem = (id: number, lang: string, question = 'Ana ana maembe 12 na 5?') =>
    JSON.stringify({ id, lang, question, answer: '17' });
  const lines = [
    ...[problem(1, 'sw'), 'not json', problem(2, 'es'), problem(3, 'sw'), problem(4, 'en')],
    ...[problem(5, 'sw', '1 2 3 4 5 6'), problem(6, 'sw')],
  ];
  writeFileSync(data, lines.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command in this process. */
async function evaluate(...args: string[]) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const status = await evaluateCommand(args, {
    log: (line: string) => lines.push(line),
    error: (line: string) => complaints.push(line),
  });
  return { status, lines, stderr: complaints.join('\n') };
}

const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8');
const readSamples = (out: string) =>
  read(out, 'samples.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Sample);

describe('evaluate', () => {
  it('prints a summary as its last line and reports malformed lines', async () => {
    const { status, stderr, lines } = await evaluate(
      ...['--bundle', bundle, '--data', data, '--route', 'lingualift', '--languages', 'sw,es'],
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/problems\.jsonl, line 2 is skipped/);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      route: 'lingualift',
      ...{ n: 5, correct: 0, accuracy: 0 },
      perLanguage: {
        sw: { n: 4, correct: 0, accuracy: 0 },
        es: { n: 1, correct: 0, accuracy: 0 },
      },
    });
  });

  it('writes record, samples and summary as the page keeps and exports them', async () => {
    const out = join(folder, 'out');
    await evaluate(
      ...['--bundle', bundle, '--data', data, '--route', 'lingualift', '--languages', 'sw,es'],
      ...['--batch', '3', '--seed', '5', '--out', out],
    );
    const record = JSON.parse(read('out', 'record.json')) as RunRecord;
    const manifest = new Uint8Array(readFileSync(join(bundle, 'bundle.json')));
    expect(record).toMatchObject({
      ...{ format: 1, items: 5, status: 'done', reason: null, selfCheck: null },
      config: {
        ...{ dataset: data, languages: ['sw', 'es'], routes: ['lingualift'], limit: null, seed: 5 },
        ...{ exemplars: 0, calculator: true, maxNewTokens: 24, batchSize: 3 },
      },
      data: { name: 'problems.jsonl', sources: [data], malformed: 1 },
      models: {
        ...{ bundle: 'Tiny', bundleSha256: await sha256(manifest), replacement: null },
        provider: { kind: 'wasm' },
        versions: { lingualift: '0.1.0' },
      },
    });
    const samples = readSamples('out');
    expect(samples.map(({ index, id, lang }) => `${index} ${lang} ${id}`)).toEqual([
      ...['0 sw 1', '1 es 2', '2 sw 3', '3 sw 5', '4 sw 6'],
    ]);
    expect(samples[0]).toMatchObject({ route: 'lingualift', expected: '17', error: null });
    expect(samples[3]).toMatchObject({ text: '', error: expect.stringMatching(/6 numbers/) });
    expect(JSON.parse(read('out', 'summary.json'))).toEqual(
      JSON.parse(JSON.stringify(summarize(samples))),
    );
    const imported = importRun([{ name: 'run.jsonl', text: read('out', 'run.jsonl') }]);
    expect(imported).toEqual({ record: { ...record, status: 'imported' }, samples });
    expect(readdirSync(join(out, 'harness', 'Tiny')).sort()).toEqual([
      expect.stringMatching(/^results_.*\.json$/),
      expect.stringMatching(/^samples_.*_es_lingualift_.*\.jsonl$/),
      expect.stringMatching(/^samples_.*_sw_lingualift_.*\.jsonl$/),
    ]);
  });

  it('asks several routes in one run and gives the figures of each', async () => {
    const { lines } = await evaluate(
      ...['--bundle', bundle, '--data', data, '--route', 'gloss,langbridge', '--limit', '2'],
      ...['--out', join(folder, 'routes')],
    );
    const perLanguage = {
      sw: { n: 2, correct: 0, accuracy: 0 },
      es: { n: 1, correct: 0, accuracy: 0 },
      en: { n: 1, correct: 0, accuracy: 0 },
    };
    const figures = { n: 4, correct: 0, accuracy: 0, perLanguage };
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      gloss: { route: 'gloss', ...figures },
      langbridge: { route: 'langbridge', ...figures },
    });
    const asked = readSamples('routes').map(({ route, lang, id }) => `${route} ${lang} ${id}`);
    expect(asked.filter((item) => item.startsWith('gloss'))).toEqual(
      asked
        .filter((item) => item.startsWith('langbridge'))
        .map((item) => item.replace('langbridge', 'gloss')),
    );
  });

  it('reads the files of a public data set from a folder', async () => {
    const mgsm = join(folder, 'mgsm');
    mkdirSync(mgsm);
    writeFileSync(join(mgsm, 'mgsm_sw.tsv'), 'Maembe 3 na 4?\t7\nMaembe 1,000 na 4?\t1,004\n');
    writeFileSync(join(mgsm, 'mgsm_en.tsv'), '3 mangoes and 4?\t7\n1,000 and 4?\t1,004\n');
    const place = ['--dataset', 'mgsm', '--data-dir', mgsm, '--languages', 'en,sw'];
    const out = join(folder, 'set');
    const { status } = await evaluate(
      ...['--bundle', bundle, ...place, '--route', 'direct', '--no-calculator', '--out', out],
    );
    expect(status).toBe(0);
    const { config, data: facts } = JSON.parse(read('set', 'record.json')) as RunRecord;
    expect(config).toMatchObject({ dataset: 'mgsm', languages: ['en', 'sw'], calculator: false });
    expect(facts).toMatchObject({ name: 'MGSM', licence: 'CC BY 4.0', malformed: 0 });
    const ids = readSamples('set').map(({ id, lang, expected }) => [id, lang, expected]);
    expect(ids).toEqual([
      ['mgsm-1', 'en', '7'],
      ['mgsm-1', 'sw', '7'],
      ['mgsm-2', 'en', '1,004'],
      ['mgsm-2', 'sw', '1,004'],
    ]);
  });

  it('takes another alignment, records it, and draws a subset of each language', async () => {
    const alignment = join(folder, 'other.safetensors');
    writeFileSync(alignment, alignmentFile(500));
    const inputs = ['--bundle', bundle, '--data', data, '--route', 'langbridge', '--limit', '1'];
    const texts: unknown[] = [];
    for (const [out, more] of [
      ['own', []],
      ['other', ['--alignment', alignment]],
    ] as const) {
      const place = join(folder, out);
      const { status, lines } = await evaluate(...inputs, '--seed', '3', '--out', place, ...more);
      expect(status).toBe(0);
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ n: 3 });
      texts.push(readSamples(out).map(({ text }) => text));
    }
    expect(texts[0]).not.toEqual(texts[1]);
    const { models } = JSON.parse(read('other', 'record.json')) as RunRecord;
    expect(models.replacement).toEqual({
      name: 'other.safetensors',
      sha256: await sha256(alignmentFile(500)),
    });
  });

  it('exits with 2 and the reason when the models cannot go on', async () => {
    const poor = join(folder, 'poor');
    const files = await makeTinyBundle();
    const manifest = JSON.parse(
      new TextDecoder().decode(files.get('bundle.json')),
    ) as BundleManifest;
    const { lingualift } = manifest.alignments;
    const changed = { ...manifest, alignments: { lingualift } };
    writeBundle(poor, files.set('bundle.json', Buffer.from(JSON.stringify(changed))));
    const { status, lines, stderr } = await evaluate(
      ...['--bundle', poor, '--data', data, '--route', 'langbridge,direct'],
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/langbridge/);
    expect(lines).toEqual([]);
  });

  it('exits with 2 and a sentence when it cannot be used so', async () => {
    const without = { '--bundle': bundle, '--route': 'direct' };
    const good = { ...without, '--data': data };
    const bad: [change: Record<string, string>, sentence: RegExp][] = [
      [{ '--data': join(folder, 'nowhere.jsonl') }, /data file .*nowhere\.jsonl cannot be read/],
      [{ '--bundle': join(folder, 'nowhere') }, /bundle\.json/],
      [{ '--route': 'teleport' }, /--route must be one of direct, gloss/],
      [{ '--colour': 'red' }, /--colour/],
      [{ '--limit': 'many' }, /--limit must be a whole number/],
      [{ '--languages': 'xx' }, /no problem in xx/],
      [{ '--alignment': data }, /--alignment has no use/],
      [{ '--batch': '0' }, /--batch must be 1 or more/],
      [{ '--route': 'direct,teleport' }, /--route must be one of direct, gloss/],
      [{ '--dataset': 'mgsm' }, /--data and --dataset exclude each other/],
    ];
    const badSets: typeof bad = [
      [{}, /--data is missing/],
      [{ '--dataset': 'gsm8k' }, /--dataset must be one of built-in, mgsm, msvamp, not gsm8k/],
      [{ '--dataset': 'mgsm' }, /--data-dir is missing/],
      [{ '--dataset': 'msvamp', '--data-dir': folder }, /MSVAMP file .*msvamp_bn\.jsonl/],
    ];
    const attempts = [
      ...bad.map(([change, sentence]) => [{ ...good, ...change }, sentence] as const),
      ...badSets.map(([change, sentence]) => [{ ...without, ...change }, sentence] as const),
    ];
    for (const [args, sentence] of attempts) {
      const { status, stderr } = await evaluate(...Object.entries(args).flat());
      expect(stderr).toMatch(sentence);
      expect(status).toBe(2);
    }
  });

  it('is a script whose exit status and streams tell the same', () => {
    const script = [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'cli/evaluate.ts')];
    const args = ['--bundle', bundle, '--data', join(folder, 'none'), '--route', 'direct'];
    const result = spawnSync(process.execPath, [...script, ...args], { encoding: 'utf8' });
    expect(result.status).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(/data file .* cannot be read/);
  });
});
