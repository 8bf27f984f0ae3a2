// The command line of the evaluator: what it may say, and what it then means.
import { parseArgs } from 'node:util';
import { routes, type Route } from '../src/bridge/types.ts';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { datasetById, datasets, type DatasetInfo } from '../src/evaluate/datasets/table.ts';

const usage = `Usage: npm run -s evaluate -- --bundle DIR --route ROUTE[,ROUTE...]
         (--data FILE.jsonl | --dataset ${datasets.map(({ id }) => id).join('|')} --data-dir DIR)
         [--languages es,sw] [--limit N] [--seed N] [--alignment FILE] [--no-calculator] [--batch N] [--out DIR]
       Routes: ${routes.join(', ')}. --limit counts problems a language.`;

/** Where the problems are: a file of any languages, or a folder with the files of a public data set. */
export type DataPlace = { file: string } | { set: DatasetInfo; folder: string };

export interface Arguments {
  bundle: string;
  data: DataPlace;
  routes: Route[];
  /** `null` for all. */
  languages: string[] | null;
  /** Problems a language, `null` for all. */
  limit: number | null;
  seed: number;
  /** An alignment file in the place of one of the bundle's. */
  alignment: string | null;
  /** Whether the bundle's calculator, if it has one, is used. */
  calculator: boolean;
  /** Items decoded side by side; `null` for what suits the machine. */
  batch: number | null;
  out: string | null;
}

const text = { type: 'string' } as const;
const options = {
  ...{ bundle: text, data: text, dataset: text, 'data-dir': text, route: text, languages: text },
  ...{ limit: text, seed: text, alignment: text, batch: text, out: text },
  'no-calculator': { type: 'boolean', default: false },
} as const;

/** @throws LinguaLiftError `usage` */
export function readArguments(args: string[]): Arguments {
  const values = parse(args);
  const { bundle, alignment = null, out = null } = values;
  if (bundle === undefined) throw usageError('--bundle is missing: a folder with a bundle.json.');
  const batch = readCount('batch', values.batch);
  if (batch === 0) throw usageError('--batch must be 1 or more.');
  return {
    ...{ bundle, alignment, out, batch },
    data: readPlace(values),
    routes: readRoutes(values.route),
    languages: values.languages === undefined ? null : readList(values.languages),
    limit: readCount('limit', values.limit),
    seed: readCount('seed', values.seed) ?? 0,
    calculator: !values['no-calculator'],
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options }).values;
  } catch (thrown) {
    throw usageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function readPlace({ data, dataset, 'data-dir': folder }: ReturnType<typeof parse>): DataPlace {
  if (data !== undefined && dataset !== undefined) {
    throw usageError('--data and --dataset exclude each other.');
  }
  if (data !== undefined) return { file: data };
  if (dataset === undefined) {
    throw usageError('--data is missing: a file with one problem a line. Or name a --dataset.');
  }
  const set = datasetById(dataset);
  if (set === null) {
    const known = datasets.map(({ id }) => id).join(', ');
    throw usageError(`--dataset must be one of ${known}, not ${dataset}.`);
  }
  if (folder === undefined) {
    throw usageError(`--data-dir is missing: the folder with the files of ${set.name}.`);
  }
  return { set, folder };
}

function readRoutes(value: string | undefined): Route[] {
  const named = new Set(readList(value ?? ''));
  const known = [...named].flatMap((name) => routes.find((route) => route === name) ?? []);
  if (known.length > 0 && known.length === named.size) return known;
  throw usageError(`--route must be one of ${routes.join(', ')}, not ${value ?? 'left out'}.`);
}

const readList = (value: string): string[] => value.split(',').map((item) => item.trim());

function readCount(flag: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  if (!/^\d+$/.test(value)) throw usageError(`--${flag} must be a whole number, not ${value}.`);
  return Number(value);
}

export function usageError(message: string): LinguaLiftError {
  return new LinguaLiftError('usage', `${message}\n${usage}`);
}
