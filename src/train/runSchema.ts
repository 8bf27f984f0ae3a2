// What `run.json` and `data.json` of a run folder must hold, so that a damaged one is told before it is used.
import * as v from 'valibot';
import { polysemyChoices } from '../lexicon/codeSwitch.ts';
import { alignmentKinds } from './alignment.ts';
import { allProjections, stageNames } from './recipes.ts';
import { runStatuses, type RunConfig, type RunData, type RunSummary } from './run.ts';

/** Changes when an older page could not read what is written. */
const format = 'lingualift-run-1';

const text = v.string();
const number = v.number();
const whole = v.pipe(number, v.integer(), v.minValue(0));
const count = v.pipe(number, v.integer(), v.minValue(1));
const error = v.object({ code: text, message: text, details: text });

const settings = v.object({
  trains: v.picklist(['alignment', 'adapters']),
  // Runs of before there were words to learn.
  lesson: v.optional(v.picklist(['sentences', 'words']), 'sentences'),
  switches: v.boolean(),
  learningRate: number,
  schedule: v.picklist(['constant', 'cosine']),
  warmupShare: number,
  weightDecay: number,
  maxGradientNorm: number,
  batch: count,
  seed: whole,
  steps: count,
  translationShare: number,
});

const config = v.object({
  stage: v.picklist(stageNames),
  settings,
  microBatch: count,
  alignment: v.object({
    kind: v.picklist(alignmentKinds),
    hiddenDim: whole,
    latents: whole,
    heads: whole,
    start: v.variant('from', [
      v.object({ from: v.literal('bundle'), name: v.picklist(['langbridge', 'lingualift']) }),
      v.object({ from: v.literal('run'), id: text }),
      v.object({ from: v.literal('file'), name: text }),
      v.object({ from: v.literal('scratch') }),
    ]),
  }),
  adapters: v.nullable(
    v.object({ rank: count, alpha: number, targets: v.array(v.picklist(allProjections)) }),
  ),
  switching: v.nullable(
    v.object({
      sentenceRatio: number,
      tokenRatio: v.tuple([number, number]),
      polysemy: v.picklist(polysemyChoices),
      seed: whole,
    }),
  ),
  recompute: v.boolean(),
  evaluateEvery: count,
  checkpointEvery: count,
}) satisfies v.GenericSchema<unknown, RunConfig>;

const summary = v.object({
  id: text,
  name: text,
  created: text,
  bundle: v.object({ id: text, revision: text, encoder: text, llm: text }),
  config,
  languages: v.array(text),
  status: v.picklist(runStatuses),
  error: v.nullable(error),
  curve: v.array(
    v.object({
      step: count,
      loss: number,
      gradientNorm: number,
      learningRate: number,
      tokens: whole,
      passedOver: whole,
      milliseconds: number,
      phases: v.record(text, number),
    }),
  ),
  evaluations: v.array(
    v.object({
      step: whole,
      scores: v.record(text, v.object({ right: whole, items: whole })),
      samples: v.array(
        v.object({ id: text, question: text, text: text, answer: text, right: v.boolean() }),
      ),
    }),
  ),
}) satisfies v.GenericSchema<unknown, RunSummary>;

const data = v.object({
  sentences: v.array(v.object({ text, solution: v.nullable(text) })),
  lists: v.array(
    v.object({
      list: v.object({
        id: text,
        name: text,
        language: text,
        pairs: v.array(v.object({ foreign: text, english: text })),
      }),
      weight: number,
    }),
  ),
  development: v.array(v.object({ id: text, lang: text, question: text, answer: text })),
}) satisfies v.GenericSchema<unknown, RunData>;

const runFile = v.object({ format: v.literal(format), run: summary });

/**
 * Checks a config before a run is made of it.
 * @returns what is wrong with it, `null` when nothing is
 */
export function configProblem(given: unknown): string | null {
  const result = v.safeParse(config, given);
  return result.success ? null : describe(result.issues[0]);
}

/** The bytes of `run.json`. */
export function encodeRun(run: RunSummary): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ format, run }));
}

/** @throws Error that says what is wrong with the file */
export function decodeRun(bytes: Uint8Array): RunSummary {
  return parse('run.json', bytes, runFile).run;
}

/** The bytes of `data.json`. */
export function encodeData(runData: RunData): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(runData));
}

/** @throws Error that says what is wrong with the file */
export function decodeData(bytes: Uint8Array): RunData {
  return parse('data.json', bytes, data);
}

function parse<Output>(
  name: string,
  bytes: Uint8Array,
  schema: v.GenericSchema<unknown, Output>,
): Output {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new Error(`Its ${name} is no JSON: it was cut off or damaged.`, { cause });
  }
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  throw new Error(`Its ${name} is not what this page reads. ${describe(result.issues[0])}`);
}

function describe(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? 'It'}: ${issue.message}`;
}
