// Answers that are written side by side: the same texts as one by one, whatever stands beside them.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderSource } from '../../../cli/folder-source.ts';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { sideBySide, tryBatch } from '../../../src/bridge/batch.ts';
import { Bridge, type Outcome } from '../../../src/bridge/bridge.ts';
import { Llm } from '../../../src/bridge/llm.ts';
import { routes, type Answer, type Route } from '../../../src/bridge/types.ts';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import { decodeModel } from '../../../src/onnx/index.ts';
import { makeTinyBundle, MemorySource } from '../../support/tiny-bundle.ts';

const path = (relative: string) => new URL(`../../../${relative}`, import.meta.url).pathname;
const runtime = createNodeRuntime();

function problems(lang: string): string[] {
  const lines = readFileSync(path(`public/problems/${lang}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => (JSON.parse(line) as { question: string }).question);
}

const isAnswer = (outcome: Outcome): outcome is Answer => !(outcome instanceof LinguaLiftError);
/** What came of a question, for comparison. */
const textOf = (outcome: Outcome) => (isAnswer(outcome) ? outcome.text : outcome.code);

async function oneByOne(bridge: Bridge, questions: readonly string[], route: Route) {
  const texts: string[] = [];
  for (const question of questions) {
    const answer = bridge.answer(question, { route });
    texts.push(textOf(await answer.catch((thrown: unknown) => thrown as LinguaLiftError)));
  }
  return texts;
}

/** How many prefills there were: the answers of one have its time in common. */
const prefills = (outcomes: readonly Outcome[]) =>
  new Set(outcomes.filter(isAnswer).map(({ timings }) => timings.prefillMs)).size;

describe('Bridge.answerAll', () => {
  let bridge: Bridge;

  beforeAll(async () => {
    const { files } = await loadBundle(new MemorySource(await makeTinyBundle()));
    bridge = await Bridge.load(files, runtime);
  });
  afterAll(() => bridge.dispose());

  const questions = [
    'Ana ana maembe 12 na machungwa 5. Je, ana jumla ya matunda mangapi?',
    '',
    'maembe 3',
    'maembe '.repeat(70),
    'Sara has 24 apples. She gives 9 to Tom.',
    '1 2 3 4 5',
    'Je, ana 7?',
  ];
  const refused = { 1: 'question-empty', 3: 'question-too-long', 5: 'too-many-numerals' };

  it.each(routes)('gives on the %s route what the questions get alone', async (route) => {
    const told: (string | undefined)[] = [];
    const outcomes = await bridge.answerAll(questions, { route }, (index, outcome) => {
      told[index] = textOf(outcome);
    });
    const texts = outcomes.map(textOf);
    expect(texts).toEqual(await oneByOne(bridge, questions, route));
    expect(texts).toMatchObject(refused);
    expect(told).toEqual(texts);
    expect(prefills(outcomes)).toBe(1);
  });

  it('splits questions that do not fit side by side', async () => {
    // 128 positions: the long prompt leaves no room for the 100 tokens that the short one may have.
    const mixed = ['maembe 3', 'maembe '.repeat(12)];
    const options = { route: 'direct', maxNewTokens: 100 } as const;
    const outcomes = await bridge.answerAll(mixed, options);
    const alone = [];
    for (const question of mixed) alone.push((await bridge.answer(question, options)).text);
    expect(outcomes.map(textOf)).toEqual(alone);
    expect(prefills(outcomes)).toBe(2);
  });

  it('keeps what is written when it is stopped, and does not begin the rest', async () => {
    const stop = new AbortController();
    const options = { route: 'direct', maxNewTokens: 100 } as const;
    const seen: number[] = [];
    const asked = ['maembe '.repeat(12), 'maembe 3', 'Je, ana 7?'];
    const whole = (await bridge.answerAll(asked, options)).map(textOf);
    const stopping = bridge.answerAll(asked, options, (index) => seen.push(index), stop.signal);
    // Another question gets its turn meanwhile.
    await bridge.answer('maembe 3', { route: 'direct', maxNewTokens: 8 });
    stop.abort();
    const outcomes = await stopping;
    expect(outcomes.map((outcome) => (isAnswer(outcome) ? outcome.stop : outcome.code))).toEqual([
      'cancelled',
      'stopped',
      'stopped',
    ]);
    for (const index of [1, 2]) expect(whole[index]).toContain(textOf(outcomes[index] as Outcome));
    expect(seen.sort()).toEqual([1, 2]);
  });

  it('refuses all when the fault is not with one question', async () => {
    const exemplars = [{ question: '1+1?', answer: '#### 2' }];
    await expect(bridge.answerAll(questions, { route: 'direct', exemplars })).rejects.toMatchObject(
      { code: 'exemplars-unsupported' },
    );
  });

  it('has nothing to do without questions', async () => {
    expect(await bridge.answerAll([], { route: 'direct' })).toEqual([]);
  });
});

describe('the embedded bundle', () => {
  it('writes the same solutions side by side as one by one', async () => {
    const { files } = await loadBundle(new FolderSource(path('public/bundles/embedded')));
    const bridge = await Bridge.load(files, runtime);
    for (const [lang, route] of [
      ['en', 'direct'],
      ['es', 'gloss'],
      ['de', 'langbridge'],
      ['sw', 'lingualift'],
    ] as const) {
      const questions = problems(lang).slice(0, 10);
      const outcomes = await bridge.answerAll(questions, { route });
      expect(outcomes.map(textOf)).toEqual(await oneByOne(bridge, questions, route));
      expect(prefills(outcomes)).toBe(1);
    }
    await bridge.dispose();
  });
});

describe('tryBatch', () => {
  // A Llama as Optimum exports it: position_ids, and a cache that grows at its end.
  const exported = path('../shared/fixtures/gen-optimum-story');

  it.skipIf(!existsSync(exported))('finds that graphs with position_ids can', async () => {
    const llm = await Llm.open(runtime, {
      path: 'model.onnx',
      model: decodeModel(new Uint8Array(readFileSync(`${exported}/model.onnx`))),
      external: new Map(),
      config: JSON.parse(readFileSync(`${exported}/config.json`, 'utf8')) as object,
      adapter: null,
    });
    expect(await llm.canBatch()).toBe(true);
    await llm.dispose();
  });

  /** An LLM whose scores are given, for the row of a batch and for the same prompt alone. */
  const scripted = (together: number[], alone: number[]) =>
    ({
      embed: () => ({}),
      prefill: (prompts: unknown[]) => ({
        scores: () => Float32Array.from(prompts.length > 1 ? together : alone),
        append: () => Promise.resolve(),
        dispose: () => undefined,
      }),
    }) as unknown as Llm;

  it('finds that a graph cannot whose scores depend on what stands beside', async () => {
    expect(await tryBatch(scripted([1, 2, 3], [1, 2, 3.001]))).toBe(true);
    expect(await tryBatch(scripted([1, 2, 3], [1, 2.5, 3]))).toBe(false);
    expect(await tryBatch(scripted([1, NaN, 3], [1, 2, 3]))).toBe(false);
  });

  it('finds that a graph cannot which refuses a second row', async () => {
    const llm = {
      embed: () => ({}),
      prefill: () => Promise.reject(new Error('Got invalid dimensions for input')),
    } as unknown as Llm;
    expect(await tryBatch(llm)).toBe(false);
  });
});

describe('sideBySide', () => {
  /** Questions by the lengths of their prompts, for an LLM of 100 positions. */
  async function group(lengths: number[], canBatch = true, mostPromptPositions = 1000) {
    const llm = { canBatch: () => Promise.resolve(canBatch), mostPromptPositions };
    const questions = lengths.map((promptTokens) => ({
      prompt: { info: { promptTokens }, llm },
      maxNewTokens: Math.min(40, 100 - promptTokens),
    }));
    const groups = await sideBySide(questions, { maxPositions: 100 });
    return groups.map((members) => members.map(({ prompt }) => prompt.info.promptTokens));
  }

  it('puts together what fits, short prompts first', async () => {
    expect(await group([50, 20, 60, 10])).toEqual([[10, 20, 50, 60]]);
  });

  it('keeps a long prompt apart from texts that it leaves no room for', async () => {
    expect(await group([70, 20, 80])).toEqual([[20], [70], [80]]);
  });

  it('puts no more together than there is memory for', async () => {
    expect(await group([10, 10, 10, 20, 20], true, 40)).toEqual([
      [10, 10, 10],
      [20, 20],
    ]);
  });

  it('leaves each alone where the LLM cannot batch', async () => {
    expect(await group([10, 20], false)).toEqual([[10], [20]]);
  });
});
