// What is said of a decoder, and how the rewriter treats graphs that are nearly what it expects.
import { describe, expect, it } from 'vitest';
import {
  buildLlama,
  describeDecoder,
  encodeModel,
  toInputsEmbeds,
  type LlamaConfig,
} from '../../../src/onnx/index.ts';
import { makeNode, makeValueInfo } from '../../../src/onnx/builder.ts';
import { DataType } from '../../../src/onnx/dataTypes.ts';
import { createSession, Decoder, float, floats, int64, readGolden } from './support.ts';

const { weights, golden, config: readConfig } = readGolden('qwen2');
const config = readConfig<LlamaConfig>();
const ids = Array.from(floats(golden, 'input_ids'));
const build = () => buildLlama(config, weights, 'fp32');

describe('describeDecoder', () => {
  it('says what to feed and what comes out', () => {
    expect(describeDecoder(build())).toEqual({
      numLayers: 2,
      numKeyValueHeads: 1,
      headSize: 16,
      hiddenSize: 48,
      vocabSize: 64,
      takesInputsEmbeds: false,
      needsPositionIds: false,
      idsType: 'int64',
      embeddingType: 'float32',
      logitsType: 'float32',
      cacheType: 'float32',
      cache: [0, 1].flatMap((layer) =>
        (['key', 'value'] as const).map((kind) => ({
          layer,
          kind,
          past: `past_key_values.${layer}.${kind}`,
          present: `present.${layer}.${kind}`,
        })),
      ),
    });
  });

  it('takes from config.json what the graph leaves open', () => {
    const { model } = toInputsEmbeds(build());
    model.graph.input = model.graph.input.map((input) =>
      makeValueInfo(input.name, DataType.FLOAT, ['a', 'b', 'c', 'd']),
    );
    for (const node of model.graph.node) {
      if (node.opType === 'GroupQueryAttention') node.input.length = 7;
    }
    expect(() => describeDecoder(model)).toThrow(/config.json says what "hidden_size" is/);
    const { headSize, hiddenSize, numKeyValueHeads } = describeDecoder(model, config);
    expect([headSize, hiddenSize, numKeyValueHeads]).toEqual([16, 48, 1]);
  });

  it('names an output of the cache that is not there', () => {
    const model = build();
    model.graph.output = model.graph.output.filter(({ name }) => name !== 'present.1.value');
    expect(() => describeDecoder(model)).toThrow('The model has no output "present.1.value".');
  });

  it('refuses a model of two merged graphs', () => {
    const model = build();
    model.graph.input.push(makeValueInfo('use_cache_branch', DataType.BOOL, [1]));
    expect(() => describeDecoder(model)).toThrow(/merges two graphs/);
  });

  it('names the value that is missing from a broken graph, and its reader', () => {
    const model = build();
    model.graph.initializer = model.graph.initializer.filter(
      ({ name }) => name !== 'model.layers.1.mlp.up_proj.MatMul.weight',
    );
    expect(() => describeDecoder(model)).toThrow(
      /"\/model\/layers.1\/mlp\/up_proj\/MatMul" \(MatMul\) reads "model.layers.1.mlp.up_proj.MatMul.weight"/,
    );
  });
});

describe('toInputsEmbeds', () => {
  it('does not change the model that it was given, nor one that takes embeddings already', () => {
    const model = build();
    const before = encodeModel(model);
    const { model: rewritten } = toInputsEmbeds(model);
    expect(Buffer.compare(encodeModel(model), before)).toBe(0);
    const again = toInputsEmbeds(rewritten);
    expect(again.embeddings).toBeNull();
    expect(Buffer.compare(encodeModel(again.model), encodeModel(rewritten))).toBe(0);
  });

  it('drops the table from a graph that needs it for nothing else', () => {
    const quantized = buildLlama(config, weights, 'int4');
    const saved =
      encodeModel(quantized).length - encodeModel(toInputsEmbeds(quantized).model).length;
    expect(saved).toBeGreaterThan(config.vocab_size * config.hidden_size * 2);
  });

  it('gives nodes that asked for the shape of the ids the same shape', async () => {
    const model = build();
    model.graph.node.push(
      makeNode({ opType: 'Shape', name: 'shape', inputs: ['input_ids'], outputs: ['ids_shape'] }),
    );
    model.graph.output.push(makeValueInfo('ids_shape', DataType.INT64, [2]));
    // Graph outputs cannot be renamed, so let one more node read the shape.
    model.graph.node.push(
      makeNode({
        opType: 'Identity',
        name: 'copy',
        inputs: ['ids_shape'],
        outputs: ['shape_copy'],
      }),
    );
    model.graph.output.splice(-1, 1, makeValueInfo('shape_copy', DataType.INT64, [2]));
    const { model: rewritten, embeddings } = toInputsEmbeds(model);
    const session = await createSession(rewritten);
    const { cache, numKeyValueHeads, headSize, hiddenSize } = describeDecoder(rewritten);
    const rows = embeddings?.rows(ids) ?? new Float32Array(0);
    const results = await session.run({
      inputs_embeds: float(rows, [1, ids.length, hiddenSize]),
      attention_mask: int64(new Array<number>(ids.length).fill(1), [1, ids.length]),
      ...Object.fromEntries(
        cache.map(({ past }) => [
          past,
          float(new Float32Array(0), [1, numKeyValueHeads, 0, headSize]),
        ]),
      ),
    });
    expect(results['shape_copy']?.data).toEqual(BigInt64Array.of(1n, BigInt(ids.length)));
    await session.release();
  });

  it('refuses a graph that compares the ids with something', () => {
    const model = build();
    model.graph.node.push(
      makeNode({
        opType: 'Equal',
        name: 'padding',
        inputs: ['input_ids', 'input_ids'],
        outputs: ['is_padding'],
      }),
    );
    expect(() => toInputsEmbeds(model)).toThrow(
      /in node "padding" \(Equal\), which embeddings cannot/,
    );
  });

  it('refuses a graph with two embedding tables', () => {
    const model = build();
    const inputs = ['model.embed_tokens.weight', 'input_ids'];
    model.graph.node.push(makeNode({ opType: 'Gather', name: 'second', inputs }));
    expect(() => toInputsEmbeds(model)).toThrow(/in 2 embedding tables where one is expected/);
  });

  it('gives embeddings that a decoder can be fed with, one token or many', async () => {
    const { model, embeddings } = toInputsEmbeds(build());
    const decoder = await Decoder.load(model);
    const logits = await decoder.step(
      ids,
      (tokens) => embeddings?.rows(BigInt64Array.from(tokens, BigInt)) ?? new Float32Array(0),
    );
    expect(logits.length).toBe(ids.length * config.vocab_size);
    await decoder.release();
  });
});
