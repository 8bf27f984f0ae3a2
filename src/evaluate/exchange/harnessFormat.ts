// The files of lm-evaluation-harness, field by field, as its version 0.4.13 writes them (lm_eval/result_schema.py,
// evaluator.py, evaluator_utils.py, loggers/evaluation_tracker.py). Fields that say nothing here (tokenizer, chat
// template) are left out, as the harness leaves them out for models without.
import type { Route } from '../../bridge/types.ts';
import type { Extractor } from '../record.ts';

/** Our extractors under the names that the harness's tasks (mgsm, gsm8k) have for such filters. */
export const filterNames: Readonly<Record<Extractor, string>> = {
  strict: 'strict-match',
  flexible: 'flexible-extract',
  'last-number': 'last-number',
};

/** What the harness's regex filter puts where it finds nothing. */
export const noMatch = '[invalid]';

/** Keys: `name`, `alias`, `sample_len`, and `exact_match,<filter>` and `exact_match_stderr,<filter>` for each filter. */
export type TaskMetrics = Record<string, string | number>;

/** `results_<date>.json`. */
export interface HarnessResults {
  /** By task, then by group. */
  results: Record<string, TaskMetrics>;
  groups: Record<string, TaskMetrics>;
  group_subtasks: Record<string, string[]>;
  configs: Record<string, Record<string, unknown>>;
  versions: Record<string, number>;
  'n-shot': Record<string, number>;
  higher_is_better: Record<string, { exact_match: boolean }>;
  'n-samples': Record<string, { original: number; effective: number }>;
  config: {
    model: string;
    model_args: Record<string, string | number>;
    batch_size: string;
    batch_sizes: number[];
    device: string;
    use_cache: null;
    limit: number | null;
    /** Errors come from a formula. */
    bootstrap_iters: number;
    gen_kwargs: GenerationArguments;
    random_seed: number;
    numpy_seed: null;
    torch_seed: null;
    fewshot_seed: null;
  };
  git_hash: null;
  /** Seconds since 1970. */
  date: number;
  pretty_env_info: string;
  transformers_version: string;
  lm_eval_version: string;
  upper_git_hash: null;
  task_hashes: Record<string, string>;
  model_source: string;
  model_name: string;
  model_name_sanitized: string;
  system_instruction: null;
  system_instruction_sha: null;
  fewshot_as_multiturn: boolean;
  chat_template: null;
  chat_template_sha: null;
  total_evaluation_time_seconds: string;
}

/** A line of `samples_<task>_<date>.jsonl`: one for each document and filter. */
export interface HarnessSample {
  /** Place in the task's split, from 0. */
  doc_id: number;
  doc: Record<string, string>;
  target: string;
  /** Prompt and generation arguments of each request. */
  arguments: { gen_args_0: { arg_0: string; arg_1: GenerationArguments } };
  /** Requests, repeats. */
  resps: [[string]];
  filtered_resps: [string];
  filter: string;
  metrics: ['exact_match'];
  /** SHA-256 of the document as JSON with an indent of two, of the prompt, of the target. */
  doc_hash: string;
  prompt_hash: string;
  target_hash: string;
  exact_match: 0 | 1;
}

export interface GenerationArguments {
  until: string[];
  do_sample: boolean;
  temperature: number;
  max_gen_toks: number;
}

/**
 * The name of a task: `mgsm_bn_direct`. The route comes last because `mgsm_direct_bn` is a task of the harness's
 * own, with another prompt, whose scores must not be taken for these.
 */
export function taskName(dataset: string, lang: string, route: Route): string {
  return [dataset, lang, route].map(sanitize).join('_');
}

/** The group of a route's tasks in all languages. */
export function groupName(dataset: string, route: Route): string {
  return taskName(dataset, 'all', route);
}

/** A date as the harness has it in file names. */
export function dateInNames(date: string): string {
  return date.replace(/Z$/, '').replaceAll(':', '-');
}

/** `sanitize_model_name` of lm_eval/utils.py. */
export function sanitizeModelName(name: string): string {
  return name.replace(/["<>:/|\\?*[\]]+/g, '__');
}

/** `sanitize_task_name` of lm_eval/utils.py: all but letters and digits of any script become underscores. */
function sanitize(name: string): string {
  return name.replace(/[^\p{L}\p{N}_]/gu, '_');
}
