// A decoder and the table of its tokens, published apart, against the same network in one file.
import { describe, expect, it } from 'vitest';
import { makeValueInfo } from '../../../src/onnx/builder.ts';
import { ConstantReader } from '../../../src/onnx/constants.ts';
import { findEmbeddingLookup } from '../../../src/onnx/embeddingLookup.ts';
import { GraphView, pruneDeadNodes } from '../../../src/onnx/graph.ts';
import {
  readPackedWeights,
  toInputsEmbeds,
  withTokenTable,
  type ExternalData,
  type ModelProto,
} from '../../../src/onnx/index.ts';
import { copyModel, type ModelWithGraph } from '../../../src/onnx/model.ts';
import { decoderCases, readTwin } from '../../twins/twinFiles.ts';
import { Decoder, largestDifference } from './support.ts';

const ids = [5, 300, 17, 42];

/** The part of a decoder that looks tokens up, as a model of its own. */
function tableOf(model: ModelProto, external: ExternalData): ModelWithGraph {
  const table = copyModel(model);
  const { graph } = table;
  const lookup = findEmbeddingLookup(
    'input_ids',
    new ConstantReader(new GraphView(graph), external),
  );
  graph.output = [makeValueInfo(lookup.output, lookup.elementType, ['batch', 'length', 'hidden'])];
  graph.input = graph.input.filter(({ name }) => name === 'input_ids');
  pruneDeadNodes(graph);
  return table;
}

describe.each(decoderCases.filter(({ dtype }) => dtype !== 'fp32'))(
  '$name in $dtype, decoder and table apart',
  (twin) => {
    it('is one model again that scores as before and can be cut anew', async () => {
      const { model, external, config } = readTwin(twin);
      const table = tableOf(model, external);
      const decoder = toInputsEmbeds(model, external, config);
      const joined = withTokenTable(decoder.model, table);
      const [expected, actual] = await Promise.all(
        [model, joined].map(async (graph) => (await Decoder.load(graph, external)).step(ids)),
      );
      expect(largestDifference(actual ?? [], expected ?? [])).toBeLessThan(1e-4);
      const again = toInputsEmbeds(joined, external, config);
      expect(again.embeddings?.rows(ids)).toEqual(decoder.embeddings?.rows(ids));
    });

    it('is one model again whose weights have the names that training looks for', () => {
      const { model, external, config } = readTwin(twin);
      const decoder = toInputsEmbeds(model, external, config);
      const joined = withTokenTable(decoder.model, tableOf(model, external));
      const expected = readPackedWeights(model, external);
      const weights = readPackedWeights(joined, external);
      expect([...weights.keys()].sort()).toEqual([...expected.keys()].sort());
      const table = 'model.embed_tokens.weight';
      expect(weights.get(table)).toEqual(expected.get(table));
    });
  },
);

it('refuses what is no decoder and its table', () => {
  const twin = decoderCases.find(({ dtype }) => dtype === 'q4');
  if (!twin) throw new Error('no twin');
  const { model, external } = readTwin(twin);
  expect(() => withTokenTable(model, tableOf(model, external))).toThrowError(
    /should take "inputs_embeds".*they take input_ids, attention_mask/,
  );
  const decoder = toInputsEmbeds(model, external).model;
  expect(() => withTokenTable(decoder, decoder)).toThrowError(/turn "input_ids" into them/);
});
