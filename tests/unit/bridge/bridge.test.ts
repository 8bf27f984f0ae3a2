// The whole path in Node, on a tiny bundle with random weights.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Alignment } from '../../../src/bridge/alignment.ts';
import { Bridge } from '../../../src/bridge/bridge.ts';
import { decode } from '../../../src/bridge/decode.ts';
import { Encoder, type Vectors } from '../../../src/bridge/encoder.ts';
import { Llm } from '../../../src/bridge/llm.ts';
import { slotNotation } from '../../../src/bridge/notation.ts';
import { concatenate } from '../../../src/bridge/prompt.ts';
import { rational } from '../../../src/bridge/rational.ts';
import { Tokenizer } from '../../../src/bridge/tokens.ts';
import { Writer } from '../../../src/bridge/writer.ts';
import {
  routes,
  type AnswerEvent,
  type LoadProgress,
  type Route,
} from '../../../src/bridge/types.ts';
import type { BundleFiles } from '../../../src/bundle/files.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import { decodeModel, readLoraAdapter } from '../../../src/onnx/index.ts';
import { makeTinyBundle, MemorySource } from '../../support/tiny-bundle.ts';

const question = 'Ana ana maembe 12 na machungwa 5. Je, ana jumla ya matunda mangapi?';
const runtime = createNodeRuntime();
const progress: LoadProgress[] = [];
let source: MemorySource;
let files: BundleFiles;
let bridge: Bridge;

beforeAll(async () => {
  source = new MemorySource(await makeTinyBundle());
  ({ files } = await loadBundle(source));
  bridge = await Bridge.load(files, runtime, (step) => progress.push(step));
});
afterAll(() => bridge.dispose());

const openLlm = (adapter: string | null) => {
  const { llm, adapters } = files.manifest;
  const paths = adapter === null ? undefined : adapters[adapter];
  return Llm.open(runtime, {
    path: llm.model,
    model: decodeModel(files.bytes(llm.model)),
    external: new Map(),
    config: files.json(llm.config) as object,
    adapter: paths ? readLoraAdapter(files.json(paths.config), files.bytes(paths.weights)) : null,
  });
};

/** Index of the largest value. */
const best = (logits: Float32Array) => logits.indexOf(Math.max(...logits));

/** `count` tokens, each computed from scratch over the prompt and all tokens before it. */
async function writeWithoutCache(llm: Llm, prompt: Vectors, count: number): Promise<number[]> {
  const ids: number[] = [];
  while (ids.length < count) {
    const continuation = await llm.prefill([concatenate([prompt, llm.embed(ids)])]);
    ids.push(best(continuation.scores(0)));
    continuation.dispose();
  }
  return ids;
}

describe('Bridge.answer', () => {
  it('computes on the lingualift route what its pieces compute step by step', async () => {
    const { manifest } = files;
    const encoderTokenizer = new Tokenizer(files, manifest.encoder);
    const llmTokenizer = new Tokenizer(files, manifest.llm);
    const file = manifest.alignments.lingualift?.file ?? '';
    const encoder = await Encoder.open(runtime, 'encoder', files.bytes(manifest.encoder.model));
    const alignment = await Alignment.open(runtime, file, files.bytes(file));
    const llm = await openLlm('lingualift');

    const text = 'Ana ana maembe <n0> na machungwa <n1>. Je, ana jumla ya matunda mangapi?';
    const tokens = encoderTokenizer.encode(text);
    const hiddenStates = await encoder.encode(tokens);
    expect([hiddenStates.length, hiddenStates.width]).toEqual([tokens.length, 32]);
    const softPrompt = await alignment.align(hiddenStates);
    expect([softPrompt.length, softPrompt.width]).toEqual([tokens.length + 1, 64]);
    const prompt = concatenate([
      llm.embed([0]),
      softPrompt,
      llm.embed(llmTokenizer.encodePlain('Solve the following math problem:')),
    ]);
    const continuation = await llm.prefill([prompt]);
    const notation = slotNotation([rational(12n), rational(5n)], 4, true);
    const endIds = new Set([2]);
    const writer = new Writer({
      notation,
      vocabulary: llmTokenizer,
      endIds,
      maxNewTokens: 24,
      canTakeBack: true,
    });
    await decode(continuation, [writer]);
    const expected = writer.written;

    const answer = await bridge.answer(question, { route: 'lingualift' });
    expect(answer.text).toBe(notation.present(expected?.text ?? ''));
    expect(answer.text.length).toBeGreaterThan(0);
    expect(answer.tokens).toBe(expected?.tokens);
    expect(answer.prompt).toEqual({
      text,
      promptTokens: prompt.length,
      softPromptLength: softPrompt.length,
      glossLanguage: null,
    });
  });

  it('gives each route its own answer', async () => {
    const texts = new Set<string>();
    for (const route of routes) texts.add((await bridge.answer(question, { route })).text);
    expect(texts.size).toBe(routes.length);
  });

  it('glosses the question for the gloss route', async () => {
    const { prompt } = await bridge.answer(question, { route: 'gloss' });
    expect(prompt.text).toBe(
      'has has mangoes <n0> and machungwa <n1>. Je, has jumla ya matunda mangapi?',
    );
    expect(prompt.glossLanguage).toBe('sw');
    expect(prompt.softPromptLength).toBe(0);
  });

  it('glosses through a list that is packed', async () => {
    const packed = new Uint8Array(gzipSync('ana holds\nna and\n'));
    const other = await Bridge.load(files.with('lexicons/sw.txt', packed), runtime);
    const { prompt } = await other.answer(question, { route: 'gloss', maxNewTokens: 1 });
    expect(prompt.text).toMatch(/^holds holds maembe <n0> and machungwa/);
    await other.dispose();
  });

  it('streams the prompt, then the text so far after each token', async () => {
    const events: AnswerEvent[] = [];
    const answer = await bridge.answer(
      question,
      { route: 'langbridge', maxNewTokens: 6 },
      (event) => events.push(event),
    );
    expect(events[0]).toEqual({ type: 'prompt', prompt: answer.prompt });
    expect(events.slice(1).map((event) => event.type === 'text' && event.tokens)).toEqual(
      Array.from({ length: answer.tokens }, (_, index) => index + 1),
    );
    expect(events.at(-1)).toEqual({ type: 'text', text: answer.text, tokens: answer.tokens });
    expect(answer.stop).toBe('length');
    expect(answer.timings.prefillMs).toBeGreaterThan(0);
    expect(answer.provider.kind).toBe('wasm');
  });

  it('keeps the partial answer when it is stopped', async () => {
    const whole = await bridge.answer(question, { route: 'direct' });
    const stop = new AbortController();
    const partial = await bridge.answer(
      question,
      { route: 'direct' },
      (event) => {
        if (event.type === 'text' && event.tokens === 3) stop.abort();
      },
      stop.signal,
    );
    expect(partial.stop).toBe('stopped');
    expect(partial.tokens).toBe(3);
    expect(partial.text.length).toBeGreaterThan(0);
    expect(whole.text.startsWith(partial.text)).toBe(true);
  });

  it('answers several questions at once as it does one after the other', async () => {
    const alone = [];
    for (const route of routes) alone.push((await bridge.answer(question, { route })).text);
    const together = await Promise.all(routes.map((route) => bridge.answer(question, { route })));
    expect(together.map(({ text }) => text)).toEqual(alone);
  });

  it.each([
    ['', 'question-empty'],
    [' \n', 'question-empty'],
    ['1 2 3 4 5', 'too-many-numerals'],
    ['maembe '.repeat(70), 'question-too-long'],
  ])('refuses %.20j with the code %s', async (bad, code) => {
    await expect(bridge.answer(bad, { route: 'lingualift' })).rejects.toMatchObject({ code });
  });

  it('refuses a question for which the LLM has no room', async () => {
    await expect(bridge.answer('maembe '.repeat(60), { route: 'direct' })).rejects.toMatchObject({
      code: 'question-too-long',
    });
  });
});

describe('worked examples', () => {
  const exemplars = [
    { question: 'Tom has 2 pens and buys 3.', answer: '<<2+3=5>> #### 5' },
    { question: 'Ann has 4 pens.', answer: '#### 4' },
  ];
  const short = 'Je, ana 7?';

  it('stand in front of the question on the routes where the LLM reads text', async () => {
    const { manifest } = files;
    const digits = files.as({ ...manifest, numerals: 'digits', slots: undefined });
    const plain = await Bridge.load(digits, runtime);
    const tokenizer = new Tokenizer(files, manifest.llm);
    const read = async (route: Route, few: typeof exemplars) => {
      const { prompt } = await plain.answer(short, { route, exemplars: few, maxNewTokens: 1 });
      return prompt.promptTokens;
    };
    const examples = exemplars
      .flatMap(({ question: asked, answer }) => [
        `${asked}<|end|>`,
        manifest.prompts.solve,
        ` ${answer}\n\n`,
      ])
      .flatMap((piece) => tokenizer.encodePlain(piece));
    expect(await read('direct', exemplars)).toBe((await read('direct', [])) + examples.length);
    expect(await read('gloss', exemplars)).toBe((await read('gloss', [])) + examples.length);
    expect(await read('lingualift', exemplars)).toBe(await read('lingualift', []));
    await plain.dispose();
  });

  it('are refused by bundles with slots', async () => {
    await expect(bridge.answer(short, { route: 'direct', exemplars })).rejects.toMatchObject({
      code: 'exemplars-unsupported',
    });
    await bridge.answer(short, { route: 'lingualift', exemplars });
  });
});

describe('Llm', () => {
  it('writes with its cache what it writes when it reads everything anew', async () => {
    const llm = await openLlm(null);
    const prompt = llm.embed([0, 8, 300, 315, 411]);
    const continuation = await llm.prefill([prompt]);
    const cached: number[] = [];
    while (cached.length < 8) {
      const token = best(continuation.scores(0));
      cached.push(token);
      await continuation.append([{ token, back: 0 }]);
    }
    expect(cached).toEqual(await writeWithoutCache(llm, prompt, 8));
    await llm.dispose();
  });

  it('gives other scores with an adapter', async () => {
    const [plain, adapted] = [await openLlm(null), await openLlm('lingualift')];
    const ids = [0, 8, 300];
    const a = await plain.prefill([plain.embed(ids)]);
    const b = await adapted.prefill([adapted.embed(ids)]);
    expect(Array.from(a.scores(0))).not.toEqual(Array.from(b.scores(0)));
  });
});

describe('Bridge.load', () => {
  it('reports each part, a warm-up and readiness', () => {
    const phases = progress.map(({ phase, item }) => `${phase} ${item}`);
    expect(phases).toEqual([
      'compile encoder',
      'compile alignment langbridge',
      'compile alignment lingualift',
      'compile LLM',
      'compile LLM with adapter lingualift',
      'warm-up encoder',
      'warm-up alignment langbridge',
      'warm-up alignment lingualift',
      'warm-up LLM',
      'warm-up LLM',
      'ready Tiny',
    ]);
  });

  it('can be cancelled', async () => {
    const stop = new AbortController();
    const load = Bridge.load(
      files,
      runtime,
      ({ item }) => {
        if (item === 'alignment lingualift') stop.abort();
      },
      stop.signal,
    );
    await expect(load).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('names the file that is no model', async () => {
    const broken = new Map(source.files);
    const manifest = JSON.parse(new TextDecoder().decode(broken.get('bundle.json'))) as {
      llm: { model: string; config: string };
    };
    manifest.llm.model = manifest.llm.config;
    broken.set('bundle.json', new TextEncoder().encode(JSON.stringify(manifest)));
    const loaded = await loadBundle(new MemorySource(broken));
    const load = Bridge.load(loaded.files, runtime);
    await expect(load).rejects.toMatchObject({ code: 'model-invalid' });
    await expect(load).rejects.toThrow('llm/config.json');
  });
});
