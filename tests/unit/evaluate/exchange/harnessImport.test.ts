// Samples files of lm-evaluation-harness as runs: ours there and back, and foreign ones.
import { describe, expect, test } from 'vitest';
import { harnessFiles } from '../../../../src/evaluate/exchange/harnessResults.ts';
import { importRun } from '../../../../src/evaluate/exchange/runFile.ts';
import { record, samples } from './runs.ts';

/** A line as the harness writes it for mgsm_direct, which has a filter of its own beside flexible-extract. */
const line = {
  doc_id: 16,
  doc: { question: 'প্রশ্ন', answer: null, answer_number: 18, equation_solution: null },
  target: '18',
  arguments: { gen_args_0: { arg_0: 'প্রশ্ন\nAnswer:', arg_1: { do_sample: false } } },
  resps: [['9 * 2 = 18 dollars, not 2']],
  filtered_resps: ['2'],
  filter: 'flexible-extract',
  metrics: ['exact_match'],
  doc_hash: '',
  prompt_hash: '',
  target_hash: '',
  exact_match: 0,
};
const other = { ...line, filter: 'remove_whitespace', filtered_resps: line.resps[0] };
const file = (
  lines: readonly unknown[],
  name = 'samples_mgsm_direct_bn_2026-11-21T10-00-00.1.jsonl',
) => ({
  name,
  text: lines.map((one) => `${JSON.stringify(one)}\n`).join(''),
});

describe('samples of the harness', () => {
  test('get the ids that the published set has here, the language of the task, and the direct route', () => {
    const run = importRun([file([other, line])]);
    expect(run.samples).toHaveLength(1);
    expect(run.samples[0]).toMatchObject({
      index: 0,
      id: 'mgsm-17',
      lang: 'bn',
      route: 'direct',
      question: 'প্রশ্ন',
      expected: '18',
      text: '9 * 2 = 18 dollars, not 2',
    });
    expect(run.record).toMatchObject({
      status: 'imported',
      items: 1,
      config: { dataset: 'mgsm', languages: ['bn'], routes: ['direct'] },
    });
  });

  test('keep what the harness took and how it scored, whatever our rules say', () => {
    const scored = { ...line, filtered_resps: ['2 dollars'], exact_match: 1.0 };
    const [sample] = importRun([file([scored])]).samples;
    expect(sample?.extracted.flexible).toBe('2 dollars');
    expect(sample?.correct.flexible).toBe(true);
  });

  test('are read by our own rules where the file has no such filter', () => {
    const [sample] = importRun([file([other])]).samples;
    expect(sample?.extracted['last-number']).toBe('2');
    expect(sample?.correct['last-number']).toBe(false);
  });

  test('become one run when there is a file for each language', () => {
    const english = file([line], 'samples_mgsm_direct_en_2026-11-21T10-00-00.1.jsonl');
    const run = importRun([file([line]), english]);
    expect(run.samples.map(({ lang, index }) => [lang, index])).toEqual([
      ['bn', 0],
      ['en', 1],
    ]);
  });

  test('that we exported come back with their ids, answers and scores', async () => {
    const exported = (await harnessFiles(record, samples)).filter(({ path }) =>
      path.endsWith('.jsonl'),
    );
    const run = importRun(exported.map(({ path, text }) => ({ name: path, text })));
    const facts = run.samples.map(({ id, lang, route, text, extracted, correct }) => {
      return { id, lang, route, text, extracted, correct };
    });
    expect(facts).toEqual(
      samples.map(({ id, lang, route, text, extracted, correct }) => {
        return { id, lang, route, text, extracted, correct };
      }),
    );
  });

  test.each([
    ['a field is wrong', [line, { ...line, doc_id: '17' }], 'Line 2: “doc_id” should be'],
    ['a document stands there twice', [line, line], 'Line 2: document 16 stands here twice'],
    ['its target is no number', [{ ...line, target: 'ten' }], 'Line 1: “target” is no number: ten'],
  ])('are refused with line and field where %s', (_, lines, message) => {
    expect(() => importRun([file(lines)])).toThrow(message);
  });

  test('are refused under a name that says no language, in two data sets, and twice', () => {
    expect(() => importRun([file([line], 'downloaded.jsonl')])).toThrow('does not say which task');
    const msvamp = file([line], 'samples_msvamp_direct_bn_2026-11-21T10-00-00.1.jsonl');
    expect(() => importRun([file([line]), msvamp])).toThrow('several data sets (mgsm, msvamp)');
    expect(() => importRun([file([line]), file([line])])).toThrow('the same task (bn, direct)');
  });
});
