// A small run for tests of plan, store and runner: what it consists of, and models that answer at once but whose
// answers depend on all that is asked side by side, as a batch's may.
import type { Answer } from '../../../src/bridge/types.ts';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { readAnswer } from '../../../src/evaluate/compare.ts';
import type { Problem } from '../../../src/evaluate/datasets/problem.ts';
import { newRun } from '../../../src/evaluate/newRun.ts';
import type { ModelFacts, RunConfig, RunRecord, Sample } from '../../../src/evaluate/record.ts';
import type { AskAll } from '../../../src/evaluate/runner.ts';
import type { RunData, RunLocks } from '../../../src/evaluate/store.ts';

export const config: RunConfig = {
  dataset: 'built-in',
  languages: ['en', 'sw', 'bn'],
  routes: ['direct', 'lingualift'],
  ...{ limit: null, seed: 1, exemplars: 0, calculator: true, maxNewTokens: 24, batchSize: 4 },
};

export const models: ModelFacts = {
  ...{ bundle: 'Tiny', bundleSha256: 'a1'.repeat(32), replacement: null },
  provider: { kind: 'wasm', detail: '1 thread', reason: 'A test.' },
  versions: { lingualift: '0.1.0' },
};

export function problem(lang: string, number: number): Problem {
  const answer = readAnswer(String(number % 3), 'en');
  if (answer === null) throw new Error('no number');
  return { id: String(number), lang, question: `${lang} ${number}?`, answer };
}

export const problemsOf = (lang: string, count: number): Problem[] =>
  Array.from({ length: count }, (_, number) => problem(lang, number));

/** Eleven problems in three languages, of which one has fewer. */
export const problems = [...problemsOf('en', 4), ...problemsOf('sw', 4), ...problemsOf('bn', 3)];

export const data: RunData = { problems, exemplars: {} };

const facts = { name: 'Test', licence: 'MIT', sources: ['test'], sha256: '00', malformed: 0 };

export const recordOf = (changed: Partial<RunConfig> = {}): RunRecord =>
  newRun('A run', { ...config, ...changed }, facts, models, data);

/** Answers each question from all questions of its batch. */
export const askAll: AskAll = (questions, { route }) =>
  Promise.resolve(questions.map((question) => answerOf(route, question, questions.join(' '))));

function answerOf(route: Answer['route'], question: string, batch: string): Answer {
  const result = (question.length * batch.length) % 3;
  return {
    ...{ route, text: `${batch}\n#### ${result}`, finalAnswer: String(result) },
    ...{ stop: 'end', tokens: 5, provider: models.provider },
    prompt: { text: question, promptTokens: 9, softPromptLength: 7, glossLanguage: null },
    timings: { encodeMs: 1, alignMs: 1, prefillMs: 1, decodeMs: 1, tokensPerSecond: 5 },
  };
}

export function sampleAt(index: number): Sample {
  const each = <Value>(value: Value) => ({ strict: value, flexible: value, 'last-number': value });
  return {
    ...{ index, id: `p${index}`, lang: 'sw', route: 'direct', question: '1 + 1?', expected: '2' },
    ...{ text: '#### 2', extracted: each('2'), correct: each(true), stop: 'end', tokens: 3 },
    ...{ promptTokens: 9, softPromptLength: 0, timings: null, error: null },
  };
}

/** The locks of one computer. */
export class MemoryLocks implements RunLocks {
  readonly #held = new Set<string>();

  async take(run: string): Promise<() => void> {
    if (this.#held.has(run)) throw new LinguaLiftError('run-elsewhere', 'It is in another tab.');
    this.#held.add(run);
    return () => this.#held.delete(run);
  }

  async held(): Promise<ReadonlySet<string>> {
    return new Set(this.#held);
  }
}
