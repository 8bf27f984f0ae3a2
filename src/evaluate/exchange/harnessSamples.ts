// Samples as lm-evaluation-harness writes them: a file for each data set, language and route.
import { sha256 } from '../../bundle/integrity.ts';
import type { Route } from '../../bridge/types.ts';
import { extractors, type RunConfig, type Sample } from '../record.ts';
import {
  filterNames,
  noMatch,
  taskName,
  type GenerationArguments,
  type HarnessSample,
} from './harnessFormat.ts';

/** A task and what was answered of it. */
export interface Task {
  name: string;
  lang: string;
  route: Route;
  samples: readonly Sample[];
}

/** The tasks of a run, in the order of its config. Tasks without samples are left out. */
export function tasksOf(config: RunConfig, samples: readonly Sample[]): Task[] {
  const tasks = config.routes.flatMap((route) =>
    config.languages.map((lang): Task => {
      const answered = samples.filter((sample) => sample.lang === lang && sample.route === route);
      return { name: taskName(config.dataset, lang, route), lang, route, samples: answered };
    }),
  );
  return tasks.filter((task) => task.samples.length > 0);
}

export function generationArguments({ maxNewTokens }: RunConfig): GenerationArguments {
  return { until: [], do_sample: false, temperature: 0, max_gen_toks: maxNewTokens };
}

/**
 * The lines of a task: all documents under the first filter, then all under the next, as the harness has them.
 * The prompt is the question: how a route puts it to the LLM (as text, as a soft prompt) is in the task's config.
 */
export async function harnessSamples(config: RunConfig, task: Task): Promise<HarnessSample[]> {
  const numbers = documentNumbers(task.samples);
  const common = await Promise.all(
    task.samples.map((sample, place) => documentOf(config, sample, numbers[place] ?? place)),
  );
  return extractors.flatMap((extractor) =>
    common.map(({ sample, head, hashes }): HarnessSample => {
      return {
        ...head,
        filtered_resps: [sample.extracted[extractor] ?? noMatch],
        filter: filterNames[extractor],
        metrics: ['exact_match'],
        ...hashes,
        exact_match: sample.correct[extractor] ? 1 : 0,
      };
    }),
  );
}

/** What the lines of a document have in common. */
async function documentOf(config: RunConfig, sample: Sample, doc_id: number) {
  const { id, lang, question, expected, text } = sample;
  const doc = { id, lang, question, answer: expected };
  const [doc_hash, prompt_hash, target_hash] = await Promise.all([
    hash(JSON.stringify(doc, null, 2)),
    hash(question),
    hash(expected),
  ]);
  return {
    sample,
    head: {
      doc_id,
      doc,
      target: expected,
      arguments: { gen_args_0: { arg_0: question, arg_1: generationArguments(config) } },
      resps: [[text]] as [[string]],
    },
    hashes: { doc_hash, prompt_hash, target_hash },
  };
}

/**
 * Places in the split, from 0. Ids of the published sets end in the number of the row, from 1 (`mgsm-17`); where
 * ids have no such number, or two have the same, documents are numbered as they come.
 */
function documentNumbers(samples: readonly Sample[]): number[] {
  const rows = samples.map(({ id }) => Number(/(?:^|-)(\d+)$/.exec(id)?.[1] ?? 0));
  const areRows = rows.every((row) => row > 0) && new Set(rows).size === rows.length;
  return areRows ? rows.map((row) => row - 1) : samples.map((_, place) => place);
}

/** Hash over a task's documents, prompts and targets, so that two runs over the same data are known by it. */
export function taskHash(lines: readonly HarnessSample[]): Promise<string> {
  return hash(lines.map((line) => line.doc_hash + line.prompt_hash + line.target_hash).join(''));
}

function hash(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}
