// Our export as someone with lm-evaluation-harness reads it. The field names are those of its version 0.4.13:
// lm_eval/result_schema.py (EvalResults, _TaskMetrics, _SampleCount, _EvalConfig, SampleResult).
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { HarnessSample } from '../../../../src/evaluate/exchange/harnessFormat.ts';
import { harnessFiles } from '../../../../src/evaluate/exchange/harnessResults.ts';
import { record, samples } from './runs.ts';

const taskMetrics = v.objectWithRest(
  { name: v.string(), alias: v.string(), sample_len: v.number() },
  v.number(),
);
const perTask = <const Value extends v.GenericSchema>(value: Value) => v.record(v.string(), value);

/** What `make_table` and readers of the leaderboard look for, and what else the harness always writes. */
const evalResults = v.object({
  results: perTask(taskMetrics),
  groups: perTask(taskMetrics),
  group_subtasks: perTask(v.array(v.string())),
  configs: perTask(
    v.looseObject({
      task: v.string(),
      dataset_path: v.string(),
      dataset_name: v.string(),
      output_type: v.literal('generate_until'),
      num_fewshot: v.number(),
      metric_list: v.array(v.looseObject({ metric: v.string() })),
      filter_list: v.array(v.object({ name: v.string(), filter: v.array(v.looseObject({})) })),
      generation_kwargs: v.looseObject({ do_sample: v.boolean() }),
      repeats: v.number(),
      metadata: v.looseObject({ version: v.number() }),
    }),
  ),
  versions: perTask(v.number()),
  'n-shot': perTask(v.number()),
  higher_is_better: perTask(v.record(v.string(), v.boolean())),
  'n-samples': perTask(v.strictObject({ original: v.number(), effective: v.number() })),
  config: v.object({
    model: v.string(),
    model_args: v.record(v.string(), v.union([v.string(), v.number()])),
    batch_size: v.string(),
    batch_sizes: v.array(v.number()),
    device: v.string(),
    use_cache: v.null(),
    limit: v.nullable(v.number()),
    bootstrap_iters: v.number(),
    gen_kwargs: v.looseObject({}),
    random_seed: v.number(),
    numpy_seed: v.null(),
    torch_seed: v.null(),
    fewshot_seed: v.null(),
  }),
  git_hash: v.null(),
  date: v.number(),
  pretty_env_info: v.string(),
  transformers_version: v.string(),
  lm_eval_version: v.string(),
  upper_git_hash: v.null(),
  task_hashes: perTask(v.string()),
  model_source: v.string(),
  model_name: v.string(),
  model_name_sanitized: v.string(),
  system_instruction: v.null(),
  system_instruction_sha: v.null(),
  fewshot_as_multiturn: v.boolean(),
  chat_template: v.null(),
  chat_template_sha: v.null(),
  total_evaluation_time_seconds: v.string(),
});

const sampleResult = v.strictObject({
  doc_id: v.pipe(v.number(), v.integer()),
  doc: v.record(v.string(), v.unknown()),
  target: v.string(),
  arguments: v.strictObject({
    gen_args_0: v.strictObject({ arg_0: v.string(), arg_1: v.looseObject({}) }),
  }),
  resps: v.array(v.array(v.string())),
  filtered_resps: v.array(v.string()),
  filter: v.string(),
  metrics: v.array(v.string()),
  doc_hash: v.string(),
  prompt_hash: v.string(),
  target_hash: v.string(),
  exact_match: v.number(),
});

const files = await harnessFiles(record, samples);
const textOf = (path: string) => files.find((file) => file.path === path)?.text ?? '';
const folder = 'lingualift__embedded';
const date = '2026-11-21T22-20-00.000';
const results = JSON.parse(textOf(`${folder}/results_${date}.json`)) as v.InferInput<
  typeof evalResults
>;
const linesOf = (task: string) =>
  textOf(`${folder}/samples_${task}_${date}.jsonl`)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as HarnessSample);
const tasks = ['mgsm_bn_direct', 'mgsm_ar_direct', 'mgsm_bn_lingualift', 'mgsm_ar_lingualift'];

describe('the results', () => {
  test('have every field of the harness in its type', () => {
    expect(v.safeParse(evalResults, results).issues).toBeUndefined();
  });

  test('name each task and each group in every table about them', () => {
    const groups = ['mgsm_all_direct', 'mgsm_all_lingualift'];
    const both = [...tasks, ...groups];
    for (const table of ['results', 'versions', 'n-shot', 'higher_is_better'] as const) {
      expect(Object.keys(results[table])).toEqual(both);
    }
    for (const table of ['configs', 'n-samples', 'task_hashes'] as const) {
      expect(Object.keys(results[table])).toEqual(tasks);
    }
    expect(Object.keys(results.groups)).toEqual(groups);
    expect(results.group_subtasks['mgsm_all_direct']).toEqual(tasks.slice(0, 2));
  });

  test('have a score and its standard error for each filter, as mean_stderr computes it', () => {
    expect(results.results['mgsm_bn_direct']).toEqual({
      name: 'mgsm_bn_direct',
      alias: 'mgsm_bn_direct',
      sample_len: 3,
      // python3: sqrt(sum((x - m)**2) / (n - 1)) / sqrt(n) over [1, 0, 0] and over [1, 1, 0]
      'exact_match,strict-match': 1 / 3,
      'exact_match_stderr,strict-match': expect.closeTo(0.33333333333333337, 12),
      'exact_match,flexible-extract': 2 / 3,
      'exact_match_stderr,flexible-extract': expect.closeTo(0.33333333333333337, 12),
      'exact_match,last-number': 1,
      'exact_match_stderr,last-number': 0,
    });
  });

  test('say that the split has more documents than were asked', () => {
    expect(results['n-samples']['mgsm_bn_direct']).toEqual({ original: 250, effective: 3 });
    expect(results.config.limit).toBe(3);
  });

  test('carry the record, so that the run can be repeated', () => {
    expect(results).toHaveProperty('lingualift', record);
  });

  test('write N/A for the error of a single item, as the harness does', async () => {
    const [only] = await harnessFiles(record, samples.slice(0, 1));
    expect(only?.text).toContain('"exact_match_stderr,strict-match": "N/A"');
  });
});

describe('the samples', () => {
  test('are one file a task, in the folder of the model', () => {
    expect(files.map(({ path }) => path)).toEqual([
      `${folder}/results_${date}.json`,
      ...tasks.map((task) => `${folder}/samples_${task}_${date}.jsonl`),
    ]);
  });

  test('have every field of the harness and no other', () => {
    for (const line of tasks.flatMap(linesOf)) {
      expect(v.safeParse(sampleResult, line).issues).toBeUndefined();
    }
  });

  test('stand once under each filter, numbered by their rows', () => {
    const lines = linesOf('mgsm_bn_direct');
    expect(lines.map(({ filter, doc_id }) => [filter, doc_id])).toEqual(
      ['strict-match', 'flexible-extract', 'last-number'].flatMap((filter) =>
        [0, 1, 2].map((row) => [filter, row]),
      ),
    );
    expect(lines.map((line) => line.exact_match)).toEqual([1, 0, 0, 1, 1, 0, 1, 1, 1]);
    expect(lines.map((line) => line.filtered_resps[0]).slice(0, 2)).toEqual(['37', '[invalid]']);
  });

  test('have the hashes that Python computes', () => {
    // h = lambda s: hashlib.sha256(s.encode()).hexdigest()
    // h(json.dumps(doc, indent=2, ensure_ascii=False)), h(question), h("37")
    const line = linesOf('mgsm_bn_direct').find(({ doc_id }) => doc_id === 1);
    expect(line).toMatchObject({
      doc_hash: '688649db9319fadce0b1f9db5343e175551bec020e536daea0bb42caa4098b31',
      prompt_hash: '1e14075b3991bb9673c1b8463199debf050be82ed1d4aa5a31b062e582461572',
      target_hash: '7a61b53701befdae0eeeffaecc73f14e20b537bb0f8b91ad7c2936dc63562b25',
    });
    expect(results.task_hashes['mgsm_bn_direct']).toBe(
      '0c3f9bf6b2d384f9b2ed726ecc59a94cd363c6a497f406860f1d9bc539f957cc',
    );
  });
});
