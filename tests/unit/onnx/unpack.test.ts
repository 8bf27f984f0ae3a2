// Quantized linear layers turned back into float ones compute the same.
import { beforeAll, describe, expect, it } from 'vitest';
import {
  decodeModel,
  unpackedBytes,
  unpackLinears,
  type ModelProto,
} from '../../../src/onnx/index.ts';
import { makeTinyBundle } from '../../support/tiny-bundle.ts';
import { int64, largestDifference, runOnce } from './support.ts';

let files: Map<string, Uint8Array>;
beforeAll(async () => {
  files = await makeTinyBundle();
});

const read = (path: string) => decodeModel(files.get(path) ?? new Uint8Array());
const operators = (model: ModelProto) => new Set(model.graph?.node.map(({ opType }) => opType));

describe('unpackLinears', () => {
  it('puts a MatMul in place of each MatMulNBits, and the results agree', async () => {
    const packed = read('encoder/onnx/model.onnx');
    const unpacked = unpackLinears(packed);
    expect(operators(packed)).toContain('MatMulNBits');
    expect(operators(unpacked)).not.toContain('MatMulNBits');
    const ids = int64([0, 300, 301, 302, 2], [1, 5]);
    const zeros = int64([0, 0, 0, 0, 0], [1, 5]);
    const ones = int64([1, 1, 1, 1, 1], [1, 5]);
    const feeds = { input_ids: ids, attention_mask: ones, token_type_ids: zeros };
    const [expected, actual] = [
      await runOnce(packed, feeds, 'last_hidden_state'),
      await runOnce(unpacked, feeds, 'last_hidden_state'),
    ];
    expect(largestDifference(expected, actual)).toBeLessThan(1e-5);
  });

  it('leaves the model that it was given as it is', () => {
    const packed = read('llm/onnx/model_q4.onnx');
    unpackLinears(packed);
    expect(operators(packed)).toContain('MatMulNBits');
  });
});

describe('unpackedBytes', () => {
  it('counts the float weights that would be made', () => {
    const packed = read('llm/onnx/model_q4.onnx');
    const unpacked = unpackLinears(packed);
    const made = unpacked.graph.initializer.filter(({ name }) => name.endsWith('/float'));
    const bytes = made.reduce((sum, { rawData }) => sum + rawData.length, 0);
    expect(unpackedBytes(packed)).toBe(bytes);
    expect(bytes).toBeGreaterThan(0);
    expect(unpackedBytes(unpacked)).toBe(0);
  });
});
