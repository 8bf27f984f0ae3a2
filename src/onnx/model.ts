// Reading and writing ONNX models, with their external data.
//
// A model larger than protobuf's 2 GB, or one exported by onnxruntime-genai, keeps its initializers in
// files beside the `.onnx`. Each initializer then says `location` (the file), `offset` and `length`. Here
// those files are a lookup from location to bytes, and nothing is copied that can be viewed.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { bitsPerElement } from './dataTypes.ts';
import { OnnxError } from './errors.ts';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from './proto/onnx_pb.js';

export type { GraphProto, ModelProto, NodeProto, TensorProto } from './proto/onnx_pb.js';

/** Files that initializers point into: `location` as the protobuf spells it, to the whole file. */
export type ExternalData = ReadonlyMap<string, Uint8Array>;

/** A model whose graph is known to be there. */
export type ModelWithGraph = ModelProto & { graph: GraphProto };

/** Initializers smaller than this stay in the protobuf: shapes and scalars, which tools read without the data. */
const smallestExternalBytes = 1024;
/** Offsets are multiples of this, so that a typed array can view every tensor in place. */
const externalAlignment = 64;

/**
 * Reads a serialized ModelProto. Tensor bytes are views of `bytes`.
 * @throws OnnxError `not-onnx` when the bytes are no ONNX model.
 */
export function decodeModel(bytes: Uint8Array): ModelWithGraph {
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new OnnxError('not-onnx', 'The file is not an ONNX model, or it is cut off.', { cause });
  }
  return withGraph(model);
}

/** Narrows a model to one that has a graph. @throws OnnxError `not-onnx` */
export function withGraph(model: ModelProto): ModelWithGraph {
  if (!hasGraph(model)) {
    throw new OnnxError('not-onnx', 'The file is not an ONNX model: it holds no graph.');
  }
  return model;
}

function hasGraph(model: ModelProto): model is ModelWithGraph {
  return model.graph !== undefined && model.graph.output.length > 0;
}

/** The serialized ModelProto, as `InferenceSession.create` takes it. */
export function encodeModel(model: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, model);
}

/**
 * A copy that may be rewritten: its own lists of nodes, inputs and initializers around the same weights.
 * Nodes are copied, tensors are shared.
 */
export function copyModel(model: ModelProto): ModelWithGraph {
  const source = withGraph(model).graph;
  // Assigned onto fresh messages, because spreading would drop the prototypes that carry the defaults.
  const graph = Object.assign(create(GraphProtoSchema), source, {
    node: source.node.map(copyNode),
    initializer: [...source.initializer],
    input: [...source.input],
    output: [...source.output],
    valueInfo: [...source.valueInfo],
  });
  return Object.assign(create(ModelProtoSchema), model, {
    opsetImport: [...model.opsetImport],
    graph,
  });
}

function copyNode(node: NodeProto): NodeProto {
  return Object.assign(create(NodeProtoSchema), node, {
    input: [...node.input],
    output: [...node.output],
    attribute: [...node.attribute],
  });
}

/** Tensor dimensions as numbers. */
export function dimsOf(tensor: TensorProto): number[] {
  return tensor.dims.map(Number);
}

/** How many elements a shape holds; 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** The external files a model needs, in the order of first use. */
export function externalLocations(model: ModelProto): string[] {
  const external = withGraph(model).graph.initializer.filter(isExternal);
  return [...new Set(external.map((tensor) => externalEntry(tensor).location))];
}

function isExternal(tensor: TensorProto): boolean {
  return tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;
}

function externalEntry(tensor: TensorProto) {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const location = entries.get('location');
  if (!location) {
    throw new OnnxError(
      'missing-external-data',
      `Initializer "${tensor.name}" is external but names no file.`,
    );
  }
  const length = entries.get('length');
  return {
    location,
    offset: Number(entries.get('offset') ?? 0),
    length: length === undefined ? undefined : Number(length),
  };
}

/**
 * The little-endian bytes of a tensor, wherever they are kept. A view, but for the rare tensors that spell
 * their values out in typed protobuf fields.
 * @throws OnnxError `missing-external-data` when the file is not in `external` or is too short.
 */
export function tensorBytes(tensor: TensorProto, external: ExternalData): Uint8Array {
  if (isExternal(tensor)) {
    const { location, offset, length } = externalEntry(tensor);
    const file = external.get(location);
    if (!file) {
      throw new OnnxError(
        'missing-external-data',
        `Initializer "${tensor.name}" is in the file "${location}", which was not given.`,
      );
    }
    const end = length === undefined ? file.byteLength : offset + length;
    if (end > file.byteLength) {
      throw new OnnxError(
        'missing-external-data',
        `Initializer "${tensor.name}" ends at byte ${end} of "${location}", which has only ${file.byteLength}.`,
      );
    }
    return file.subarray(offset, end);
  }
  if (tensor.rawData.byteLength > 0) return tensor.rawData;
  return typedFieldBytes(tensor);
}

function typedFieldBytes(tensor: TensorProto): Uint8Array {
  const view = (array: ArrayBufferView) =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  if (tensor.floatData.length > 0) return view(Float32Array.from(tensor.floatData));
  if (tensor.doubleData.length > 0) return view(Float64Array.from(tensor.doubleData));
  if (tensor.int64Data.length > 0) return view(BigInt64Array.from(tensor.int64Data));
  if (tensor.uint64Data.length > 0) return view(BigUint64Array.from(tensor.uint64Data));
  // int32_data also carries the narrower types, one element (or one byte of nibbles) per entry.
  const bits = bitsPerElement(tensor.dataType, tensor.name);
  if (bits === 32) return view(Int32Array.from(tensor.int32Data));
  if (bits === 16) return view(Uint16Array.from(tensor.int32Data));
  return view(Uint8Array.from(tensor.int32Data));
}

/** An initializer whose data is in an external file. */
export function makeExternalTensor(
  { name, dims, dataType }: Pick<TensorProto, 'name' | 'dims' | 'dataType'>,
  place: { location: string; offset: number; length: number },
): TensorProto {
  return create(TensorProtoSchema, {
    ...{ name, dims, dataType },
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(place).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value: String(value) }),
    ),
  });
}

/**
 * Moves every initializer of 1 KiB or more into one external file.
 * @param location the file's name, beside the `.onnx`
 * @returns the model that points into the file, and the file
 */
export function moveToExternalFile(
  model: ModelProto,
  location: string,
): { model: ModelWithGraph; data: Uint8Array } {
  const copy = copyModel(model);
  const moved: { bytes: Uint8Array; offset: number }[] = [];
  let end = 0;
  copy.graph.initializer = copy.graph.initializer.map((tensor) => {
    if (isExternal(tensor)) return tensor;
    const bytes = tensorBytes(tensor, new Map());
    if (bytes.byteLength < smallestExternalBytes) return tensor;
    const offset = Math.ceil(end / externalAlignment) * externalAlignment;
    end = offset + bytes.byteLength;
    moved.push({ bytes, offset });
    return makeExternalTensor(tensor, { location, offset, length: bytes.byteLength });
  });
  const data = new Uint8Array(end);
  for (const { bytes, offset } of moved) data.set(bytes, offset);
  return { model: copy, data };
}

/** The reverse of `moveToExternalFile`: every initializer back inside the protobuf, as views of the files. */
export function moveInside(model: ModelProto, external: ExternalData): ModelWithGraph {
  const copy = copyModel(model);
  copy.graph.initializer = copy.graph.initializer.map((tensor) =>
    isExternal(tensor)
      ? create(TensorProtoSchema, {
          name: tensor.name,
          dims: tensor.dims,
          dataType: tensor.dataType,
          rawData: tensorBytes(tensor, external),
        })
      : tensor,
  );
  return copy;
}
