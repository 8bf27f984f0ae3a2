// The bundle that the page ships, in real Chromium: WebGPU (SwiftShader where there is no GPU) and WASM write
// the same solution to questions in five scripts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadedBundle } from '../../workers/protocol.ts';
import { InferenceClient } from '../../workers/inference-client.ts';

const url = new URL('/bundles/embedded/bundle.json', location.href).href;

/** Problems that the bundle solves, one a script. */
const problems: { code: string; question: string; answer: string }[] = [
  {
    code: 'en',
    question: 'Half of the 46 houses on our street have solar panels. How many houses have them?',
    answer: '23',
  },
  { code: 'zh', question: '36个粽子平均装进4个礼盒，每盒装几个？', answer: '9' },
  {
    code: 'ar',
    question: 'كم ريالًا يأخذ كل واحد إذا اقتسم أربعة إخوة 200 ريال بالتساوي؟',
    answer: '50',
  },
  {
    code: 'sw',
    question: 'Gunia moja la mahindi lina kilo 90. Magunia 7 yana kilo ngapi?',
    answer: '630',
  },
  { code: 'am', question: '48 ሙዝ ለ6 ልጆች እኩል ቢታደል ለአንዱ ልጅ ስንት ይደርሰዋል?', answer: '8' },
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

  it.each(problems)('solves one in $code, on both alike', async ({ question, answer }) => {
    const ask = (kind: keyof typeof clients) =>
      clients[kind].answer(question, { route: 'lingualift' }, () => undefined).promise;
    const onWasm = await ask('wasm');
    const onWebGpu = await ask('webgpu');
    expect(onWasm.finalAnswer).toBe(answer);
    expect(onWebGpu.text).toBe(onWasm.text);
  });

  it('writes side by side on WebGPU what it writes alone on WASM', async () => {
    // Of different lengths; few tokens, because a software adapter takes a second for each.
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
