// The part of the harness's results that is counted: metrics, configs and sizes by task, and averages by group.
import type { Route } from '../../bridge/types.ts';
import { datasetById } from '../datasets/table.ts';
import { extractors, type Extractor, type RunConfig, type RunRecord } from '../record.ts';
import { clusteredMean } from '../statistics/clustered.ts';
import { filterNames, groupName, type HarnessResults, type TaskMetrics } from './harnessFormat.ts';
import { generationArguments, type Task } from './harnessSamples.ts';

/** Of our tasks: raised when the same answers would be scored another way. */
const taskVersion = 1;

/** How each route puts the question to the LLM: what stands for the prompt template in a task's config. */
const prompts: Readonly<Record<Route, string>> = {
  direct: 'The LLM reads the question as text.',
  gloss: 'The LLM reads the question with each word replaced through a word list.',
  langbridge: 'The LLM reads a soft prompt of the question (alignment trained on English).',
  lingualift:
    'The LLM reads a soft prompt of the question (alignment trained on code-switched text).',
};

const rules: Readonly<Record<Extractor, string>> = {
  strict: "lingualift: the number behind the answer mark or the language's answer prefix",
  flexible: 'lingualift: the last match of (-?[$0-9.,]{2,})|(-?[0-9]+), native digits read first',
  'last-number': 'lingualift: the last number, sign kept, native digits read first',
};

export type Metrics = Pick<
  HarnessResults,
  | 'results'
  | 'groups'
  | 'group_subtasks'
  | 'configs'
  | 'versions'
  | 'n-shot'
  | 'higher_is_better'
  | 'n-samples'
>;

/** The tasks of a route. */
interface Group {
  name: string;
  members: readonly Task[];
}

export function metricsOf({ config }: RunRecord, tasks: readonly Task[]): Metrics {
  const groups = config.routes.map((route): Group => {
    const members = tasks.filter((task) => task.route === route);
    return { name: groupName(config.dataset, route), members };
  });
  const averages = Object.fromEntries(groups.map((group) => [group.name, groupMetrics(group)]));
  const byTask = <Value>(of: (task: Task) => Value) =>
    Object.fromEntries(tasks.map((task) => [task.name, of(task)]));
  const byTaskAndGroup = <Value>(value: Value) =>
    Object.fromEntries([...tasks, ...groups].map(({ name }) => [name, value]));
  const size = datasetById(config.dataset)?.items;
  return {
    results: { ...byTask(taskMetrics), ...averages },
    groups: averages,
    group_subtasks: Object.fromEntries(
      groups.map(({ name, members }) => [name, members.map((task) => task.name)]),
    ),
    configs: byTask((task) => taskConfig(config, task)),
    versions: byTaskAndGroup(taskVersion),
    'n-shot': byTaskAndGroup(config.exemplars),
    higher_is_better: byTaskAndGroup({ exact_match: true }),
    'n-samples': byTask(({ samples }) => {
      return { original: size ?? samples.length, effective: samples.length };
    }),
  };
}

function taskMetrics({ name, samples }: Task): TaskMetrics {
  const metrics = extractors.map((extractor): TaskMetrics => {
    const right = samples.filter(({ correct }) => correct[extractor]).length;
    const share = right / samples.length;
    return metric(extractor, share, standardError(share, samples.length));
  });
  return Object.assign({ name, alias: name, sample_len: samples.length }, ...metrics);
}

function metric(extractor: Extractor, share: number, error: number | 'N/A'): TaskMetrics {
  const filter = filterNames[extractor];
  return { [`exact_match,${filter}`]: share, [`exact_match_stderr,${filter}`]: error };
}

/**
 * The mean of the languages' scores. Its error is clustered by question, not `pooled_sample_stderr` of the harness,
 * which takes the versions of a question in several languages for independent.
 */
function groupMetrics({ name, members }: Group): TaskMetrics {
  const samples = members.flatMap((task) => task.samples);
  const metrics = extractors.map((extractor) => {
    const answers = samples.map(({ id, lang, correct }) => {
      return { question: id, lang, correct: correct[extractor] };
    });
    const { mean, standardError: error } = clusteredMean(answers);
    return metric(extractor, mean, error ?? 'N/A');
  });
  return Object.assign({ alias: name, name, sample_len: samples.length }, ...metrics);
}

/** `mean_stderr` of lm_eval/api/metrics.py over zeros and ones: sqrt(p (1 - p) / (n - 1)). */
function standardError(share: number, n: number): number | 'N/A' {
  return n > 1 ? Math.sqrt((share * (1 - share)) / (n - 1)) : 'N/A';
}

/** A task's config as `TaskConfig.to_dict` of lm_eval/config/task.py writes it. */
function taskConfig(config: RunConfig, { name, lang, route }: Task): Record<string, unknown> {
  return {
    task: name,
    tag: groupName(config.dataset, route),
    dataset_path: config.dataset,
    dataset_name: lang,
    test_split: 'test',
    doc_to_text: '{{question}}',
    doc_to_target: '{{answer}}',
    unsafe_code: false,
    description: '',
    target_delimiter: ' ',
    fewshot_delimiter: '\n\n',
    num_fewshot: config.exemplars,
    metric_list: [{ metric: 'exact_match', aggregation: 'mean', higher_is_better: true }],
    output_type: 'generate_until',
    generation_kwargs: generationArguments(config),
    repeats: 1,
    filter_list: extractors.map((extractor) => {
      return { name: filterNames[extractor], filter: [{ function: rules[extractor] }] };
    }),
    should_decontaminate: false,
    metadata: {
      version: taskVersion,
      route,
      prompt: prompts[route],
      calculator: config.calculator,
      equality: 'numeric',
    },
  };
}
