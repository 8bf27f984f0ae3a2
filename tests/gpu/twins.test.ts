// Twins of published models on WebGPU through the bridge's own classes. LLMs against the same on WebAssembly, which
// tests/unit/bridge/twins.test.ts holds to the graphs as they came (ONNX Runtime's build for WebGPU has no kernel for
// GatherBlockQuantized on the CPU, so it cannot run all of those); encoders against the graph as it came.
// Software adapters have no 16-bit arithmetic, and are told so.
import * as ort from 'onnxruntime-web/webgpu';
import { describe, expect, it } from 'vitest';
import { Encoder } from '../../src/bridge/encoder.ts';
import { Llm } from '../../src/bridge/llm.ts';
import { Runtime } from '../../src/bridge/session.ts';
import { encodeModel, type ModelProto } from '../../src/onnx/index.ts';
import { presets, type PresetName } from '../twins/presets.ts';
import { int64, largestDifference, run } from './onnx.ts';
import { casesOf, decoders, encoders, twinGraph } from './twinGraphs.ts';

const runtime = new Runtime(ort, { kind: 'webgpu', detail: 'test', reason: 'A test.' });
const wasm = new Runtime(ort, { kind: 'wasm', detail: 'test', reason: 'A test.' });
const adapter = await navigator.gpu.requestAdapter();
const hasHalves = adapter?.features.has('shader-f16') ?? false;

const prompt = [5, 300, 17, 42, 8, 201, 99];
const newTokens = 8;
/** Of the largest value: sums come in another order, and on WebGPU 4-bit products are summed in blocks. */
const tolerance = 2e-3;
const largest = (values: Float32Array) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const argmax = (values: Float32Array) => values.indexOf(values.reduce((a, b) => Math.max(a, b)));

async function openLlm(on: Runtime, name: PresetName, model: ModelProto): Promise<Llm> {
  const path = `${name}.onnx`;
  const suited = await on.suit(path, model);
  const { tiny } = presets[name].sizes;
  const config = { num_attention_heads: tiny.heads, head_dim: tiny.headSize };
  return Llm.open(on, { path, model: suited, external: new Map(), config, adapter: null });
}

/** What the LLM writes on WebAssembly: the tokens, and the scores that each was picked from. */
async function writtenOnWasm(name: PresetName, model: ModelProto) {
  const llm = await openLlm(wasm, name, model);
  const continuation = await llm.prefill([llm.embed(prompt)]);
  const tokens: number[] = [];
  const scores: Float32Array[] = [];
  while (tokens.length < newTokens) {
    const picked = continuation.scores(0).slice();
    scores.push(picked);
    tokens.push(argmax(picked));
    await continuation.append([{ token: argmax(picked), back: 0 }]);
  }
  continuation.dispose();
  await llm.dispose();
  return { tokens, scores };
}

describe.each(casesOf(decoders, ['fp32', 'q4']))('the LLM $name in $dtype', (twin) => {
  it('writes on WebGPU what it writes on WebAssembly', async () => {
    const model = twinGraph(twin);
    const { tokens, scores } = await writtenOnWasm(twin.name, model);
    const llm = await openLlm(runtime, twin.name, model);
    const continuation = await llm.prefill([llm.embed(prompt)]);
    for (const [step, expected] of scores.entries()) {
      const actual = continuation.scores(0);
      const difference = largestDifference(actual, expected);
      expect(difference, `step ${step}`).toBeLessThan(tolerance * largest(expected));
      expect(argmax(actual), `step ${step}`).toBe(tokens[step]);
      await continuation.append([{ token: tokens[step] ?? 0, back: 0 }]);
    }
    continuation.dispose();
    await llm.dispose();
  });
});

describe.each(casesOf(encoders, ['fp32', 'q4']))('the encoder $name in $dtype', (twin) => {
  it('gives on WebGPU the states that its graph gives on WebAssembly', async () => {
    const model = twinGraph(twin);
    const dims = [1, prompt.length];
    const all: Record<string, ort.Tensor> = {
      input_ids: int64(prompt, dims),
      attention_mask: int64(new Uint8Array(prompt.length).fill(1), dims),
      token_type_ids: int64(new Uint8Array(prompt.length), dims),
    };
    const asked = model.graph?.input.map((input) => input.name) ?? [];
    const feeds = Object.fromEntries(Object.entries(all).filter(([key]) => asked.includes(key)));
    const expected = await run(model, 'wasm', feeds, 'last_hidden_state');
    const encoder = await Encoder.open(runtime, twin.name, encodeModel(model));
    const { data } = await encoder.encode(prompt);
    await encoder.dispose();
    expect(largestDifference(data, expected)).toBeLessThan(tolerance * largest(expected));
  });
});

describe.skipIf(hasHalves).each(casesOf([...decoders, ...encoders], ['fp16', 'q4f16']))(
  '$name in $dtype, without 16-bit arithmetic',
  (twin) => {
    it('is refused before a session is made, with a file to use in its place', async () => {
      const model = twinGraph(twin);
      const path = `onnx/model_${twin.dtype}.onnx`;
      await expect(runtime.suit(path, model)).rejects.toMatchObject({
        code: 'model-unsupported',
        message: `The model ${path} computes in 16-bit floats. This graphics card does not offer that to web pages. Use a file in 4 bits (_q4) or 32 bits in its place, or run it on WebAssembly.`,
      });
    });
  },
);
