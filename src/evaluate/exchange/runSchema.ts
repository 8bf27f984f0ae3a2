// What a run looks like in a file: the types of record.ts, checked field by field.
import * as v from 'valibot';
import { routes } from '../../bridge/types.ts';
import { extractors, type Extractor, type RunRecord, type Sample } from '../record.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const milliseconds = v.pipe(v.number(), v.minValue(0));
const name = v.pipe(v.string(), v.minLength(1));
const route = v.picklist(routes);

/** One value for each extractor. */
const perExtractor = <const Value extends v.GenericSchema>(value: Value) => {
  const entries = Object.fromEntries(extractors.map((one) => [one, value]));
  return v.object(entries as Record<Extractor, Value>);
};

const provider = v.object({
  kind: v.picklist(['webgpu', 'wasm']),
  detail: v.string(),
  reason: v.string(),
});

const config = v.object({
  dataset: name,
  languages: v.array(name),
  routes: v.array(route),
  limit: v.nullable(count),
  seed: v.number(),
  exemplars: count,
  calculator: v.boolean(),
  maxNewTokens: count,
  batchSize: count,
});

const data = v.object({
  name: v.string(),
  licence: v.string(),
  sources: v.array(v.string()),
  sha256: v.string(),
  malformed: count,
});

const models = v.object({
  bundle: v.string(),
  bundleSha256: v.string(),
  replacement: v.nullable(v.object({ name: v.string(), sha256: v.string() })),
  provider,
  versions: v.record(v.string(), v.string()),
});

const selfCheck = v.object({
  items: count,
  differing: v.array(v.object({ id: name, lang: name, route })),
});

export const recordSchema = v.object({
  format: v.literal(1),
  id: name,
  name: v.string(),
  created: v.pipe(v.string(), v.isoTimestamp()),
  config,
  data,
  models,
  selfCheck: v.nullable(selfCheck),
  items: count,
  status: v.picklist(['running', 'paused', 'stopped', 'done', 'imported']),
  reason: v.nullable(v.string()),
}) satisfies v.GenericSchema<unknown, RunRecord>;

const timings = v.object({
  encodeMs: milliseconds,
  alignMs: milliseconds,
  prefillMs: milliseconds,
  decodeMs: milliseconds,
  tokensPerSecond: v.number(),
});

export const sampleSchema = v.object({
  index: count,
  id: name,
  lang: name,
  route,
  question: v.string(),
  expected: v.string(),
  text: v.string(),
  extracted: perExtractor(v.nullable(v.string())),
  correct: perExtractor(v.boolean()),
  stop: v.nullable(v.picklist(['end', 'length', 'stopped'])),
  tokens: count,
  promptTokens: count,
  softPromptLength: count,
  timings: v.nullable(timings),
  error: v.nullable(v.string()),
}) satisfies v.GenericSchema<unknown, Sample>;

/** A run and all that it answered. */
export interface Run {
  record: RunRecord;
  samples: Sample[];
}
