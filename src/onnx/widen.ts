// Turns a graph that computes in 16-bit floats into the same graph in 32-bit floats, for devices that have no kernels
// for the former. Every FLOAT16 becomes FLOAT: weights, constants, casts, inputs and outputs. Lookup tables stay as
// they are, because their rows can be widened after the lookup: that of a multilingual encoder is most of its file.
import { clone, create } from '@bufbuild/protobuf';
import { makeFloatTensor, makeNode } from './builder.ts';
import { ConstantReader } from './constants.ts';
import { DataType } from './dataTypes.ts';
import { elementTypeOf, GraphView, outputName } from './graph.ts';
import {
  copyModel,
  dimsOf,
  elementCount,
  withGraph,
  type ExternalData,
  type ModelProto,
  type ModelWithGraph,
} from './model.ts';
import {
  AttributeProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './proto/onnx_pb.js';

const { FLOAT, FLOAT16 } = DataType;

/** Attributes that name an element type. */
const typeAttributes = new Set(['to', 'dtype']);

/** Whether a graph computes anything in 16-bit floats. A table that is only looked up does not: its rows are cast. */
export function hasHalves(model: ModelProto): boolean {
  const { graph } = withGraph(model);
  const view = new GraphView(graph);
  return (
    graph.initializer.some((tensor) => isHalf(tensor) && !isTable(tensor, view)) ||
    [...graph.input, ...graph.output].some((value) => elementTypeOf(value) === FLOAT16) ||
    graph.node.some(({ attribute }) => attribute.some(namesHalf))
  );
}

/** How many bytes the weights take that `widenHalves` would make. */
export function widenedBytes(model: ModelProto): number {
  const view = new GraphView(withGraph(model).graph);
  return view.graph.initializer
    .filter((tensor) => isHalf(tensor) && !isTable(tensor, view))
    .reduce((sum, tensor) => sum + 4 * elementCount(dimsOf(tensor)), 0);
}

/** The model in 32-bit floats. Graphs inside of nodes (If, Loop) are left alone. */
export function widenHalves(model: ModelProto, external: ExternalData = new Map()): ModelWithGraph {
  const copy = copyModel(model);
  const { graph } = copy;
  const view = new GraphView(graph);
  const reader = new ConstantReader(view, external);
  const isKept = (tensor: TensorProto) => !isHalf(tensor) || isTable(tensor, view);
  const tables = new Set(graph.initializer.filter((each) => isTable(each, view)).map(nameOf));
  graph.initializer = graph.initializer.map((tensor) =>
    isKept(tensor) ? tensor : widen(tensor, reader),
  );
  graph.node = graph.node.flatMap((node) => {
    node.attribute = node.attribute.map((each) => widenAttribute(each, reader));
    return tables.has(node.input[0] ?? '') ? widenRows(node) : [node];
  });
  graph.input = graph.input.map(widenValue);
  graph.output = graph.output.map(widenValue);
  graph.valueInfo = graph.valueInfo.map(widenValue);
  return copy;
}

const nameOf = ({ name }: TensorProto) => name;

function isHalf({ dataType }: TensorProto): boolean {
  return dataType === FLOAT16;
}

/** Whether nodes only look rows of it up. */
function isTable(tensor: TensorProto, view: GraphView): boolean {
  const readers = view.consumers(tensor.name);
  return (
    isHalf(tensor) &&
    readers.length > 0 &&
    readers.every(({ opType, input }) => opType === 'Gather' && input[0] === tensor.name)
  );
}

function widen(tensor: TensorProto, reader: ConstantReader): TensorProto {
  const { dims, data } = reader.tensor(tensor);
  return makeFloatTensor(tensor.name, dims, data);
}

/** A lookup with a Cast behind it. */
function widenRows(lookup: NodeProto): NodeProto[] {
  const output = outputName(lookup);
  lookup.output = [`${output}/half`];
  const name = `${lookup.name}/widen`;
  const to = { to: { int: FLOAT } };
  const inputs = lookup.output;
  return [lookup, makeNode({ opType: 'Cast', name, inputs, outputs: [output], attributes: to })];
}

function namesHalf({ name, i, t }: AttributeProto): boolean {
  return t?.dataType === FLOAT16 || (typeAttributes.has(name) && Number(i) === FLOAT16);
}

function widenAttribute(attribute: AttributeProto, reader: ConstantReader): AttributeProto {
  if (!namesHalf(attribute)) return attribute;
  const { t } = attribute;
  const change = t ? { t: widen(t, reader) } : { i: BigInt(FLOAT) };
  return Object.assign(create(AttributeProtoSchema), attribute, change);
}

function widenValue(value: ValueInfoProto): ValueInfoProto {
  if (elementTypeOf(value) !== FLOAT16) return value;
  const widened = clone(ValueInfoProtoSchema, value);
  if (widened.type?.value.case === 'tensorType') widened.type.value.value.elemType = FLOAT;
  return widened;
}
