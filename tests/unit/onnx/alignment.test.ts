// The alignment graphs, against PyTorch.
import { describe, expect, it } from 'vitest';
import { buildAlignment, type Safetensors } from '../../../src/onnx/index.ts';
import { float, floats, largestDifference, readGolden, runOnce } from './support.ts';

describe.each(['alignment-linear', 'alignment-mlp', 'alignment-latent'])(
  'the graph of %s',
  (name) => {
    const { weights, golden } = readGolden(name);

    it('computes the soft prompt that PyTorch computes, the end-of-prompt vector last', async () => {
      const states = floats(golden, 'hidden_states');
      const dims = [1, states.length / Number(weights.metadata['encoder_dim']), 24];
      const feeds = { hidden_states: float(states, dims) };
      const prompt = await runOnce(buildAlignment(weights), feeds, 'soft_prompt');
      expect(largestDifference(prompt, floats(golden, 'soft_prompt'))).toBeLessThan(1e-4);
      const end = floats(weights, 'end_of_prompt');
      expect(prompt.subarray(-end.length)).toEqual(end);
    });
  },
);

describe('buildAlignment', () => {
  const { weights } = readGolden('alignment-mlp');
  const withMetadata = (change: Record<string, string>): Safetensors => ({
    ...weights,
    metadata: { ...weights.metadata, ...change },
  });

  it.each([
    ['a file of another format', { format: 'pt' }, /is no alignment/],
    [
      'a kind that it does not know',
      { kind: 'magic' },
      /"kind" is "magic"; known are linear, mlp, latent/,
    ],
    ['a norm that it does not know', { input_norm: 'layer' }, /"input_norm" is "layer"/],
    ['a size that is no number', { hidden_dim: 'wide' }, /"hidden_dim" is no number/],
    [
      'tensors of other sizes',
      { llm_dim: '33' },
      /fc2.weight" has shape \[32,40\] where \[33,40\]/,
    ],
  ])('refuses %s', (_, change, message) => {
    expect(() => buildAlignment(withMetadata(change))).toThrow(message);
  });
});
