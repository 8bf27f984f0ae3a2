// The graphs that src/onnx builds run on the WebGPU provider, and compute there what PyTorch (float) or the
// dequantized weights (int8, int4) compute on WASM.
import { describe, expect, it } from 'vitest';
import {
  applyLora,
  buildAlignment,
  buildBert,
  buildLlama,
  type BertConfig,
  type LlamaConfig,
  type LoraAdapter,
  type Safetensors,
} from '../../src/onnx/index.ts';
import { decode, float, int64, largestDifference, load, run } from './onnx.ts';

/** Factors for queries and values, so that one of three packed projections stays as it is. */
function someAdapter(weights: Safetensors): LoraAdapter {
  const factors = (['q', 'v'] as const).map((name) => {
    const weight = weights.tensors.get(`model.layers.1.self_attn.${name}_proj.weight`);
    const [outputs = 0, inputs = 0] = weight?.shape ?? [];
    const a = Float32Array.from({ length: 2 * inputs }, (_, i) => Math.sin(i) / 4);
    const b = Float32Array.from({ length: outputs * 2 }, (_, i) => Math.cos(i) / 4);
    return { layer: 1, name, rank: 2, inputs, outputs, a, b };
  });
  return { scale: 2, factors };
}

describe('a decoder', () => {
  it('computes PyTorch’s logits on WebGPU, with its cache', async () => {
    const { weights, read, config } = await load<LlamaConfig>('llama');
    const model = buildLlama(await config(), weights, 'fp32');
    const logits = await decode(model, 'webgpu', Array.from(read('input_ids')));
    expect(largestDifference(logits, read('logits'))).toBeLessThan(1e-3);
  });

  it.each([
    ['qwen2', 'int4'],
    ['qwen3', 'int8'],
  ] as const)(
    'of %s computes the same on WebGPU as on WASM in %s, with an adapter',
    async (name, format) => {
      const { weights, read, config } = await load<LlamaConfig>(name);
      const model = applyLora(buildLlama(await config(), weights, format), someAdapter(weights));
      const ids = Array.from(read('input_ids'));
      const gpu = await decode(model, 'webgpu', ids);
      expect(largestDifference(gpu, await decode(model, 'wasm', ids))).toBeLessThan(2e-3);
    },
  );
});

describe('the encoder', () => {
  it('computes the same on WebGPU as on WASM in int8', async () => {
    const { weights, read, config } = await load<BertConfig>('bert');
    const model = buildBert(await config(), weights, 'int8');
    const inputs = ['input_ids', 'attention_mask', 'token_type_ids'];
    const feeds = () => Object.fromEntries(inputs.map((name) => [name, int64(read(name), [2, 9])]));
    const gpu = await run(model, 'webgpu', feeds(), 'last_hidden_state');
    const wasm = await run(model, 'wasm', feeds(), 'last_hidden_state');
    expect(largestDifference(gpu, wasm)).toBeLessThan(1e-3);
  });
});

describe('the alignment', () => {
  it('computes PyTorch’s soft prompt on WebGPU', async () => {
    const { weights, read } = await load('alignment-mlp');
    const feeds = { hidden_states: float(read('hidden_states'), [1, 7, 24]) };
    const prompt = await run(buildAlignment(weights), 'webgpu', feeds, 'soft_prompt');
    expect(largestDifference(prompt, read('soft_prompt'))).toBeLessThan(1e-3);
  });
});
