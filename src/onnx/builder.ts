// A small vocabulary for writing graphs down in TypeScript, used by the builders and the rewriters.
import { create } from '@bufbuild/protobuf';
import { DataType } from './dataTypes.ts';
import { floatToHalf } from './float16.ts';
import type { ModelWithGraph } from './model.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './proto/onnx_pb.js';

/** What onnxruntime-genai writes, and every kernel used here knows. */
const irVersion = 10n;
const opsetVersion = 21n;
export const microsoft = 'com.microsoft';

/** An attribute's value, tagged because ONNX tells 1 from 1.0. */
export type AttributeValue = { int: number } | { ints: readonly number[] } | { float: number };
export type Attributes = Readonly<Record<string, AttributeValue>>;

function makeAttribute(name: string, value: AttributeValue): AttributeProto {
  if ('int' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.int) });
  }
  if ('ints' in value) {
    const ints = value.ints.map(BigInt);
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints });
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
}

export interface NodeSpec {
  opType: string;
  name: string;
  inputs: readonly string[];
  /** Default: one output named after the node. `''` leaves an optional output out. */
  outputs?: readonly string[];
  domain?: string;
  attributes?: Attributes;
}

export function makeNode(spec: NodeSpec): NodeProto {
  const {
    opType,
    name,
    inputs,
    outputs = [`${name}/output_0`],
    domain = '',
    attributes = {},
  } = spec;
  return create(NodeProtoSchema, {
    opType,
    name,
    domain,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([key, value]) => makeAttribute(key, value)),
  });
}

/** A tensor from little-endian bytes (typed arrays are little-endian on every platform that runs this). */
export function makeTensor(
  name: string,
  dataType: number,
  dims: readonly number[],
  data: ArrayBufferView,
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType,
    dims: dims.map(BigInt),
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  });
}

/** A float32 tensor, or float16 when `dataType` says so. */
export function makeFloatTensor(
  name: string,
  dims: readonly number[],
  data: Float32Array,
  dataType: number = DataType.FLOAT,
): TensorProto {
  const half = dataType === DataType.FLOAT16;
  return makeTensor(name, dataType, dims, half ? floatToHalf(data) : data);
}

/** A graph input or output; dimensions are numbers or symbols. */
export function makeValueInfo(
  name: string,
  elemType: number,
  dims: readonly (number | string)[],
): ValueInfoProto {
  const dim = dims.map((size) =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  );
  const value = { elemType, shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } });
}

/** Collects a graph from its first input to its last output; nodes must be added in order of execution. */
export class GraphBuilder {
  private readonly nodes: NodeProto[] = [];
  private readonly initializers = new Map<string, TensorProto>();
  private readonly inputs: ValueInfoProto[] = [];
  private readonly outputs: ValueInfoProto[] = [];

  input(name: string, elemType: number, dims: readonly (number | string)[]): string {
    this.inputs.push(makeValueInfo(name, elemType, dims));
    return name;
  }

  output(name: string, elemType: number, dims: readonly (number | string)[]): string {
    this.outputs.push(makeValueInfo(name, elemType, dims));
    return name;
  }

  /** Adds a node. @returns the name of its first output */
  node(
    opType: string,
    name: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    options: { domain?: string; outputs?: readonly string[] } = {},
  ): string {
    const node = makeNode({ opType, name, inputs, attributes, ...options });
    this.nodes.push(node);
    return node.output[0] ?? '';
  }

  /** Adds an initializer. @returns its name */
  tensor(name: string, dataType: number, dims: readonly number[], data: ArrayBufferView): string {
    this.initializers.set(name, makeTensor(name, dataType, dims, data));
    return name;
  }

  floats(name: string, dims: readonly number[], data: Float32Array): string {
    return this.tensor(name, DataType.FLOAT, dims, data);
  }

  /** Adds a constant once, named by its values as the genai builder does. A scalar without `dims`. */
  int64(values: number | readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const dims = typeof values === 'number' ? [] : [list.length];
    const name = `constants/INT64/${JSON.stringify(values)}`;
    return this.tensor(name, DataType.INT64, dims, BigInt64Array.from(list, BigInt));
  }

  scalar(value: number): string {
    return this.floats(`constants/FLOAT/${value}`, [], Float32Array.of(value));
  }

  /** The finished model. */
  model(name: string): ModelWithGraph {
    const graph = create(GraphProtoSchema, {
      name,
      node: this.nodes,
      initializer: [...this.initializers.values()],
      input: this.inputs,
      output: this.outputs,
    });
    const model = create(ModelProtoSchema, {
      irVersion,
      producerName: 'lingualift',
      opsetImport: [
        { domain: '', version: opsetVersion },
        { domain: microsoft, version: 1n },
      ],
      graph,
    });
    return Object.assign(model, { graph });
  }
}
