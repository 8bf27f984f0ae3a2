// Turns quantized linear layers (MatMulNBits) back into float ones, in memory. The file stays small to
// download; the graph runs on a provider that has fast kernels for float only.
import { makeFloatTensor, makeNode } from './builder.ts';
import { ConstantReader, transpose } from './constants.ts';
import { DataType } from './dataTypes.ts';
import { GraphView, inputName, intAttribute, pruneDeadNodes } from './graph.ts';
import { activationType, asLinear, readLinear, type LinearNode } from './linear.ts';
import { copyModel, type ExternalData, type ModelProto, type ModelWithGraph } from './model.ts';

/** MatMulNBits without a bias among its inputs, over float32 activations. */
function packedLinears(reader: ConstantReader): LinearNode[] {
  return reader.view.graph.node
    .filter((node) => node.opType === 'MatMulNBits' && !node.input[5])
    .map((node) => asLinear(node, reader))
    .filter((linear) => linear !== undefined)
    .filter((linear) => activationType(linear, reader) === DataType.FLOAT);
}

/** How many bytes the weights take that `unpackLinears` would make. */
export function unpackedBytes(model: ModelProto, external: ExternalData = new Map()): number {
  const reader = new ConstantReader(new GraphView(copyModel(model).graph), external);
  return packedLinears(reader).reduce(
    (sum, { node }) => sum + 4 * intAttribute(node, 'N') * intAttribute(node, 'K'),
    0,
  );
}

/** The model with a MatMul over float32 weights [K, N] in place of each MatMulNBits. */
export function unpackLinears(
  model: ModelProto,
  external: ExternalData = new Map(),
): ModelWithGraph {
  const copy = copyModel(model);
  const { graph } = copy;
  const reader = new ConstantReader(new GraphView(graph), external);
  const packed = new Map(packedLinears(reader).map((linear) => [linear.node, linear]));
  graph.node = graph.node.map((node) => {
    const linear = packed.get(node);
    if (linear === undefined) return node;
    const { dims, data } = transpose(readLinear(linear, reader));
    const weight = makeFloatTensor(`${linear.weight}/float`, dims, data, DataType.FLOAT);
    graph.initializer.push(weight);
    return makeNode({
      opType: 'MatMul',
      name: node.name,
      inputs: [inputName(node, 0), weight.name],
      outputs: node.output,
    });
  });
  pruneDeadNodes(graph);
  return copy;
}
