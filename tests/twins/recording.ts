// Graphs as optimum exports them, from the recordings in graphs/ (record.py says how they came about).
//
// A recording is a list of nodes `[operator, name, inputs, attributes?, outputs?]` in four sections: what comes before
// the layers, the first layer, any other layer, what comes after them. In names `{L}` is the layer, `{P}` the layer
// before, `#3` the third name that PyTorch gave without a module, a leading `./` the folder of the node and a
// trailing `~` PyTorch's `_output_0`. Numbers that depend on the model's size are names of sizes.
import {
  makeNode,
  makeTensor,
  makeValueInfo,
  type AttributeValue,
} from '../../src/onnx/builder.ts';
import { DataType } from '../../src/onnx/dataTypes.ts';
import type { NodeProto, TensorProto, ValueInfoProto } from '../../src/onnx/proto/onnx_pb.js';
import { floatWeight, tensorAttribute, type Draft, type Weight } from './draft.ts';
import { turned, type Parameters } from './parameters.ts';
import { sizeOf, type Sizes } from './sizes.ts';

export type Family = 'bert' | 'xlm-roberta' | 'mt5' | 'llama' | 'qwen2' | 'qwen3';

type Size = number | string;
type RecordedTensor = [
  dataType: number,
  dims: Size[],
  values: Size[] | 'range' | 'zeros' | 'rotary',
];
type RecordedAttribute = ['i', Size] | ['f', Size] | ['is', Size[]] | ['t', RecordedTensor];
type RecordedNode = [
  operator: string,
  name: string,
  inputs: string[],
  attributes?: Record<string, RecordedAttribute>,
  outputs?: string[],
];
type RecordedValue = [name: string, dataType: number, dims: (string | { size: Size })[]];
interface Header {
  opset: number;
  inputs: RecordedValue[];
  outputs: RecordedValue[];
  /** What a layer calls the value that the graph puts out, where nothing comes after the layers. */
  result: string | null;
}
interface SectionStart {
  section: 'head' | 'first' | 'layer' | 'tail';
  weights: [name: string, dims: Size[]][];
}
interface Section extends SectionStart {
  nodes: RecordedNode[];
}

/** What a recording leaves open besides sizes. */
export interface GraphNumbers {
  ropeTheta: number;
  /** Added under the root of norms; recorded for one model of a family, other ones differ. */
  normEpsilon: number;
}

function parseRecording(text: string): { header: Header; sections: Section[] } {
  const [header, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const sections: Section[] = [];
  for (const line of lines) {
    if (Array.isArray(line)) sections.at(-1)?.nodes.push(line as RecordedNode);
    else sections.push({ ...(line as SectionStart), nodes: [] });
  }
  return { header: header as Header, sections };
}

/**
 * The graph of a family at some sizes in float32, as optimum exports it.
 * @param recording the text of `graphs/FAMILY.jsonl`
 */
export function optimumDraft(
  recording: string,
  sizes: Sizes,
  numbers: GraphNumbers,
  parameters: Parameters,
): Draft {
  const { header, sections } = parseRecording(recording);
  const graph = new Instance(sizes, numbers, parameters);
  const byName = new Map(sections.map((section) => [section.section, section]));
  const order = [
    'head',
    'first',
    ...Array<'layer'>(sizes.layers - 1).fill('layer'),
    'tail',
  ] as const;
  // The head has no layer of its own; the first layer is 0, the tail counts as the one past the last.
  order.forEach((name, index) => graph.add(byName.get(name), index - 1));
  if (header.result)
    graph.rename(fullName(header.result, sizes.layers - 1), header.outputs[0]?.[0] ?? '');
  const values = (recorded: RecordedValue[]) =>
    repeatCache(recorded, sizes.layers).map((value) => graph.value(value));
  return {
    producer: 'pytorch',
    irVersion: 8,
    opset: header.opset,
    usesMicrosoft: false,
    nodes: graph.nodes,
    weights: graph.weights,
    inputs: values(header.inputs),
    outputs: values(header.outputs),
  };
}

/** The recorded cache is that of two layers. */
function repeatCache(values: RecordedValue[], layers: number): RecordedValue[] {
  const firstLayer = values.filter(([name]) => name.includes('.0.'));
  const others = values.filter(([name]) => !/\.\d+\./.test(name));
  const numbers = Array.from({ length: layers }, (_, layer) => layer);
  return [
    ...others,
    ...numbers.flatMap((layer) =>
      firstLayer.map(([name, ...rest]): RecordedValue => [
        name.replace('.0.', `.${layer}.`),
        ...rest,
      ]),
    ),
  ];
}

class Instance {
  readonly nodes: NodeProto[] = [];
  readonly weights: Weight[] = [];
  readonly #sizes: Sizes;
  readonly #numbers: GraphNumbers;
  readonly #parameters: Parameters;

  constructor(sizes: Sizes, numbers: GraphNumbers, parameters: Parameters) {
    this.#sizes = sizes;
    this.#numbers = numbers;
    this.#parameters = parameters;
  }

  add(section: Section | undefined, layer: number): void {
    if (!section) throw new Error('a recording lacks a section');
    const readers = new Map<string, string>();
    for (const [
      operator,
      recordedName,
      recordedInputs,
      attributes,
      recordedOutputs,
    ] of section.nodes) {
      const name = fullName(recordedName, layer);
      const folder = name.slice(0, name.lastIndexOf('/') + 1);
      const inputs = recordedInputs.map((input) => fullName(input, layer).replace(/^\.\//, folder));
      const outputs = recordedOutputs?.map((output) => fullName(output, layer)) ?? [
        `${name}_output_0`,
      ];
      for (const input of inputs) if (!readers.has(input)) readers.set(input, name);
      this.nodes.push(this.#node(operator, name, inputs, outputs, attributes ?? {}));
    }
    for (const [recordedName, dims] of section.weights) {
      const name = fullName(recordedName, layer);
      this.weights.push(this.#weight(name, this.#all(dims), readers.get(name) ?? ''));
    }
  }

  /** Gives a value another name where it is made and where it is read. */
  rename(from: string, to: string): void {
    const renamed = (name: string) => (name === from ? to : name);
    for (const node of this.nodes) {
      node.input = node.input.map(renamed);
      node.output = node.output.map(renamed);
    }
  }

  value([name, dataType, dims]: RecordedValue): ValueInfoProto {
    const shape = dims.map((dim) =>
      typeof dim === 'string' ? dim : sizeOf(dim.size, this.#sizes),
    );
    return makeValueInfo(name, dataType, shape);
  }

  #all(values: readonly Size[]): number[] {
    return values.map((value) => sizeOf(value, this.#sizes));
  }

  #node(
    opType: string,
    name: string,
    inputs: string[],
    outputs: string[],
    recorded: Record<string, RecordedAttribute>,
  ): NodeProto {
    const attributes: Record<string, AttributeValue> = {};
    const tensors = [];
    for (const [key, [kind, value]] of Object.entries(recorded)) {
      if (kind === 't') tensors.push(tensorAttribute(key, this.#tensor(value, name)));
      else if (kind === 'is') attributes[key] = { ints: this.#all(value) };
      else if (kind === 'i') attributes[key] = { int: sizeOf(value, this.#sizes) };
      else
        attributes[key] = {
          float: key === 'epsilon' ? this.#numbers.normEpsilon : sizeOf(value, this.#sizes),
        };
    }
    const node = makeNode({ opType, name, inputs, outputs, attributes });
    node.attribute.push(...tensors);
    return node;
  }

  #tensor([dataType, recordedDims, values]: RecordedTensor, node: string): TensorProto {
    const dims = this.#all(recordedDims);
    const count = dims.reduce((product, dim) => product * dim, 1);
    const list = Array.isArray(values)
      ? this.#all(values)
      : generated[values](count, this.#numbers);
    const isEpsilon =
      dataType === DataType.FLOAT && dims.length === 0 && isSmall(list[0]) && /norm/i.test(node);
    return makeTensor(
      '',
      dataType,
      dims,
      typed(dataType, isEpsilon ? [this.#numbers.normEpsilon] : list),
    );
  }

  /** A linear layer's weight has no name but that of its layer's node, and lies turned: [inputs, outputs]. */
  #weight(name: string, dims: number[], reader: string): Weight {
    const [inputs = 0, outputs = 0] = dims;
    if (!name.startsWith('onnx::'))
      return floatWeight(name, dims, () => this.#parameters.values(name, dims));
    const module = reader.slice(1, reader.lastIndexOf('/')).replaceAll('/', '.');
    const matrix = () => this.#parameters.values(`${module}.weight`, [outputs, inputs]);
    return floatWeight(name, dims, () => turned(matrix(), outputs, inputs), matrix);
  }
}

const generated: Record<
  'range' | 'zeros' | 'rotary',
  (count: number, numbers: GraphNumbers) => number[]
> = {
  range: (count) => Array.from({ length: count }, (_, i) => i),
  zeros: (count) => new Array<number>(count).fill(0),
  rotary: (count, { ropeTheta }) =>
    Array.from({ length: count }, (_, i) => 1 / Math.fround(ropeTheta ** Math.fround(i / count))),
};

function isSmall(value: number | undefined): boolean {
  return value !== undefined && value > 0 && value < 1e-4;
}

/** Values as little-endian elements. */
function typed(dataType: number, values: number[]): ArrayBufferView {
  if (dataType === DataType.FLOAT) return Float32Array.from(values);
  if (dataType === DataType.INT64) return BigInt64Array.from(values, toInt64);
  if (dataType === DataType.INT32) return Int32Array.from(values);
  if (dataType === DataType.BOOL) return Uint8Array.from(values, Number);
  throw new Error(`constants of type ${dataType} are not known`);
}

/** Slices to the end say so with the largest integer, which a number of JavaScript cannot hold. */
function toInt64(value: number): bigint {
  return value >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(value);
}

/** Names that PyTorch counted within a layer get numbers that no other layer has. */
const numbersPerLayer = 1000;

function fullName(name: string, layer: number): string {
  return name
    .replace('{L}', String(layer))
    .replace('{P}', String(layer - 1))
    .replace(/#(\d+)/, (_, count: string) => String((layer + 1) * numbersPerLayer + Number(count)))
    .replace(/~$/, '_output_0');
}
