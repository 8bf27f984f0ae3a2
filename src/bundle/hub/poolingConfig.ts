// What `1_Pooling/config.json` says, the file by which sentence-transformers knows how a model makes one vector of a
// sentence's tokens: https://sbert.net/docs/package_reference/sentence_transformer/models.html#pooling
import * as v from 'valibot';
import { LinguaLiftError } from '../errors.ts';
import { defaultPooling, type Pooling } from '../manifest.ts';

/** The rule that a model is used by. */
export interface PoolingChoice {
  pooling: Pooling;
  /** What its files ask for, such as `lasttoken` or `cls + mean`, where `pooling` only stands in for it; else `null`. */
  asked: string | null;
}

/**
 * The rules that this page has, by their names in both forms of the file. A mean that is divided by another length points
 * the same way, and sentence vectors are brought to length one.
 */
const known: ReadonlyMap<string, Pooling> = new Map([
  ['mean', 'mean'],
  ['mean_tokens', 'mean'],
  ['mean_sqrt_len_tokens', 'mean'],
  ['cls', 'cls'],
  ['cls_token', 'cls'],
  ['max', 'max'],
  ['max_tokens', 'max'],
]);

/** Older files have a switch for each rule, newer ones name one or several. */
const switchPrefix = 'pooling_mode_';
const fileSchema = v.record(v.string(), v.unknown());
const switchSchema = v.nullish(v.boolean(), false);
const namesSchema = v.nullish(v.union([v.string(), v.array(v.string())]), []);

/**
 * Reads a parsed `1_Pooling/config.json`. A rule that this page does not have, and several at once, become the default,
 * with what was asked for beside it: only retrieval needs a rule, and bridges use such an encoder as well as any.
 * @param model whose it is, for the error
 * @throws LinguaLiftError `file-invalid` for what is no such file
 */
export function readPoolingConfig(json: unknown, model: string): PoolingChoice {
  const file = check(fileSchema, json, model);
  const names = [check(namesSchema, file['pooling_mode'], model)].flat();
  const switches = Object.entries(file).filter(([key]) => key.startsWith(switchPrefix));
  const turnedOn = switches
    .filter(([, value]) => check(switchSchema, value, model))
    .map(([key]) => key.slice(switchPrefix.length));
  // As in sentence-transformers, names count before switches, and where nothing is said it is the mean.
  const asked = names.length > 0 ? names.map((name) => name.toLowerCase()) : turnedOn;
  const isSilent = asked.length === 0 && file['pooling_mode_mean_tokens'] === undefined;
  if (isSilent) return { pooling: defaultPooling, asked: null };
  const [name = 'none', ...others] = asked;
  const pooling = others.length === 0 ? known.get(name) : undefined;
  if (pooling !== undefined) return { pooling, asked: null };
  return { pooling: defaultPooling, asked: [name, ...others].join(' + ') };
}

function check<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  model: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new LinguaLiftError(
    'file-invalid',
    `The file 1_Pooling/config.json of ${model} does not say how a sentence becomes one vector. Download the model again, or choose a folder in which that file is whole or missing.`,
    result.issues[0].message,
  );
}
