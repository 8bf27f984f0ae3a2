// The embeddings of an encoder as an output of its own, against the sum and the normalisation written down here.
import { describe, expect, it } from 'vitest';
import {
  buildBert,
  buildLlama,
  embeddingOutput,
  withEmbeddingOutput,
  type BertConfig,
  type LlamaConfig,
  type ModelProto,
} from '../../../src/onnx/index.ts';
import {
  floats,
  hasExports,
  int64,
  largestDifference,
  readExport,
  readGolden,
  runOnce,
} from './support.ts';

const { weights, golden, config: readConfig } = readGolden('bert');
const config = readConfig<BertConfig>();
const inputs = ['input_ids', 'attention_mask', 'token_type_ids'];
const [batch, length] = [2, 9];
const width = config.hidden_size;

function read(model: ModelProto, output: string): Promise<Float32Array> {
  const feeds = inputs.map((name) => [name, int64(floats(golden, name), [batch, length])] as const);
  return runOnce(model, Object.fromEntries(feeds), output);
}

/** Word, position and type embeddings of every token, summed and normalised in float64. */
function expectedEmbeddings(): number[] {
  const tensor = (name: string) => floats(weights, `embeddings.${name}`);
  const rowOf = (table: Float32Array, row: number) =>
    Array.from(table.subarray(row * width, (row + 1) * width));
  const [words, positions, types] = ['word', 'position', 'token_type'].map((kind) =>
    tensor(`${kind}_embeddings.weight`),
  ) as [Float32Array, Float32Array, Float32Array];
  const [scale, shift] = [tensor('LayerNorm.weight'), tensor('LayerNorm.bias')];
  const ofTokens = floats(golden, 'token_type_ids');
  return Array.from(floats(golden, 'input_ids')).flatMap((id, index) => {
    const position = rowOf(positions, index % length);
    const type = rowOf(types, ofTokens[index] ?? 0);
    const sum = rowOf(words, id).map((x, i) => x + (position[i] ?? 0) + (type[i] ?? 0));
    const mean = sum.reduce((total, x) => total + x, 0) / width;
    const variance = sum.reduce((total, x) => total + (x - mean) ** 2, 0) / width;
    return sum.map(
      (x, i) =>
        ((x - mean) / Math.sqrt(variance + config.layer_norm_eps)) * (scale[i] ?? 0) +
        (shift[i] ?? 0),
    );
  });
}

const outputsOf = ({ graph }: ModelProto) => graph?.output.map(({ name }) => name);

describe('withEmbeddingOutput', () => {
  it('gives the sum of word, position and type embeddings, normalised', async () => {
    const embeddings = await read(
      withEmbeddingOutput(buildBert(config, weights, 'fp32')),
      embeddingOutput,
    );
    expect(embeddings).toHaveLength(batch * length * width);
    expect(largestDifference(embeddings, Float32Array.from(expectedEmbeddings()))).toBeLessThan(
      1e-5,
    );
  });

  it('leaves the hidden states and the model that it was given as they are', async () => {
    const model = buildBert(config, weights, 'fp32');
    const states = await read(withEmbeddingOutput(model), 'last_hidden_state');
    expect(states).toEqual(await read(model, 'last_hidden_state'));
    expect(outputsOf(model)).toEqual(['last_hidden_state']);
  });

  it('finds them in an int8 encoder too', async () => {
    const model = withEmbeddingOutput(buildBert(config, weights, 'int8'));
    expect(outputsOf(model)).toEqual(['last_hidden_state', embeddingOutput]);
    const embeddings = await read(model, embeddingOutput);
    // The table's own rounding, and no layer behind it.
    expect(largestDifference(embeddings, Float32Array.from(expectedEmbeddings()))).toBeLessThan(
      0.05,
    );
  });

  it('gives back a graph without such a normalisation as it is', () => {
    const { weights: llama, config: readLlama } = readGolden('llama');
    const model = buildLlama(readLlama<LlamaConfig>(), llama, 'fp32');
    expect(withEmbeddingOutput(model)).toBe(model);
  });

  it('does not take the normalisation behind an attention for that of the embeddings', () => {
    const model = buildBert(config, weights, 'fp32');
    const first = model.graph?.node.find(({ opType }) => opType === 'LayerNormalization');
    Object.assign(first ?? {}, { opType: 'Sum' });
    expect(withEmbeddingOutput(model)).toBe(model);
  });
});

describe.skipIf(!hasExports)('withEmbeddingOutput of an export of another tool', () => {
  it.each(['model', 'model_fp16', 'model_q4', 'model_q4f16', 'model_quantized'])(
    'has the embeddings of gen-optimum-bert/%s.onnx as an output',
    (name) => {
      const { model } = readExport(`gen-optimum-bert/${name}.onnx`);
      expect(outputsOf(withEmbeddingOutput(model))).toContain(embeddingOutput);
    },
  );
});
