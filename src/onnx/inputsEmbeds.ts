// Turns a decoder that takes `input_ids` into one that takes `inputs_embeds`, so that a soft prompt can
// stand where tokens did. The node that looks tokens up is cut out, its output becomes a graph input, and
// its table serves the lookups from now on.
import { makeNode, makeTensor, makeValueInfo } from './builder.ts';
import { ConstantReader } from './constants.ts';
import { DataType } from './dataTypes.ts';
import { describeDecoder, type DecoderConfig } from './decoder.ts';
import { findEmbeddingLookup } from './embeddingLookup.ts';
import { readEmbeddingTable, type EmbeddingTable } from './embeddingTable.ts';
import { GraphView, outputName, pruneDeadNodes } from './graph.ts';
import { copyModel, type ExternalData, type ModelProto, type ModelWithGraph } from './model.ts';
import type { GraphProto, NodeProto } from './proto/onnx_pb.js';
import { unfuseQueryKeyNorms } from './queryKeyNorms.ts';

export interface InputsEmbedsDecoder {
  /** The rewritten model. Shares its weights, and its external files, with the original. */
  model: ModelWithGraph;
  /** The table that was cut out, or `null` for a decoder that took `inputs_embeds` already. */
  embeddings: EmbeddingTable | null;
}

const inputsEmbeds = 'inputs_embeds';

/**
 * Rewrites a Llama-family decoder to take `inputs_embeds` [B, S, D], in the type of its other float inputs
 * and outputs. What only the lookup needed is dropped, so nothing of the table is loaded twice. Query and key
 * norms that were fused into attention, which the WASM provider refuses, are taken apart.
 * @param external the model's external files; the rewritten model needs the same ones
 * @param config for graphs that leave sizes open
 * @throws OnnxError as `describeDecoder`, and where the embedding cannot be cut out
 */
export function toInputsEmbeds(
  model: ModelProto,
  external: ExternalData = new Map(),
  config: DecoderConfig = {},
): InputsEmbedsDecoder {
  const { takesInputsEmbeds, embeddingType, hiddenSize } = describeDecoder(model, config);
  const copy = copyModel(model);
  const { graph } = copy;
  unfuseQueryKeyNorms(graph);
  if (takesInputsEmbeds) return { model: copy, embeddings: null };

  const reader = new ConstantReader(new GraphView(graph), external);
  const lookup = findEmbeddingLookup('input_ids', reader);
  const embeddings = readEmbeddingTable(lookup.node, reader);

  const inputType = embeddingType === 'float16' ? DataType.FLOAT16 : DataType.FLOAT;
  const newNodes: NodeProto[] = [];
  let replacement = inputsEmbeds;
  if (inputType !== lookup.elementType) {
    const cast = makeNode({
      opType: 'Cast',
      name: '/inputs_embeds/Cast',
      inputs: [inputsEmbeds],
      attributes: { to: { int: lookup.elementType } },
    });
    newNodes.push(cast);
    replacement = outputName(cast);
  }
  newNodes.push(...replaceShapeReaders(graph, lookup.shapeReaders));
  renameReads(graph, lookup.output, replacement);
  graph.node.unshift(...newNodes);
  const idsInput = graph.input.findIndex((value) => value.name === 'input_ids');
  const dims = ['batch_size', 'sequence_length', hiddenSize];
  graph.input.splice(idsInput, 1, makeValueInfo(inputsEmbeds, inputType, dims));
  pruneDeadNodes(graph);
  return { model: copy, embeddings };
}

/** Token ids are [B, S], embeddings [B, S, D]: who asked for the shape of the ids gets its first two entries. */
function replaceShapeReaders(graph: GraphProto, shapeReaders: readonly NodeProto[]): NodeProto[] {
  if (shapeReaders.length === 0) return [];
  const bounds = [0, 2].map((bound) =>
    makeTensor(
      `/inputs_embeds/bound_${bound}`,
      DataType.INT64,
      [1],
      BigInt64Array.of(BigInt(bound)),
    ),
  );
  graph.initializer.push(...bounds);
  const shape = makeNode({ opType: 'Shape', name: '/inputs_embeds/Shape', inputs: [inputsEmbeds] });
  const slice = makeNode({
    opType: 'Slice',
    name: '/inputs_embeds/Slice',
    inputs: [outputName(shape), ...bounds.map((bound) => bound.name)],
  });
  for (const reader of shapeReaders) renameReads(graph, outputName(reader), outputName(slice));
  return [shape, slice];
}

/** Makes every node that reads `from` read `to`. */
function renameReads(graph: GraphProto, from: string, to: string): void {
  for (const node of graph.node) {
    node.input = node.input.map((name) => (name === from ? to : name));
  }
}
