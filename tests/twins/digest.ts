// What is in a graph, as digest.py sums it up: signatures, how often which operator occurs, and hashes over every node
// with its names and attributes and over the initializers' names, types and shapes.
import { createHash } from 'node:crypto';
import { elementTypeOf, shapeOf } from '../../src/onnx/graph.ts';
import { withGraph } from '../../src/onnx/model.ts';
import type { ModelProto } from '../../src/onnx/index.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  type AttributeProto,
  type ValueInfoProto,
} from '../../src/onnx/proto/onnx_pb.js';

export interface Digest {
  inputs: string[];
  outputs: string[];
  operators: Record<string, number>;
  nodes: string;
  weights: string;
}

/** Names that PyTorch counts up where there is no module to name something after. */
const anonymous = /^(onnx::\w+|[A-Z]\w*)_\d+((?:_\w+)?)$/;

/** Every node and initializer as a line of text. */
export function graphLines(model: ModelProto): { nodes: string[]; weights: string[] } {
  const { graph } = withGraph(model);
  const known = new Map<string, number>();
  const plain = (name: string): string => {
    const suffix = anonymous.exec(name)?.[2];
    if (suffix === undefined) return name;
    const base = name.slice(0, name.length - suffix.length);
    const number = known.get(base) ?? known.size;
    known.set(base, number);
    return `#${number}${suffix}`;
  };
  const nodes = graph.node.map((node) => {
    const names = [[node.name], node.input, node.output].map((list) => list.map(plain).join(','));
    const attributes = node.attribute.map((a) => `${a.name}=${attributeText(a)}`).sort();
    return [node.domain, node.opType, ...names, attributes.join(',')].join('|');
  });
  const weights = graph.initializer
    .map(({ name, dataType, dims }) => `${plain(name)}|${dataType}|${dims.join(',')}`)
    .sort();
  return { nodes, weights };
}

export function digest(model: ModelProto): Digest {
  const { graph } = withGraph(model);
  const operators: Record<string, number> = {};
  for (const { opType } of graph.node) operators[opType] = (operators[opType] ?? 0) + 1;
  const { nodes, weights } = graphLines(model);
  return {
    inputs: graph.input.map(signature),
    outputs: graph.output.map(signature),
    operators,
    nodes: sha256(nodes),
    weights: sha256(weights),
  };
}

function attributeText(a: AttributeProto): string {
  if (a.type === AttributeType.INT) return String(a.i);
  if (a.type === AttributeType.INTS) return `[${a.ints.join(' ')}]`;
  if (a.type === AttributeType.FLOAT) return hex(Float32Array.of(a.f));
  if (a.type === AttributeType.TENSOR && a.t) {
    return `${a.t.dataType}:${a.t.dims.join('x')}:${hex(a.t.rawData)}`;
  }
  throw new Error(`${a.name}: attributes of type ${a.type} are not known`);
}

function hex(view: ArrayBufferView): string {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('hex');
}

function signature(value: ValueInfoProto): string {
  return `${value.name} ${elementTypeOf(value)} [${shapeOf(value).join(', ')}]`;
}

function sha256(lines: string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
