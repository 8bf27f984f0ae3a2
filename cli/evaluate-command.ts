// The headless evaluator, without the process around it: arguments in, lines out, exit status back. Plan, runner,
// scoring and record are the page's own.
import { batchSizeFor } from '../src/bridge/batch.ts';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { choose } from '../src/evaluate/datasets/choose.ts';
import type { LoadedDataset } from '../src/evaluate/datasets/load.ts';
import { MemoryStore } from '../src/evaluate/memoryStore.ts';
import { newRun } from '../src/evaluate/newRun.ts';
import type { RunConfig, Sample } from '../src/evaluate/record.ts';
import { Runner, type Progress } from '../src/evaluate/runner.ts';
import type { RunData } from '../src/evaluate/store.ts';
import { headline } from '../src/evaluate/summary.ts';
import { readArguments, type Arguments } from './evaluate-arguments.ts';
import { openModels, readProblems, type Models } from './evaluate-inputs.ts';
import { figures, OutFolder } from './evaluate-outputs.ts';

/** Where the command writes: results to `log`, progress and complaints to `error`. */
export type Output = Pick<Console, 'log' | 'error'>;

/** Answers between two lines of progress. */
const progressInterval = 25;

/** Nobody else has a run that is only in this process. */
const noLocks = { take: () => Promise.resolve(() => undefined) };

/** What the page lets a person choose. */
function configOf(
  asked: Arguments,
  { problems }: LoadedDataset,
  { bridge: { manifest, provider } }: Models,
): RunConfig {
  const { data, languages, routes, limit, seed, batch } = asked;
  return {
    dataset: 'set' in data ? data.set.id : data.file,
    languages: languages ?? [...new Set(problems.map(({ lang }) => lang))],
    ...{ routes, limit, seed, exemplars: 0 },
    calculator: asked.calculator && manifest.calculator,
    maxNewTokens: manifest.limits.maxNewTokens,
    batchSize: batch ?? batchSizeFor(provider),
  };
}

/** @throws LinguaLiftError `no-problems` */
function chooseData(
  { languages, limit, seed }: Arguments,
  { problems, facts }: LoadedDataset,
): RunData {
  const wanted = problems.filter(({ lang }) => languages?.includes(lang) ?? true);
  if (wanted.length === 0) {
    throw new LinguaLiftError(
      'no-problems',
      `${facts.name} has no problem in ${languages?.join(', ') ?? 'any language'} to evaluate on.`,
    );
  }
  return { problems: choose(wanted, limit, seed), exemplars: {} };
}

/** Says how far a run is, every so many answers. */
class ProgressLines {
  readonly #output: Output;
  #right = 0;
  #lastLine = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  add(samples: readonly Sample[], { done, items, itemsPerSecond, secondsLeft }: Progress): void {
    this.#right += samples.filter(({ correct }) => correct[headline]).length;
    if (done - this.#lastLine < progressInterval) return;
    this.#lastLine = done;
    const pace = `${itemsPerSecond?.toFixed(1)} a second, ${secondsLeft?.toFixed(0)} s to go`;
    this.#output.error(`${done}/${items} answered, ${this.#right} right; ${pace}`);
  }
}

/** @throws LinguaLiftError `models-failed`; what was answered before is in the folder */
async function run(args: string[], output: Output): Promise<void> {
  const asked = readArguments(args);
  const dataset = await readProblems(asked);
  for (const { source, line, reason } of dataset.malformed) {
    output.error(`${source}, line ${line} is skipped: ${reason}`);
  }
  const data = chooseData(asked, dataset);
  const models = await openModels(asked);
  const config = configOf(asked, dataset, models);
  const out = asked.out === null ? null : await OutFolder.open(asked.out);

  const store = new MemoryStore();
  const name = `${dataset.facts.name}: ${config.routes.join(', ')}`;
  const record = newRun(name, config, dataset.facts, models.facts, data);
  await store.create(record, data);
  const lines = new ProgressLines(output);
  const runner = new Runner(
    {
      ...{ store, locks: noLocks, models: models.facts },
      askAll: (questions, options, signal) =>
        models.bridge.answerAll(questions, options, undefined, signal),
      emit: (event) => {
        if (event.type !== 'batch') return;
        out?.append(event.samples);
        lines.add(event.samples, event.progress);
      },
    },
    record,
    data,
  );
  await runner.start();
  await runner.atRest;
  await models.bridge.dispose();

  const samples = await store.samples(record.id);
  const ended = runner.record;
  await out?.finish(ended, samples);
  if (ended.reason !== null) throw new LinguaLiftError('models-failed', ended.reason);
  output.log(JSON.stringify(figures(ended, samples)));
}

/**
 * Runs the evaluator. The last line logged is the JSON summary.
 * @param args what follows the command's name
 * @returns the exit status: 0, or 2 when the arguments, the files or the models cannot be used
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
