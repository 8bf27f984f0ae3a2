// A graph in the making: nodes as ONNX has them, weights as promises of values, which are drawn only when the
// model is written, so that a model of true size never has all of its floats in memory.
import { create } from '@bufbuild/protobuf';
import { makeTensor } from '../../src/onnx/builder.ts';
import { DataType } from '../../src/onnx/dataTypes.ts';
import { floatToHalf } from '../../src/onnx/float16.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from '../../src/onnx/proto/onnx_pb.js';
import type { ModelProto } from '../../src/onnx/index.ts';

/** An initializer before its values are there. */
export interface Weight {
  name: string;
  dataType: number;
  dims: readonly number[];
  /** Little-endian values of `dataType`. */
  data(): ArrayBufferView;
  /** The values of a float weight, and of a linear layer's as PyTorch keeps it: [outputs, inputs]. */
  floats?: () => Float32Array;
  matrix?: () => Float32Array;
}

export interface Draft {
  producer: string;
  irVersion: number;
  /** Version of the standard operators. */
  opset: number;
  /** Whether the model says that it uses operators of com.microsoft. */
  usesMicrosoft: boolean;
  nodes: NodeProto[];
  weights: Weight[];
  inputs: ValueInfoProto[];
  outputs: ValueInfoProto[];
}

export function floatWeight(
  name: string,
  dims: readonly number[],
  floats: () => Float32Array,
  matrix?: () => Float32Array,
): Weight {
  const weight = { name, dataType: DataType.FLOAT, dims, floats, data: floats };
  return matrix ? { ...weight, matrix } : weight;
}

/** The same weight in half precision; others stay as they are. */
export function halveWeight(weight: Weight): Weight {
  const { floats } = weight;
  if (!floats || weight.dataType !== DataType.FLOAT) return weight;
  return { ...weight, dataType: DataType.FLOAT16, data: () => floatToHalf(floats()) };
}

export function makeWeight(
  name: string,
  dataType: number,
  dims: readonly number[],
  data: () => ArrayBufferView,
): Weight {
  return { name, dataType, dims, data };
}

/** A TENSOR attribute, which the builder of src/onnx has no use for. */
export function tensorAttribute(name: string, t: TensorProto): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t });
}

/** The model with every initializer inside. */
export function finish(draft: Draft): ModelProto {
  const graph = create(GraphProtoSchema, {
    name: 'main_graph',
    node: draft.nodes,
    initializer: draft.weights.map(({ name, dataType, dims, data }) =>
      makeTensor(name, dataType, dims, data()),
    ),
    input: draft.inputs,
    output: draft.outputs,
  });
  return create(ModelProtoSchema, {
    irVersion: BigInt(draft.irVersion),
    producerName: draft.producer,
    opsetImport: [
      { domain: '', version: BigInt(draft.opset) },
      ...(draft.usesMicrosoft ? [{ domain: 'com.microsoft', version: 1n }] : []),
    ],
    graph,
  });
}
