// The bundle that the page ships, in real Chromium: WebGPU (SwiftShader where there is no GPU) and WASM write
// the same solution to a question in each of its languages.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadedBundle } from '../../workers/protocol.ts';
import { InferenceClient } from '../../workers/inference-client.ts';

const url = new URL('/bundles/embedded/bundle.json', location.href).href;

/** Problems that the bundle solves, one a language. */
const problems: { code: string; question: string; answer: string }[] = [
  {
    code: 'en',
    question: 'Sara has 24 apples. She gives 9 apples to Tom. How many apples does Sara have left?',
    answer: '15',
  },
  {
    code: 'es',
    question: 'Sara tiene 24 manzanas. Le da 9 manzanas a Tom. ¿Cuántas manzanas le quedan a Sara?',
    answer: '15',
  },
  {
    code: 'fr',
    question: 'Sara a 24 pommes. Elle donne 9 pommes à Tom. Combien de pommes reste-t-il à Sara ?',
    answer: '15',
  },
  {
    code: 'de',
    question:
      'Ein Brot kostet 4 Euro und ein Brötchen kostet 1 Euro. Herr Weber kauft 2 Brote und 9 Brötchen. Wie viel bezahlt er?',
    answer: '17',
  },
  {
    code: 'sw',
    question:
      'Amina ananunua machungwa 6. Kila chungwa linauzwa kwa shilingi 50. Analipa shilingi ngapi?',
    answer: '300',
  },
];

describe('the embedded bundle', () => {
  const clients = { wasm: new InferenceClient(), webgpu: new InferenceClient() };
  const loaded: Partial<Record<keyof typeof clients, LoadedBundle>> = {};

  beforeAll(async () => {
    for (const kind of ['wasm', 'webgpu'] as const) {
      loaded[kind] = await clients[kind].load(url, kind, () => undefined).promise;
    }
  }, 240_000);
  afterAll(() => {
    for (const client of Object.values(clients)) client.terminate();
  });

  it('runs where it was asked to run', () => {
    expect(loaded.wasm?.provider.kind).toBe('wasm');
    expect(loaded.webgpu?.provider.kind).toBe('webgpu');
  });

  it('has a problem here for each of its languages', () => {
    expect(loaded.wasm?.manifest.languages.map(({ code }) => code).sort()).toEqual(
      problems.map(({ code }) => code).sort(),
    );
  });

  it.each(problems)('solves one in $code, on both alike', async ({ question, answer }) => {
    const ask = (kind: keyof typeof clients) =>
      clients[kind].answer(question, { route: 'lingualift' }, () => undefined).promise;
    const onWasm = await ask('wasm');
    const onWebGpu = await ask('webgpu');
    expect(onWasm.finalAnswer).toBe(answer);
    expect(onWebGpu.text).toBe(onWasm.text);
  });

  it('writes side by side on WebGPU what it writes alone on WASM', async () => {
    // The longest and the shortest; few tokens, because a software adapter takes a second for each.
    const questions = [problems[3], problems[4], problems[0]].map((each) => each?.question ?? '');
    const options = { route: 'lingualift', maxNewTokens: 4 } as const;
    const ask = (question: string) =>
      clients.wasm.answer(question, options, () => undefined).promise;
    const alone = await Promise.all(questions.map(ask));
    const together = await clients.webgpu.answerAll(questions, options, () => undefined).promise;
    expect(together).toMatchObject(alone.map(({ text, tokens }) => ({ text, tokens })));
    // One prefill, so that it was a batch: its time is that of every answer.
    const [first] = together;
    const prefillMs = first && 'timings' in first && first.timings.prefillMs;
    expect(together).toMatchObject(questions.map(() => ({ timings: { prefillMs } })));
  }, 240_000);
});
