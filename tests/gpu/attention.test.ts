// Attention on WebGPU computes what it computes on WASM, whatever the adapter's subgroups are: SwiftShader's have 4
// lanes, for which ONNX Runtime's kernel for prompts of 32 positions and more is wrong (src/bridge/session.ts).
import * as ort from 'onnxruntime-web/webgpu';
import glue from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import binary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disposeParts, openParts, type Parts } from '../../src/bridge/parts.ts';
import { makePrompt } from '../../src/bridge/prompt.ts';
import { readQuestion } from '../../src/bridge/question.ts';
import { readFloats, Runtime } from '../../src/bridge/session.ts';
import type { Provider } from '../../src/bridge/types.ts';
import type { BundleFiles } from '../../src/bundle/files.ts';
import { FileCache } from '../../src/bundle/cache.ts';
import { loadBundle } from '../../src/bundle/load.ts';
import { UrlSource } from '../../src/bundle/source.ts';
import { GraphBuilder, microsoft } from '../../src/onnx/builder.ts';
import { DataType } from '../../src/onnx/dataTypes.ts';
import { largestDifference } from './onnx.ts';

/** The build with WebGPU has the CPU's kernels too, so that both providers fit one page. */
const absolute = (url: string) => new URL(url, location.href).href;
ort.env.wasm.wasmPaths = { mjs: absolute(glue), wasm: absolute(binary) };

const kinds = ['wasm', 'webgpu'] as const;
const on = (kind: Provider['kind']) => new Runtime(ort, { kind, detail: '', reason: '' });
const runtimes = { wasm: on('wasm'), webgpu: on('webgpu') };

const [heads, keyValueHeads, headSize] = [6, 2, 32];
const width = (heads + 2 * keyValueHeads) * headSize;

/** One GroupQueryAttention over packed queries, keys and values, without a rotary embedding. */
function attention() {
  const builder = new GraphBuilder();
  const { FLOAT, INT32 } = DataType;
  builder.input('qkv', FLOAT, [1, 'length', width]);
  for (const name of ['past_key', 'past_value']) {
    builder.input(name, FLOAT, [1, keyValueHeads, 0, headSize]);
  }
  for (const name of ['key', 'value']) {
    builder.output(name, FLOAT, [1, keyValueHeads, 'length', headSize]);
  }
  builder.input('last', INT32, [1]);
  builder.input('total', INT32, []);
  builder.output('attended', FLOAT, [1, 'length', heads * headSize]);
  builder.node(
    'GroupQueryAttention',
    '/attention',
    ['qkv', '', '', 'past_key', 'past_value', 'last', 'total'],
    { num_heads: { int: heads }, kv_num_heads: { int: keyValueHeads } },
    { domain: microsoft, outputs: ['attended', 'key', 'value'] },
  );
  return builder.model('attention');
}

async function attend(kind: Provider['kind'], length: number): Promise<Float32Array> {
  const session = await runtimes[kind].open('attention', attention());
  const values = Float32Array.from({ length: length * width }, (_, i) => 2 * Math.sin(i * i));
  const none = () => runtimes[kind].floats(new Float32Array(0), [1, keyValueHeads, 0, headSize]);
  const outputs = await session.run({
    qkv: runtimes[kind].floats(values, [1, length, width]),
    past_key: none(),
    past_value: none(),
    last: new ort.Tensor('int32', Int32Array.of(length - 1), [1]),
    total: new ort.Tensor('int32', Int32Array.of(length), []),
  });
  const attended = await readFloats(outputs, 'attended');
  await session.dispose();
  return attended;
}

describe('attention', () => {
  it.each([31, 32, 70])('over %i positions is the same on WebGPU as on WASM', async (length) => {
    const [wasm, webgpu] = [await attend('wasm', length), await attend('webgpu', length)];
    expect(largestDifference(webgpu, wasm)).toBeLessThan(1e-5);
  });
});

/** Prompts of 38, 55 and 23 positions. */
const questions = [
  '姥姥今年71岁，妈妈比姥姥小28岁，妈妈今年几岁？',
  'У бабы Нюры в корзине 18 яблок, она отдала внукам 7 яблок и купила ещё 5 на рынке. Сколько яблок у бабы Нюры теперь?',
  '一杯奶茶16元，点6杯一共多少钱？',
];

describe('the embedded bundle', () => {
  const parts: Partial<Record<Provider['kind'], Parts>> = {};
  let files: BundleFiles;

  beforeAll(async () => {
    const source = new UrlSource(absolute('/bundles/embedded/bundle.json'));
    ({ files } = await loadBundle(source, { cache: await FileCache.open() }));
    for (const kind of kinds) parts[kind] = await openParts(files, runtimes[kind], () => undefined);
  }, 240_000);
  afterAll(async () => {
    for (const each of Object.values(parts)) await disposeParts(each);
  });

  /** The soft prompt of a question between its neighbours, and the scores of the first token. */
  async function begin(kind: Provider['kind'], question: string) {
    const { [kind]: open } = parts;
    if (open === undefined) throw new Error(`The bundle is not open on ${kind}.`);
    const { text } = readQuestion(files.manifest, question, {});
    const { llm, embeddings } = await makePrompt(
      files.manifest,
      open,
      { route: 'lingualift' },
      text,
    );
    const continuation = await llm.prefill([embeddings]);
    const scores = continuation.scores(0).slice();
    continuation.dispose();
    return { prompt: embeddings.data, scores };
  }

  it.each(questions)(
    'reads %s on WebGPU as on WASM',
    async (question) => {
      const wasm = await begin('wasm', question);
      const webgpu = await begin('webgpu', question);
      expect(largestDifference(webgpu.prompt, wasm.prompt)).toBeLessThan(1e-4);
      expect(largestDifference(webgpu.scores, wasm.scores)).toBeLessThan(1e-3);
      const first = ({ scores }: { scores: Float32Array }) => scores.indexOf(Math.max(...scores));
      expect(first(webgpu)).toBe(first(wasm));
    },
    240_000,
  );
});
