// Finding one's way in a graph: who produces a value, who reads it, what an attribute says.
import { OnnxError } from './errors.ts';
import type {
  AttributeProto,
  GraphProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from './proto/onnx_pb.js';

/** Answers questions about a graph as it was when the view was made. */
export class GraphView {
  readonly graph: GraphProto;
  private readonly initializers: Map<string, TensorProto>;
  private readonly producers = new Map<string, NodeProto>();
  private readonly readers = new Map<string, NodeProto[]>();

  constructor(graph: GraphProto) {
    this.graph = graph;
    this.initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    for (const node of graph.node) {
      for (const output of node.output) if (output) this.producers.set(output, node);
      for (const input of valuesRead(node)) {
        const readers = this.readers.get(input);
        if (readers) readers.push(node);
        else this.readers.set(input, [node]);
      }
    }
  }

  initializer(name: string): TensorProto | undefined {
    return this.initializers.get(name);
  }

  producer(name: string): NodeProto | undefined {
    return this.producers.get(name);
  }

  /** Nodes that read a value, each once, in the order of the graph. */
  consumers(name: string): readonly NodeProto[] {
    return this.readers.get(name) ?? [];
  }

  input(name: string): ValueInfoProto | undefined {
    return this.graph.input.find((value) => value.name === name);
  }

  output(name: string): ValueInfoProto | undefined {
    return this.graph.output.find((value) => value.name === name);
  }

  /**
   * Checks that every value that a node reads comes from somewhere.
   * @throws OnnxError `missing-initializer` naming the value and the node: some exporters write such files.
   */
  checkComplete(): void {
    const inputs = new Set(this.graph.input.map((value) => value.name));
    for (const node of this.graph.node) {
      for (const name of node.input) {
        if (!name || inputs.has(name) || this.initializers.has(name) || this.producers.has(name)) {
          continue;
        }
        throw new OnnxError(
          'missing-initializer',
          `The model is broken: node ${describeNode(node)} reads "${name}", which is neither an initializer nor the output of a node. Export it again.`,
        );
      }
    }
  }
}

/** The values a node reads, each once, with what its subgraphs (If, Loop) read from outside. */
function valuesRead(node: NodeProto): Set<string> {
  const names = new Set(node.input.filter((name) => name !== ''));
  for (const attribute of node.attribute) {
    const subgraphs = attribute.g ? [attribute.g, ...attribute.graphs] : attribute.graphs;
    for (const subgraph of subgraphs) {
      for (const inner of subgraph.node) for (const name of valuesRead(inner)) names.add(name);
      for (const output of subgraph.output) names.add(output.name);
    }
  }
  return names;
}

/** Removes the nodes whose results nothing needs, then the initializers and the shapes that nothing reads. */
export function pruneDeadNodes(graph: GraphProto): void {
  const view = new GraphView(graph);
  const needed = new Set<NodeProto>();
  const live = new Set<string>();
  const pending = graph.output.map((value) => value.name);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (live.has(name)) continue;
    live.add(name);
    const node = view.producer(name);
    if (!node || needed.has(node)) continue;
    needed.add(node);
    pending.push(...valuesRead(node));
  }
  graph.node = graph.node.filter((node) => needed.has(node));
  graph.initializer = graph.initializer.filter((tensor) => live.has(tensor.name));
  const produced = new Set(graph.node.flatMap((node) => node.output));
  graph.valueInfo = graph.valueInfo.filter((value) => produced.has(value.name));
}

/** A node for error messages: `/lm_head/MatMul (MatMulNBits)`. */
export function describeNode(node: NodeProto): string {
  return `"${node.name || node.output[0] || '?'}" (${node.opType})`;
}

export function attribute(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((candidate) => candidate.name === name);
}

/** An INT attribute. @throws OnnxError `unsupported-node` when it is absent and has no default. */
export function intAttribute(node: NodeProto, name: string, absent?: number): number {
  const found = attribute(node, name);
  if (found) return Number(found.i);
  if (absent !== undefined) return absent;
  throw new OnnxError(
    'unsupported-node',
    `Node ${describeNode(node)} lacks its attribute "${name}".`,
  );
}

/** The name of a node's input. @throws OnnxError `unsupported-node` when it is absent. */
export function inputName(node: NodeProto, index: number): string {
  const name = node.input[index];
  if (name) return name;
  throw new OnnxError('unsupported-node', `Node ${describeNode(node)} lacks its input ${index}.`);
}

/** The name of a node's output. @throws OnnxError `unsupported-node` when it is absent. */
export function outputName(node: NodeProto, index = 0): string {
  const name = node.output[index];
  if (name) return name;
  throw new OnnxError('unsupported-node', `Node ${describeNode(node)} lacks its output ${index}.`);
}

/** The element type of a graph input or output; 0 (UNDEFINED) when it is no tensor. */
export function elementTypeOf(value: ValueInfoProto): number {
  return value.type?.value.case === 'tensorType' ? value.type.value.value.elemType : 0;
}

/** The dimensions of a graph input or output: a number where it is fixed, a symbol or '' where not. */
export function shapeOf(value: ValueInfoProto): (number | string)[] {
  if (value.type?.value.case !== 'tensorType') return [];
  const dims = value.type.value.value.shape?.dim ?? [];
  return dims.map(({ value: dim }) => {
    if (dim.case === 'dimValue') return Number(dim.value);
    return dim.case === 'dimParam' ? dim.value : '';
  });
}
