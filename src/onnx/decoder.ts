// What a decoder's graph says about itself: sizes, types and the names to bind, with config.json where the
// graph is silent. Refuses what is no decoder, or none of the Llama family, with the reason.
import { ConstantReader } from './constants.ts';
import { dataTypeName, DataType } from './dataTypes.ts';
import { findEmbeddingLookup } from './embeddingLookup.ts';
import { tableShape } from './embeddingTable.ts';
import { OnnxError } from './errors.ts';
import { attribute, elementTypeOf, GraphView, inputName, intAttribute, shapeOf } from './graph.ts';
import { withGraph, type ModelProto } from './model.ts';
import type { NodeProto, ValueInfoProto } from './proto/onnx_pb.js';

export type FloatType = 'float32' | 'float16';

/** The part of a Hugging Face `config.json` that a graph may leave open. */
export interface DecoderConfig {
  num_attention_heads?: number;
  num_key_value_heads?: number;
  head_dim?: number;
  hidden_size?: number;
  vocab_size?: number;
}

/** One half of one layer's key-value cache: [B, numKeyValueHeads, length, headSize]. */
export interface CacheSlot {
  layer: number;
  kind: 'key' | 'value';
  /** Name of the input with what came before, and of the output with this step appended. */
  past: string;
  present: string;
}

export interface DecoderDescription {
  numLayers: number;
  numKeyValueHeads: number;
  headSize: number;
  hiddenSize: number;
  vocabSize: number;
  /** Whether the input is `inputs_embeds` [B, S, hiddenSize] instead of `input_ids` [B, S]. */
  takesInputsEmbeds: boolean;
  /** Whether the graph wants `position_ids` [B, S], int64. */
  needsPositionIds: boolean;
  idsType: 'int64' | 'int32';
  /** Type of `inputs_embeds`: that of the graph's other float inputs and outputs. */
  embeddingType: FloatType;
  logitsType: FloatType;
  cacheType: FloatType;
  /** In the order of the layers, key before value. */
  cache: CacheSlot[];
}

const pastName = /^past_key_values\.(\d+)\.(key|value)$/;

/**
 * Describes a decoder.
 * @param config for graphs that leave sizes open
 * @throws OnnxError `not-a-decoder`, `unsupported-architecture`, `missing-initializer` (broken exports)
 */
export function describeDecoder(model: ModelProto, config: DecoderConfig = {}): DecoderDescription {
  const view = new GraphView(withGraph(model).graph);
  const cache = findCache(view);
  requireLlamaFamily(view);
  view.checkComplete();
  const reader = new ConstantReader(view, new Map());
  const firstKey = requireInput(view, cache[0]?.past ?? '');
  const logits = requireOutput(view, 'logits');
  const embeds = view.input('inputs_embeds');
  const ids = view.input('input_ids');
  const [, cacheHeads, , cacheWidth] = shapeOf(firstKey);
  const attention = view.graph.node.find((node) => node.opType === 'GroupQueryAttention');
  const hiddenSize = known('hidden_size', [
    embeds && shapeOf(embeds)[2],
    ids && !embeds
      ? tableShape(findEmbeddingLookup('input_ids', reader).node, reader).hiddenSize
      : undefined,
    config.hidden_size,
  ]);
  return {
    numLayers: cache.length / 2,
    numKeyValueHeads: known('num_key_value_heads', [
      cacheHeads,
      attention && intAttribute(attention, 'kv_num_heads'),
      config.num_key_value_heads,
    ]),
    headSize: known('head_dim', [
      cacheWidth,
      attention && rotaryHeadSize(attention, reader),
      config.head_dim,
      config.num_attention_heads && hiddenSize / config.num_attention_heads,
    ]),
    hiddenSize,
    vocabSize: known('vocab_size', [shapeOf(logits)[2], config.vocab_size]),
    takesInputsEmbeds: embeds !== undefined,
    needsPositionIds: view.input('position_ids') !== undefined,
    idsType: ids && elementTypeOf(ids) === DataType.INT32 ? 'int32' : 'int64',
    embeddingType: floatType(embeds ?? logits),
    logitsType: floatType(logits),
    cacheType: floatType(firstKey),
    cache,
  };
}

function findCache(view: GraphView): CacheSlot[] {
  if (!view.output('logits')) {
    throw new OnnxError('not-a-decoder', 'The model is no decoder: it has no output "logits".');
  }
  if (view.input('use_cache_branch')) {
    throw new OnnxError(
      'unsupported-architecture',
      'The model merges two graphs (input "use_cache_branch"), as older exporters did. Export it again.',
    );
  }
  const cache = view.graph.input.flatMap(({ name }): CacheSlot[] => {
    const [, layer, kind] = pastName.exec(name) ?? [];
    if (kind !== 'key' && kind !== 'value') return [];
    return [{ layer: Number(layer), kind, past: name, present: `present.${layer}.${kind}` }];
  });
  if (cache.length === 0) {
    throw new OnnxError(
      'unsupported-architecture',
      'The model has no key-value cache of the form "past_key_values.0.key", so it is no decoder of the Llama family.',
    );
  }
  for (const { present } of cache) requireOutput(view, present);
  return cache.sort((a, b) => a.layer - b.layer || a.kind.localeCompare(b.kind));
}

const rmsNormOps = new Set([
  'SimplifiedLayerNormalization',
  'SkipSimplifiedLayerNormalization',
  'RMSNormalization',
]);
const layerNormOps = new Set([
  'LayerNormalization',
  'SkipLayerNormalization',
  'EmbedLayerNormalization',
]);

/** SiLU as exporters and ONNX Runtime's optimizer write it. */
const gateOps = new Set(['Sigmoid', 'QuickGelu']);

/** Llama, Qwen and their kin normalise by the root mean square and gate the MLP with a sigmoid (SiLU). */
function requireLlamaFamily(view: GraphView): void {
  const { node: nodes } = view.graph;
  const layerNorm = nodes.find((node) => layerNormOps.has(node.opType));
  if (layerNorm) throw notLlama(`it normalises with ${layerNorm.opType}`);
  if (!nodes.some((node) => rmsNormOps.has(node.opType) || isMeanSquare(node, view))) {
    throw notLlama('it has no RMS normalization');
  }
  if (!nodes.some((node) => gateOps.has(node.opType))) {
    throw notLlama('its MLP is not gated with SiLU');
  }
}

function notLlama(why: string): OnnxError {
  return new OnnxError('unsupported-architecture', `The model is not of the Llama family: ${why}.`);
}

/** ReduceMean(Pow(x, 2)) with x not centred: RMS normalization written in plain operators. */
function isMeanSquare(node: NodeProto, view: GraphView): boolean {
  if (node.opType !== 'ReduceMean') return false;
  const square = view.producer(inputName(node, 0));
  if (square?.opType !== 'Pow' && square?.opType !== 'Mul') return false;
  return view.producer(inputName(square, 0))?.opType !== 'Sub';
}

/** The rotary cache holds half a head's angles. */
function rotaryHeadSize(attention: NodeProto, reader: ConstantReader): number | undefined {
  const cosCache = attention.input[7];
  const width = cosCache ? Number(reader.source(cosCache).dims[1]) : undefined;
  if (width === undefined || attribute(attention, 'rotary_embedding_dim')?.i) return undefined;
  return 2 * width;
}

function known(field: string, candidates: (number | string | undefined)[]): number {
  const value = candidates.find((candidate) => typeof candidate === 'number');
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new OnnxError('bad-config', `Neither the graph nor config.json says what "${field}" is.`);
}

function requireInput(view: GraphView, name: string): ValueInfoProto {
  const input = view.input(name);
  if (input) return input;
  throw new OnnxError('not-a-decoder', `The model has no input "${name}".`);
}

function requireOutput(view: GraphView, name: string): ValueInfoProto {
  const output = view.output(name);
  if (output) return output;
  throw new OnnxError('not-a-decoder', `The model has no output "${name}".`);
}

function floatType(value: ValueInfoProto): FloatType {
  const type = elementTypeOf(value);
  if (type === DataType.FLOAT) return 'float32';
  if (type === DataType.FLOAT16) return 'float16';
  throw new OnnxError(
    'unsupported-type',
    `"${value.name}" is ${dataTypeName(type)}; only FLOAT and FLOAT16 are supported.`,
  );
}
