// The headless evaluator, without the process around it: arguments in, lines out, exit status back.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Bridge } from '../src/bridge/bridge.ts';
import { routePlans } from '../src/bridge/routes.ts';
import { routes, type Answer, type Route } from '../src/bridge/types.ts';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import type { BundleFiles } from '../src/bundle/files.ts';
import { loadBundle } from '../src/bundle/load.ts';
import { isCorrect } from '../src/evaluate/compare.ts';
import { parseJsonLines, subset, type Problem } from '../src/evaluate/dataset.ts';
import { summarize, type Sample } from '../src/evaluate/summary.ts';
import { FolderSource } from './folder-source.ts';
import { createNodeRuntime } from './node-runtime.ts';

const usage = `Usage: npm run -s evaluate -- --bundle DIR --data FILE.jsonl --route ${routes.join('|')}
         [--languages es,sw] [--limit N] [--seed N] [--alignment FILE] [--out DIR]`;
/** Where the command writes: results to `log`, progress and complaints to `error`. */
export type Output = Pick<Console, 'log' | 'error'>;

/** Problems between two lines of progress. */
const progressInterval = 25;

/** What the command line asks for. */
interface Arguments {
  bundle: string;
  data: string;
  route: Route;
  /** `null` for all. */
  languages: string[] | null;
  limit: number;
  seed: number;
  alignment: string | undefined;
  out: string | undefined;
}

/** An answered problem with everything that is known of it, as `--out` writes it. */
interface FullSample extends Sample {
  question: string;
  expected: string;
  answer: Answer | null;
  /** Why there is no answer: a question that the models cannot take counts as wrong. */
  error: string | null;
}

/** @throws LinguaLiftError `usage` */
function readArguments(args: string[]): Arguments {
  const text = { type: 'string' } as const;
  const options = {
    ...{ bundle: text, data: text, route: text, languages: text },
    ...{ limit: text, seed: text, alignment: text, out: text },
  };
  let values: Partial<Record<keyof typeof options, string>>;
  try {
    ({ values } = parseArgs({ args, options }));
  } catch (thrown) {
    throw usageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
  const { bundle, data, languages, alignment, out } = values;
  const route = routes.find((known) => known === values.route);
  if (bundle === undefined) throw usageError('--bundle is missing: a folder with a bundle.json.');
  if (data === undefined) throw usageError('--data is missing: a file with one problem a line.');
  if (route === undefined) {
    throw usageError(
      `--route must be one of ${routes.join(', ')}, not ${values.route ?? 'left out'}.`,
    );
  }
  return {
    ...{ bundle, data, route, alignment, out },
    languages: languages?.split(',').map((code) => code.trim()) ?? null,
    limit: readCount('limit', values.limit, Infinity),
    seed: readCount('seed', values.seed, 0),
  };
}

function readCount(flag: string, value: string | undefined, absent: number): number {
  if (value === undefined) return absent;
  if (!/^\d+$/.test(value)) throw usageError(`--${flag} must be a whole number, not ${value}.`);
  return Number(value);
}

function usageError(message: string): LinguaLiftError {
  return new LinguaLiftError('usage', `${message}\n${usage}`);
}

/** @throws LinguaLiftError `file-missing` */
async function readInput(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw new LinguaLiftError(
      'file-missing',
      `The ${what} ${path} cannot be read. Check that it exists and that you may read it.`,
      String(thrown),
      { cause: thrown },
    );
  }
}

async function readProblems(
  { data, languages, limit, seed }: Arguments,
  output: Output,
): Promise<Problem[]> {
  const { problems, malformed } = parseJsonLines((await readInput(data, 'data file')).toString());
  for (const { line, reason } of malformed) {
    output.error(`${data}, line ${line} is skipped: ${reason}`);
  }
  const wanted = problems.filter(({ lang }) => languages?.includes(lang) ?? true);
  if (wanted.length === 0) {
    throw new LinguaLiftError(
      'no-problems',
      `${data} has no problem${languages ? ` in ${languages.join(', ')}` : ''} to evaluate on.`,
    );
  }
  return subset(wanted, limit, seed);
}

/** The bundle's files, the route's alignment replaced where another one is given. */
async function readBundle({ bundle, route, alignment }: Arguments): Promise<BundleFiles> {
  const { files } = await loadBundle(new FolderSource(bundle));
  if (alignment === undefined) return files;
  const name = routePlans[route].alignment;
  const replaced = name && files.manifest.alignments[name]?.file;
  if (!replaced) {
    throw usageError(`--alignment has no use: the route ${route} takes none from this bundle.`);
  }
  return files.with(replaced, new Uint8Array(await readInput(alignment, 'alignment')));
}

async function evaluate(bridge: Bridge, route: Route, problem: Problem): Promise<FullSample> {
  const { id, lang, question, answer: expected } = problem;
  const sample = { id, lang, question, expected: expected.text };
  try {
    const answer = await bridge.answer(question, { route });
    return { ...sample, correct: isCorrect(answer.finalAnswer, expected), answer, error: null };
  } catch (thrown) {
    // A question may be too long or hold too many numbers; a bundle without the route is another matter.
    if (!(thrown instanceof LinguaLiftError) || thrown.code === 'route-missing') throw thrown;
    return { ...sample, correct: false, answer: null, error: thrown.message };
  }
}

async function run(args: string[], output: Output): Promise<void> {
  const asked = readArguments(args);
  const problems = await readProblems(asked, output);
  const bridge = await Bridge.load(await readBundle(asked), createNodeRuntime());
  const samples: FullSample[] = [];
  for (const problem of problems) {
    samples.push(await evaluate(bridge, asked.route, problem));
    if (samples.length % progressInterval === 0) {
      const right = samples.filter(({ correct }) => correct).length;
      output.error(`${samples.length}/${problems.length} answered, ${right} right`);
    }
  }
  await bridge.dispose();

  const summary = summarize(asked.route, samples);
  if (asked.out !== undefined) {
    await mkdir(asked.out, { recursive: true });
    const lines = samples.map((sample) => `${JSON.stringify(sample)}\n`).join('');
    await writeFile(join(asked.out, 'samples.jsonl'), lines);
    await writeFile(join(asked.out, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  }
  output.log(JSON.stringify(summary));
}

/**
 * Runs the evaluator. The last line logged is the JSON summary.
 * @param args what follows the command's name
 * @returns the exit status: 0, or 2 when the arguments or the files cannot be used
 */
export async function evaluateCommand(args: string[], output: Output): Promise<number> {
  try {
    await run(args, output);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof LinguaLiftError)) throw thrown;
    output.error(thrown.details === '' ? thrown.message : `${thrown.message}\n(${thrown.details})`);
    return 2;
  }
}
