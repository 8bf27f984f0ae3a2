// What the evaluator writes: files into a folder, and the line of figures that scripts read.
import { appendFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Route } from '../src/bridge/types.ts';
import { harnessFiles } from '../src/evaluate/exchange/harnessResults.ts';
import { writeRunFile } from '../src/evaluate/exchange/runFile.ts';
import type { RunRecord, Sample } from '../src/evaluate/record.ts';
import { headline, summarize } from '../src/evaluate/summary.ts';

/** Right answers by the headline extractor. */
interface Figures {
  n: number;
  correct: number;
  /** `correct / n`; 0 when there is nothing to count. */
  accuracy: number;
}

interface RouteFigures extends Figures {
  route: Route;
  perLanguage: Record<string, Figures>;
}

/** The figures of a run: those of its route, or of each of its routes by name. */
export function figures(
  { config }: RunRecord,
  samples: readonly Sample[],
): RouteFigures | Record<string, RouteFigures> {
  const all = config.routes.map((route) => routeFigures(route, samples));
  const [first, ...others] = all;
  return first && others.length === 0
    ? first
    : Object.fromEntries(all.map((one) => [one.route, one]));
}

function routeFigures(route: Route, samples: readonly Sample[]): RouteFigures {
  const own = samples.filter((sample) => sample.route === route);
  const languages = [...new Set(own.map(({ lang }) => lang))].map((lang) => [
    lang,
    count(own.filter((sample) => sample.lang === lang)),
  ]);
  return {
    route,
    ...count(own),
    perLanguage: Object.fromEntries(languages) as RouteFigures['perLanguage'],
  };
}

function count(samples: readonly Sample[]): Figures {
  const correct = samples.filter((sample) => sample.correct[headline]).length;
  return { n: samples.length, correct, accuracy: correct / Math.max(1, samples.length) };
}

const lineOf = (value: unknown) => `${JSON.stringify(value)}\n`;
const pageOf = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/**
 * The folder of a run:
 *
 * - `record.json`      what was asked, of which models, under which rules (src/evaluate/record.ts)
 * - `samples.jsonl`    one answered item a line, written as they come
 * - `summary.json`     counts, intervals and averages by route, language and extractor
 * - `run.jsonl`        record and samples as the page imports them
 * - `harness/`         the same in the form of lm-evaluation-harness
 */
export class OutFolder {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder; what an earlier run left in it is replaced. */
  static async open(folder: string): Promise<OutFolder> {
    const out = new OutFolder(folder);
    await out.#write('samples.jsonl', '');
    return out;
  }

  append(samples: readonly Sample[]): void {
    appendFileSync(join(this.#folder, 'samples.jsonl'), samples.map(lineOf).join(''));
  }

  /** Writes all but the samples. */
  async finish(record: RunRecord, samples: readonly Sample[]): Promise<void> {
    await this.#write('record.json', pageOf(record));
    await this.#write('summary.json', pageOf(summarize(samples)));
    await this.#write('run.jsonl', writeRunFile(record, samples));
    for (const { path, text } of await harnessFiles(record, samples)) {
      await this.#write(join('harness', path), text);
    }
  }

  async #write(path: string, text: string): Promise<void> {
    const place = join(this.#folder, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text);
  }
}
