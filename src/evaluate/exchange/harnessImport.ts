// Samples files of lm-evaluation-harness (0.4: `samples_<task>_<date>.jsonl`) as a run to compare with. Names of tasks
// say data set and language (`mgsm_direct_bn`), row numbers become the ids that the published sets have here. What the
// harness's filters took and how it scored stay as they are; extractors that the file lacks are ours, over the response.
import * as v from 'valibot';
import { LinguaLiftError } from '../../bundle/errors.ts';
import { routes, type Route } from '../../bridge/types.ts';
import { readAnswer } from '../compare.ts';
import { tagOf } from '../datasets/mapping.ts';
import { score } from '../extract.ts';
import { extractors, type RunRecord, type Sample } from '../record.ts';
import { filterNames, noMatch } from './harnessFormat.ts';
import { readLines, refuse, type TextFile } from './jsonLines.ts';
import type { Run } from './runSchema.ts';

/** What is read of a line. A filter may keep several answers; the first is the one that counts. */
const lineSchema = v.object({
  doc_id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  doc: v.record(v.string(), v.unknown()),
  target: v.union([v.string(), v.number()]),
  resps: v.tuple([v.tuple([v.string()])]),
  filtered_resps: v.tuple([v.union([v.string(), v.tuple([v.string()])])]),
  filter: v.string(),
  exact_match: v.union([v.number(), v.boolean()]),
});
type Line = v.InferOutput<typeof lineSchema>;

/** Whether a line of JSON is one of the harness's. */
export function isHarnessLine(json: unknown): boolean {
  return v.is(v.looseObject({ doc_id: v.unknown(), filtered_resps: v.unknown() }), json);
}

/**
 * Reads samples files of one model over one data set.
 * @throws LinguaLiftError `run-file`, naming file, line and field
 */
export function readHarnessSamples(files: readonly TextFile[]): Run {
  const tasks = files.map((file) => readTask(file));
  const dataset = commonDataset(tasks);
  const samples = tasks
    .flatMap((task) => task.samples)
    .map((sample, index) => ({ ...sample, index }));
  return { record: recordOf(dataset, files, samples), samples };
}

interface Task {
  dataset: string;
  lang: string;
  route: Route;
}

/** The data set that tasks share, or the reason why they are not one run. */
function commonDataset(tasks: readonly Task[]): string {
  const datasets = new Set(tasks.map(({ dataset }) => dataset));
  const [dataset] = datasets;
  if (dataset === undefined || datasets.size > 1) {
    throw new LinguaLiftError(
      'run-file',
      `These files are of several data sets (${[...datasets].join(', ')}). Import one at a time.`,
    );
  }
  const twice = tasks.find((one, index) =>
    tasks.slice(0, index).some(({ lang, route }) => lang === one.lang && route === one.route),
  );
  if (twice !== undefined) {
    throw new LinguaLiftError(
      'run-file',
      `Two of these files have the same task (${twice.lang}, ${twice.route}). Import the files of one run.`,
    );
  }
  return dataset;
}

function readTask(file: TextFile): Task & { samples: Sample[] } {
  const task = taskOf(file);
  const samples = new Map<number, Sample>();
  const seen = new Set<string>();
  for (const line of readLines(file)) {
    const result = v.safeParse(lineSchema, line.json);
    if (!result.success) throw refuse(line, result.issues);
    const { doc_id, filter } = result.output;
    const key = `${doc_id} ${filter}`;
    if (seen.has(key)) throw refuse(line, `document ${doc_id} stands here twice under “${filter}”`);
    seen.add(key);
    const sample = samples.get(doc_id) ?? newSample(result.output, task);
    if (sample === null) throw refuse(line, `“target” is no number: ${result.output.target}`);
    samples.set(doc_id, withFilter(sample, result.output));
  }
  return { ...task, samples: [...samples.values()] };
}

/** How tasks are called: ours (harnessFormat.ts), and those of the harness, which all ask the LLM directly. */
const taskNames = [
  new RegExp(`^(?<dataset>.+)_(?<lang>[^_]+)_(?<route>${routes.join('|')})$`),
  /^(?<dataset>[^_]+)_(?:.+_)?(?<lang>[a-z]{2,3})(?:_prompt_\d+)?$/,
];

/** The task in `samples_mgsm_direct_bn_2026-11-21T10-00-00.000000.jsonl`. */
function taskOf({ name }: TextFile): Task {
  const [, written = ''] = /samples_(.+)_[^_]+\.jsonl$/.exec(name) ?? [];
  const groups = taskNames.map((form) => form.exec(written)?.groups).find((one) => one);
  const { dataset, lang, route } = groups ?? {};
  if (dataset === undefined || lang === undefined) {
    throw new LinguaLiftError(
      'run-file',
      `The name of “${name}” does not say which task it is. Files of lm-evaluation-harness are called samples_<task>_<date>.jsonl, and the task ends in its language: mgsm_direct_bn.`,
    );
  }
  return { dataset, lang: tagOf(lang), route: routes.find((one) => one === route) ?? 'direct' };
}

/** A sample as our own extractors score it; `null` when the target is no number. */
function newSample(line: Line, { dataset, lang, route }: Task): Sample | null {
  // Targets of gsm8k are worked solutions, the answer behind the mark.
  const expected = readAnswer(
    String(line.target).split('####').at(-1) ?? '',
    typeof line.target === 'number' ? 'en' : lang,
  );
  if (expected === null) return null;
  const { id, question } = line.doc;
  const [[text]] = line.resps;
  return {
    index: 0,
    id: typeof id === 'string' ? id : `${dataset}-${line.doc_id + 1}`,
    ...{ lang, route },
    question: typeof question === 'string' ? question : '',
    ...{ expected: expected.text, text, ...score(text, lang, expected) },
    ...{ stop: null, tokens: 0, promptTokens: 0, softPromptLength: 0, timings: null, error: null },
  };
}

/** The sample with what the harness's filter took in place of ours, where we know the filter. */
function withFilter(sample: Sample, line: Line): Sample {
  const extractor = extractors.find((one) => filterNames[one] === line.filter);
  if (extractor === undefined) return sample;
  const [taken] = line.filtered_resps.flat();
  return {
    ...sample,
    extracted: {
      ...sample.extracted,
      [extractor]: taken === undefined || taken === noMatch ? null : taken,
    },
    correct: { ...sample.correct, [extractor]: Number(line.exact_match) === 1 },
  };
}

/** What the files tell of the run. What they do not, stays empty. */
function recordOf(
  dataset: string,
  files: readonly TextFile[],
  samples: readonly Sample[],
): RunRecord {
  const names = files.map(({ name }) => name);
  return {
    format: 1,
    id: crypto.randomUUID(),
    name: `lm-evaluation-harness: ${dataset}`,
    created: new Date().toISOString(),
    config: {
      dataset,
      languages: [...new Set(samples.map(({ lang }) => lang))],
      routes: [...new Set(samples.map(({ route }) => route))],
      ...{ limit: null, seed: 0, exemplars: 0, calculator: false, maxNewTokens: 0, batchSize: 1 },
    },
    data: { name: dataset, licence: '', sources: names, sha256: '', malformed: 0 },
    models: {
      ...{ bundle: 'lm-evaluation-harness', bundleSha256: '', replacement: null, versions: {} },
      provider: {
        kind: 'wasm',
        detail: '',
        reason: 'Imported: the files do not say where it ran.',
      },
    },
    selfCheck: null,
    items: samples.length,
    status: 'imported',
    reason: null,
  };
}
