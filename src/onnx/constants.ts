// Any value of a graph that does not depend on its inputs, as float32: initializers of every type, and
// what exporters put between them and their readers (Identity, Cast, Reshape, Transpose, Constant,
// DequantizeLinear).
import { bytesToFloat } from './dataTypes.ts';
import { OnnxError } from './errors.ts';
import { attribute, describeNode, inputName, intAttribute, type GraphView } from './graph.ts';
import { dimsOf, elementCount, tensorBytes, type ExternalData, type TensorProto } from './model.ts';
import type { NodeProto } from './proto/onnx_pb.js';

/** A dense float32 tensor, row-major. */
export interface FloatTensor {
  dims: number[];
  data: Float32Array;
}

type Resolver = (node: NodeProto, reader: ConstantReader) => FloatTensor;

/** How a node's output follows from its constant inputs. A Cast keeps the values: its reader rounds. */
const resolvers: Readonly<Record<string, Resolver>> = {
  Constant: (node, reader) => reader.tensor(constantTensor(node)),
  Identity: (node, reader) => reader.read(inputName(node, 0)),
  Cast: (node, reader) => reader.read(inputName(node, 0)),
  Reshape: (node, reader) =>
    reshape(reader.read(inputName(node, 0)), reader.read(inputName(node, 1))),
  Transpose: (node, reader) => transpose(reader.read(inputName(node, 0)), permutation(node)),
  DequantizeLinear: dequantizeLinear,
};

/** Reads the constants of one graph. Nothing is cached: a caller keeps what it needs. */
export class ConstantReader {
  readonly view: GraphView;
  private readonly external: ExternalData;

  constructor(view: GraphView, external: ExternalData) {
    this.view = view;
    this.external = external;
  }

  /** Whether `name` is a constant that `read` can resolve. */
  isConstant(name: string): boolean {
    if (this.view.initializer(name)) return true;
    const node = this.view.producer(name);
    if (!node || !(node.opType in resolvers)) return false;
    return node.input.every((input) => input === '' || this.isConstant(input));
  }

  /**
   * The value `name` as float32.
   * @throws OnnxError `missing-initializer` when nothing produces it, `unsupported-node` when it is computed
   */
  read(name: string): FloatTensor {
    const initializer = this.view.initializer(name);
    if (initializer) return this.tensor(initializer);
    const node = this.view.producer(name);
    if (!node) {
      throw new OnnxError('missing-initializer', `The model holds no initializer "${name}".`);
    }
    const resolver = resolvers[node.opType];
    if (!resolver) {
      throw new OnnxError(
        'unsupported-node',
        `"${name}" is no constant: node ${describeNode(node)} computes it.`,
      );
    }
    return resolver(node, this);
  }

  /**
   * The initializer behind `name`, through nodes that leave its bytes alone (Identity, Reshape).
   * @throws OnnxError as `read`
   */
  source(name: string): TensorProto {
    const initializer = this.view.initializer(name);
    if (initializer) return initializer;
    const node = this.view.producer(name);
    if (node?.opType === 'Constant') return constantTensor(node);
    if (node?.opType === 'Identity' || node?.opType === 'Reshape') {
      return this.source(inputName(node, 0));
    }
    if (node) {
      throw new OnnxError(
        'unsupported-node',
        `"${name}" is no stored tensor: node ${describeNode(node)} computes it.`,
      );
    }
    throw new OnnxError('missing-initializer', `The model holds no initializer "${name}".`);
  }

  /** The element type of a constant. @throws OnnxError as `read` */
  elementType(name: string): number {
    const node = this.view.producer(name);
    if (node?.opType === 'Cast') return intAttribute(node, 'to');
    if (node?.opType === 'Transpose') return this.elementType(inputName(node, 0));
    if (node?.opType === 'DequantizeLinear') return this.elementType(inputName(node, 1));
    return this.source(name).dataType;
  }

  /** The stored bytes of a tensor. */
  bytes(tensor: TensorProto): Uint8Array {
    return tensorBytes(tensor, this.external);
  }

  /** A stored tensor as float32. */
  tensor(tensor: TensorProto): FloatTensor {
    const dims = dimsOf(tensor);
    const data = bytesToFloat(this.bytes(tensor), tensor.dataType, elementCount(dims), tensor.name);
    return { dims, data };
  }
}

function constantTensor(node: NodeProto): TensorProto {
  const tensor = attribute(node, 'value')?.t;
  if (tensor) return tensor;
  throw new OnnxError('unsupported-node', `Node ${describeNode(node)} holds no tensor.`);
}

function permutation(node: NodeProto): number[] | undefined {
  return attribute(node, 'perm')?.ints.map(Number);
}

function reshape({ dims, data }: FloatTensor, shape: FloatTensor): FloatTensor {
  // 0 copies the dimension, -1 takes what is left.
  const target = Array.from(shape.data, (dim, axis) => (dim === 0 ? (dims[axis] ?? 0) : dim));
  const known = target.filter((dim) => dim !== -1);
  const rest = data.length / elementCount(known);
  return { dims: target.map((dim) => (dim === -1 ? rest : dim)), data };
}

/** Reorders axes; `perm` defaults to their reverse. */
export function transpose({ dims, data }: FloatTensor, perm?: readonly number[]): FloatTensor {
  const order = perm ?? dims.map((_, axis) => dims.length - 1 - axis);
  const strides = dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
  const outDims = order.map((axis) => dims[axis] as number);
  const outStrides = order.map((axis) => strides[axis] as number);
  const out = new Float32Array(data.length);
  const index = outDims.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from] as number;
    // Count `index` up by one, last axis first, and move `from` along.
    for (let axis = index.length - 1; axis >= 0; axis--) {
      const stride = outStrides[axis] as number;
      from += stride;
      if (++(index[axis] as number) < (outDims[axis] as number)) break;
      from -= stride * (outDims[axis] as number);
      index[axis] = 0;
    }
  }
  return { dims: outDims, data: out };
}

/** (x - zero point) * scale: per tensor, per slice of `axis`, or per `block_size` along it (opset 21). */
function dequantizeLinear(node: NodeProto, reader: ConstantReader): FloatTensor {
  const x = reader.read(inputName(node, 0));
  const scale = reader.read(inputName(node, 1));
  const zeroPointName = node.input[2];
  const zeroPoint = zeroPointName ? reader.read(zeroPointName) : undefined;
  const declaredAxis = intAttribute(node, 'axis', 1);
  const axis = declaredAxis < 0 ? declaredAxis + x.dims.length : declaredAxis;
  const blockSize = intAttribute(node, 'block_size', 0);
  return scaled(x, scale, zeroPoint, axis, blockSize);
}

/** Dequantizes `x` with one scale for all, one a slice of `axis`, or (`blockSize` > 0) one a block of it. */
export function scaled(
  x: FloatTensor,
  scale: FloatTensor,
  zeroPoint: FloatTensor | undefined,
  axis: number,
  blockSize = 0,
): FloatTensor {
  const inner = elementCount(x.dims.slice(axis + 1));
  const length = x.dims[axis] ?? 1;
  const perBlock = Math.max(blockSize, 1);
  const blocks = Math.ceil(length / perBlock);
  const scaleIndex = (i: number): number => {
    if (scale.data.length === 1) return 0;
    const block = Math.floor((Math.floor(i / inner) % length) / perBlock);
    if (blockSize === 0) return block;
    const outer = Math.floor(i / (inner * length));
    return (outer * blocks + block) * inner + (i % inner);
  };
  const data = Float32Array.from(x.data, (q, i) => {
    const at = scaleIndex(i);
    return (q - (zeroPoint?.data[at] ?? 0)) * (scale.data[at] as number);
  });
  return { dims: x.dims, data };
}
