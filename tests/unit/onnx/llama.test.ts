// The decoder graphs that buildLlama writes, against PyTorch and against themselves.
import { describe, expect, it } from 'vitest';
import {
  buildLlama,
  floatSafetensor,
  readWeights,
  toInputsEmbeds,
  OnnxError,
  type LlamaConfig,
  type Safetensors,
} from '../../../src/onnx/index.ts';
import { Decoder, floats, largestDifference, logitsOf, readGolden } from './support.ts';

const families = ['llama', 'qwen2', 'qwen3'];

function load(name: string) {
  const { weights, golden, config } = readGolden(name);
  const ids = Array.from(floats(golden, 'input_ids'));
  return { weights, config: config<LlamaConfig>(), ids, logits: floats(golden, 'logits') };
}

/** The weights of a graph as a safetensors file. */
function asSafetensors(model: ReturnType<typeof buildLlama>): Safetensors {
  const tensors = [...readWeights(model)].map(
    ([name, { dims, data }]) => [name, floatSafetensor(data, dims)] as const,
  );
  return { tensors: new Map(tensors), metadata: {} };
}

describe.each(families)('the decoder built for %s', (name) => {
  const { weights, config, ids, logits } = load(name);

  it('computes the logits that PyTorch computes', async () => {
    const actual = await logitsOf(buildLlama(config, weights, 'fp32'), ids);
    expect(largestDifference(actual, logits)).toBeLessThan(1e-4);
  });

  it('computes the same logits token by token with its cache', async () => {
    const decoder = await Decoder.load(buildLlama(config, weights, 'fp32'));
    const vocab = config.vocab_size;
    const prefill = await decoder.step(ids.slice(0, 5));
    expect(largestDifference(prefill, logits.subarray(0, 5 * vocab))).toBeLessThan(1e-4);
    for (let t = 5; t < ids.length; t++) {
      const step = await decoder.step(ids.slice(t, t + 1));
      const expected = logits.subarray(t * vocab, (t + 1) * vocab);
      expect(largestDifference(step, expected)).toBeLessThan(1e-4);
    }
    await decoder.release();
  });

  it.each(['int8', 'int4'] as const)(
    'computes in %s what its dequantized weights compute in float',
    async (format) => {
      const quantized = buildLlama(config, weights, format);
      const untied = { ...config, tie_word_embeddings: false };
      const reference = buildLlama(untied, asSafetensors(quantized), 'fp32');
      const actual = await logitsOf(quantized, ids);
      expect(largestDifference(actual, await logitsOf(reference, ids))).toBeLessThan(1e-3);
      // The quantized weights are other weights: the test above would pass on float ones too.
      expect(largestDifference(actual, logits)).toBeGreaterThan(1e-3);
    },
  );

  it('gives every weight back', () => {
    const read = readWeights(buildLlama(config, weights, 'fp32'));
    for (const tensor of weights.tensors.keys()) {
      const difference = largestDifference(read.get(tensor)?.data ?? [], floats(weights, tensor));
      expect(difference, tensor).toBe(0);
    }
  });

  it.each(['fp32', 'int8', 'int4'] as const)(
    'computes the same in %s after it was rewritten to take embeddings',
    async (format) => {
      const model = buildLlama(config, weights, format);
      const rewritten = toInputsEmbeds(model);
      const original = await Decoder.load(model);
      const decoder = await Decoder.load(rewritten.model);
      const embed = (tokens: readonly number[]) =>
        rewritten.embeddings?.rows(tokens) ?? new Float32Array(0);
      for (const tokens of [ids.slice(0, 6), ids.slice(6, 7), ids.slice(7, 8)]) {
        const expected = await original.step(tokens);
        expect(largestDifference(await decoder.step(tokens, embed), expected)).toBeLessThan(1e-5);
      }
      await Promise.all([original.release(), decoder.release()]);
    },
  );
});

describe('buildLlama', () => {
  const { weights, config } = load('llama');

  it('reads a tied file that holds only the head', async () => {
    const tensors = new Map(weights.tensors);
    const table = tensors.get('model.embed_tokens.weight');
    if (table) tensors.set('lm_head.weight', table);
    tensors.delete('model.embed_tokens.weight');
    const { ids, logits } = load('llama');
    const actual = await logitsOf(buildLlama(config, { ...weights, tensors }, 'fp32'), ids);
    expect(largestDifference(actual, logits)).toBeLessThan(1e-4);
  });

  it.each([
    ['a model type it does not know', { model_type: 'gpt2' }, 'gpt2'],
    ['another activation', { hidden_act: 'gelu' }, 'gelu'],
    ['a sliding window', { use_sliding_window: true }, 'use_sliding_window'],
  ])('refuses %s', (_, change, named) => {
    expect(() => buildLlama({ ...config, ...change }, weights, 'fp32')).toThrow(
      expect.objectContaining({
        code: 'unsupported-architecture',
        message: expect.stringContaining(named),
      }),
    );
  });

  it('refuses a rope scaling it does not know', () => {
    const yarn = { ...config, rope_scaling: { rope_type: 'yarn', factor: 2 } };
    expect(() => buildLlama(yarn, weights, 'fp32')).toThrow(/yarn/);
  });

  it('names the tensor that is missing or has the wrong shape', () => {
    const name = 'model.layers.1.mlp.up_proj.weight';
    const missing = new Map(weights.tensors);
    missing.delete(name);
    const build = (tensors: Safetensors['tensors']) => () =>
      buildLlama(config, { tensors, metadata: {} }, 'fp32');
    expect(build(missing)).toThrow(
      new OnnxError('missing-weight', `The weights hold no tensor "${name}".`),
    );
    const short = new Map(weights.tensors).set(name, floatSafetensor(new Float32Array(4), [2, 2]));
    expect(build(short)).toThrow(/up_proj.weight" has shape \[2,2\] where \[64,32\] is expected/);
  });
});
