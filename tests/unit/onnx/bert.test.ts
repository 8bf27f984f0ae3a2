// The encoder graphs that buildBert writes, against PyTorch and against themselves.
import { describe, expect, it } from 'vitest';
import {
  buildBert,
  floatSafetensor,
  readWeights,
  type BertConfig,
  type ModelProto,
} from '../../../src/onnx/index.ts';
import { dequantizeRows, quantizeRows } from '../../../src/onnx/quantize.ts';
import { floats, int64, largestDifference, readGolden, runOnce } from './support.ts';

const { weights, golden, config: readConfig } = readGolden('bert');
const config = readConfig<BertConfig>();
const dims = [2, 9];
const wordTable = 'embeddings.word_embeddings.weight';

function encode(model: ModelProto): Promise<Float32Array> {
  const feeds = Object.fromEntries(
    ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => [
      name,
      int64(floats(golden, name), dims),
    ]),
  );
  return runOnce(model, feeds, 'last_hidden_state');
}

/** The positions that the mask keeps: PyTorch gives the others no meaning either. */
function kept(states: Float32Array): Float32Array {
  const mask = floats(golden, 'attention_mask');
  return states.filter((_, i) => mask[Math.floor(i / config.hidden_size)] === 1);
}

describe('buildBert', () => {
  it('computes the hidden states that PyTorch computes, padding masked', async () => {
    const states = await encode(buildBert(config, weights, 'fp32'));
    const expected = floats(golden, 'last_hidden_state');
    expect(largestDifference(kept(states), kept(expected))).toBeLessThan(1e-4);
  });

  it('computes in int8 what its dequantized weights compute in float', async () => {
    const quantized = buildBert(config, weights, 'int8');
    const read = readWeights(quantized);
    const tensors = new Map(
      [...weights.tensors.keys()].map((name) => {
        const tensor = read.get(name);
        if (tensor) return [name, floatSafetensor(tensor.data, tensor.dims)];
        throw new Error(`the graph lost ${name}`);
      }),
    );
    const reference = buildBert(config, { tensors, metadata: {} }, 'fp32');
    const states = await encode(quantized);
    expect(largestDifference(states, await encode(reference))).toBeLessThan(1e-3);
    expect(largestDifference(states, floats(golden, 'last_hidden_state'))).toBeGreaterThan(1e-3);
  });

  it('gives the int8 word embeddings back as their rows were quantized', () => {
    const table = floats(weights, wordTable);
    const rows = quantizeRows(table, config.vocab_size, config.hidden_size);
    const read = readWeights(buildBert(config, weights, 'int8')).get(wordTable);
    expect(largestDifference(read?.data ?? [], dequantizeRows(rows))).toBe(0);
  });

  it('reads weights that lie under "bert."', async () => {
    const tensors = new Map([...weights.tensors].map(([name, tensor]) => [`bert.${name}`, tensor]));
    const states = await encode(buildBert(config, { tensors, metadata: {} }, 'fp32'));
    expect(largestDifference(kept(states), kept(floats(golden, 'last_hidden_state')))).toBeLessThan(
      1e-4,
    );
  });

  it('refuses an encoder that is no BERT', () => {
    expect(() => buildBert({ ...config, model_type: 'xlm-roberta' }, weights, 'fp32')).toThrow(
      /model_type is "xlm-roberta"/,
    );
    expect(() => buildBert({ ...config, hidden_act: 'relu' }, weights, 'fp32')).toThrow(/"relu"/);
    expect(() => buildBert({ ...config, type_vocab_size: 0 }, weights, 'fp32')).toThrow(
      'config.json: type_vocab_size is no positive number.',
    );
  });
});
