// The LLM in WGSL against ONNX Runtime on the same file: every model family, in every format that its weights
// have.
import { describe, expect, it } from 'vitest';
import { buildLlama, type LlamaConfig } from '../../../src/onnx/index.ts';
import { decode, largestDifference, load } from '../onnx.ts';
import { logitsOf } from './decoderLogits.ts';

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe.each(['llama', 'qwen2', 'qwen3'])('the LLM in WGSL: %s', (name) => {
  it.each([
    ['fp32', 1e-4],
    ['int8', 1e-3],
    ['int4', 1e-3],
  ] as const)('computes the logits of ONNX Runtime in %s', async (format, tolerance) => {
    const fixture = await load<LlamaConfig>(name);
    const config = await fixture.config();
    const model = buildLlama(config, fixture.weights, format);
    const ids = Array.from(fixture.read('input_ids'));
    const expected = await decode(model, 'wasm', ids);
    const difference = largestDifference(
      await logitsOf({ model, external: new Map(), config }, ids),
      expected,
    );
    expect(difference / largest(expected)).toBeLessThan(tolerance);
  });
});
