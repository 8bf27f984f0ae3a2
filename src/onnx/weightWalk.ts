// The walk over a transformer's graph that finds every weight and the name that PyTorch (Hugging Face) gives
// it. What a weight is read as, float32 or packed, is the caller's choice.
//
// Exporters lose the names of linear weights (`onnx::MatMul_788`) but keep those of the modules in the
// names of the nodes. So a linear weight or an embedding table is named after the node that uses it, other
// parameters keep their own name, and one table brings onnxruntime-genai's names back to PyTorch's.
import { ConstantReader, type FloatTensor } from './constants.ts';
import { isFloatType } from './dataTypes.ts';
import { rowDequantizer, storedTable, tableName } from './embeddingTable.ts';
import { GraphView, inputName, outputName } from './graph.ts';
import { asLinear, storedLinear } from './linear.ts';
import { withGraph, type ExternalData, type ModelProto } from './model.ts';
import { findProjections, projectionModule, projectionRows } from './projections.ts';
import type { NodeProto } from './proto/onnx_pb.js';
import type { StoredMatrix } from './storedMatrix.ts';

/** What weights are read as. */
export interface WeightForm<Weight> {
  /** A linear weight [N, K] or an embedding table [V, D]. */
  matrix(stored: StoredMatrix, reader: ConstantReader): Weight;
  /** A norm's gain, a bias or another small parameter. */
  parameter(tensor: FloatTensor): Weight;
  /** Rows of a weight or a bias, without a copy. */
  rows(weight: Weight, first: number, count: number): Weight;
}

/** onnxruntime-genai's names and this project's, to PyTorch's. The first rule that matches is applied. */
const renames: readonly (readonly [RegExp, string])[] = [
  [/^model\.layers\.\d+\.final_norm_layernorm\./, 'model.norm.'],
  [/\.attn\.(q|k)_norm\.layernorm\./, '.self_attn.$1_norm.'],
  [/\.attn\.(\w+_proj)\.(?:MatMul\.|Add\.)?/, '.self_attn.$1.'],
  [/\.(?:MatMul|Add)\.(weight|bias)$/, '.$1'],
];

/** Tables that a graph computes with but that are no parameters. */
const notParameters = /^(cos_cache|sin_cache|constants\/.*|\/.*)$/;

/**
 * Reads every weight in a form. Packed projections are divided. A tied LM head appears as `lm_head.weight`
 * beside the embedding table.
 * @throws OnnxError where a weight's form is not known
 */
export function walkWeights<Weight>(
  model: ModelProto,
  external: ExternalData,
  form: WeightForm<Weight>,
): Map<string, Weight> {
  const reader = new ConstantReader(new GraphView(withGraph(model).graph), external);
  const weights = new Map<string, Weight>();
  const used = new Set<string>();
  for (const node of reader.view.graph.node) {
    const linear = asLinear(node, reader);
    if (!linear && !isTableLookup(node, reader)) continue;
    for (const name of storedInputs(node, reader, linear?.scales)) {
      if (name !== linear?.bias) used.add(name);
    }
    const stored = linear ? storedLinear(linear, reader) : storedTable(node, reader);
    weights.set(weightName(node), form.matrix(stored, reader));
  }
  dividePacked(reader, form, weights, used);
  readOtherParameters(reader, form, weights, used);
  return weights;
}

/**
 * `/model/layers.0/mlp/up_proj/MatMul_Q4` -> `model.layers.0.mlp.up_proj.weight`; the name of the stored
 * weight when the node's is no path of modules.
 */
function weightName(node: NodeProto): string {
  const stored = node.opType.startsWith('Gather') ? node.input[0] : node.input[1];
  const path = node.name.replace(/^\//, '').split('/').slice(0, -1);
  return path.length > 0 ? pytorchName(`${path.join('.')}.weight`) : (stored ?? '');
}

function pytorchName(name: string): string {
  const rule = renames.find(([pattern]) => pattern.test(name));
  return rule ? name.replace(rule[0], rule[1]) : name;
}

/** A lookup of rows in a constant table. One of scales alone belongs to the lookup of the rows that they scale. */
function isTableLookup(node: NodeProto, reader: ConstantReader): boolean {
  if (node.opType === 'GatherBlockQuantized') return true;
  if (node.opType !== 'Gather' || reader.isConstant(inputName(node, 1))) return false;
  const table = reader.view.initializer(tableName(node, reader));
  return table?.dims.length === 2 && table.dims[1] !== 1n;
}

/** The initializers behind a node's inputs, those of a dequantizer before or after it among them. */
function storedInputs(
  node: NodeProto,
  reader: ConstantReader,
  scales: readonly string[] = [],
): string[] {
  const { view } = reader;
  const after = node.opType === 'Gather' ? rowDequantizer(node, reader) : undefined;
  const found: string[] = [];
  const pending = [node, after?.node, after?.scaleLookup].flatMap((part) => part?.input ?? []);
  pending.push(...scales);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (view.initializer(name)) found.push(name);
    else if (name && reader.isConstant(name)) pending.push(...(view.producer(name)?.input ?? []));
  }
  return found;
}

/** Replaces packed projections, and their biases, by their parts. */
function dividePacked<Weight>(
  reader: ConstantReader,
  form: WeightForm<Weight>,
  weights: Map<string, Weight>,
  used: Set<string>,
): void {
  for (const projection of findProjections(reader)) {
    if (projection.names.length === 1) continue;
    const rows = projectionRows(projection, reader);
    const name = weightName(projection.node);
    const packed = [{ weight: weights.get(name), parameter: 'weight' }];
    weights.delete(name);
    const bias = reader.view.consumers(projection.output).find((node) => node.opType === 'Add');
    const biasName = bias?.input.find((input) => reader.isConstant(input));
    if (biasName) {
      packed.push({ weight: form.parameter(reader.read(biasName)), parameter: 'bias' });
      used.add(biasName);
    }
    for (const { weight, parameter } of packed) {
      if (!weight) continue;
      let row = 0;
      projection.names.forEach((part, index) => {
        const count = rows[index] as number;
        const path = `model.layers.${projection.layer}.${projectionModule(part)}.${parameter}`;
        weights.set(path, form.rows(weight, row, count));
        row += count;
      });
    }
  }
}

/** Norms, biases and whatever else is a float initializer, also where an Identity shares one. */
function readOtherParameters<Weight>(
  reader: ConstantReader,
  form: WeightForm<Weight>,
  weights: Map<string, Weight>,
  used: ReadonlySet<string>,
): void {
  const { graph } = reader.view;
  const aliases = graph.node.filter(
    (node) => node.opType === 'Identity' && reader.isConstant(inputName(node, 0)),
  );
  const names = [
    ...graph.initializer.map(({ name }) => name),
    ...aliases.map((node) => outputName(node)),
  ];
  for (const name of names) {
    if (used.has(name) || notParameters.test(name)) continue;
    if (!isFloatType(reader.elementType(name))) continue;
    weights.set(pytorchName(name), form.parameter(reader.read(name)));
  }
}
