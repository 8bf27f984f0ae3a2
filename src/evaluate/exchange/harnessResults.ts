// The results of a run as lm-evaluation-harness writes them, and the whole export: one archive with the results and
// the samples of all tasks, folders and names as the harness has them.
import type { RunRecord, Sample } from '../record.ts';
import { dateInNames, sanitizeModelName, type HarnessResults } from './harnessFormat.ts';
import { metricsOf } from './harnessMetrics.ts';
import {
  generationArguments,
  harnessSamples,
  taskHash,
  tasksOf,
  type Task,
} from './harnessSamples.ts';
import { zip, type ArchiveFile } from './zip.ts';

/** The archive of a run for people who work with lm-evaluation-harness. */
export async function harnessArchive(record: RunRecord, samples: readonly Sample[]): Promise<Blob> {
  return zip(await harnessFiles(record, samples), record.created);
}

/** `<model>/results_<date>.json` and `<model>/samples_<task>_<date>.jsonl` for each task. */
export async function harnessFiles(
  record: RunRecord,
  samples: readonly Sample[],
): Promise<ArchiveFile[]> {
  const folder = sanitizeModelName(record.models.bundle);
  const date = dateInNames(record.created);
  const tasks = tasksOf(record.config, samples);
  const hashes: Record<string, string> = {};
  const files: ArchiveFile[] = [];
  for (const task of tasks) {
    const lines = await harnessSamples(record.config, task);
    hashes[task.name] = await taskHash(lines);
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    files.push({ path: `${folder}/samples_${task.name}_${date}.jsonl`, text });
  }
  const results = { ...resultsOf(record, tasks), task_hashes: hashes };
  const text = JSON.stringify(results, null, 2);
  return [{ path: `${folder}/results_${date}.json`, text }, ...files];
}

/** The results; the run's own record stands beside the harness's fields under `lingualift`, which it ignores. */
function resultsOf(
  record: RunRecord,
  tasks: readonly Task[],
): Omit<HarnessResults, 'task_hashes'> & { lingualift: RunRecord } {
  const { config, models } = record;
  return {
    ...metricsOf(record, tasks),
    config: {
      model: 'lingualift',
      model_args: modelArguments(record),
      batch_size: String(config.batchSize),
      batch_sizes: [],
      device: models.provider.kind,
      use_cache: null,
      limit: config.limit,
      bootstrap_iters: 0,
      gen_kwargs: generationArguments(config),
      random_seed: config.seed,
      ...{ numpy_seed: null, torch_seed: null, fewshot_seed: null },
    },
    git_hash: null,
    date: Date.parse(record.created) / 1000,
    pretty_env_info: environment(record),
    transformers_version: 'N/A',
    lm_eval_version: 'N/A',
    upper_git_hash: null,
    model_source: 'lingualift',
    model_name: models.bundle,
    model_name_sanitized: sanitizeModelName(models.bundle),
    ...{ system_instruction: null, system_instruction_sha: null, fewshot_as_multiturn: false },
    ...{ chat_template: null, chat_template_sha: null },
    total_evaluation_time_seconds: String(seconds(tasks)),
    lingualift: record,
  };
}

/** What was asked, with its hashes: `key=value` for the harness, so plain values only. */
function modelArguments({ config, models }: RunRecord): Record<string, string | number> {
  const { bundle, bundleSha256, replacement, provider } = models;
  return {
    model: bundle,
    bundle_sha256: bundleSha256,
    ...(replacement && { alignment: replacement.name, alignment_sha256: replacement.sha256 }),
    provider: provider.kind,
    calculator: config.calculator ? 'on' : 'off',
    routes: config.routes.join(' '),
  };
}

function environment({ models: { provider, versions } }: RunRecord): string {
  const lines = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [...lines, `${provider.kind} ${provider.detail}`].join('\n');
}

/** Time that the models worked, without loading and pauses. */
function seconds(tasks: readonly Task[]): number {
  const all = tasks.flatMap(({ samples }) => samples.map(({ timings }) => timings));
  const ms = all.reduce(
    (sum, one) => sum + (one ? one.encodeMs + one.alignMs + one.prefillMs + one.decodeMs : 0),
    0,
  );
  return ms / 1000;
}
