// Weights that a graph transposes before it uses them. Exporters write the table of words of a model once where it is the LM
// head as well, and a Transpose to the head (transformers.js's exports of SmolLM2 and Qwen2.5).
//
// ONNX Runtime transposes such a weight when it opens the model, and WebAssembly's memory, which never shrinks, keeps the
// room that both forms took: 0.4 GB for SmolLM2-360M in 32 bits, 1.1 GB for Qwen2.5-0.5B in 4 bits, whose table is in 32.
// Here the transposed weight becomes external data that is made when ONNX Runtime asks for it, and goes straight to its
// place.
import { alignedElements, bitsPerElement } from './dataTypes.ts';
import { attribute, GraphView, outputName, pruneDeadNodes } from './graph.ts';
import { LazyBytes } from './lazyBytes.ts';
import {
  copyModel,
  dimsOf,
  elementCount,
  makeExternalTensor,
  tensorBytes,
  type ExternalData,
  type ModelProto,
  type TensorProto,
} from './model.ts';
import type { NodeProto } from './proto/onnx_pb.js';

/** Smaller weights are not worth a file of their own. */
const smallestBytes = 2 ** 20;

/** A model and the files that its initializers point into. */
export interface ModelWithFiles {
  model: ModelProto;
  external: ExternalData;
}

/**
 * The model with a weight in place of every Transpose of a large matrix of 16- or 32-bit elements.
 * @param external the model's external files
 * @returns a model that shares its other weights with the one given, and its files: those given, and one for each such weight
 */
export function transposeApart(model: ModelProto, external: ExternalData): ModelWithFiles {
  const copy = copyModel(model);
  const { graph } = copy;
  const view = new GraphView(graph);
  const files = new Map(external);
  for (const node of graph.node) {
    const matrix = transposedMatrix(node, view);
    if (matrix === undefined) continue;
    const [rows = 0, columns = 0] = dimsOf(matrix);
    const location = `${outputName(node)}.transposed`;
    const length = bytesOf(matrix);
    const { dataType } = matrix;
    files.set(
      location,
      new LazyBytes(length, (start, end) => {
        const bytes = alignedElements(
          tensorBytes(matrix, external),
          dataType,
          rows * columns,
          matrix.name,
        );
        return transposeBytes(bytes, rows, columns, length / (rows * columns)).subarray(start, end);
      }),
    );
    const tensor = { name: outputName(node), dataType, dims: [columns, rows].map(BigInt) };
    graph.initializer.push(makeExternalTensor(tensor, { location, offset: 0, length }));
    node.output = [];
  }
  pruneDeadNodes(graph);
  return { model: copy, external: files };
}

/** The large matrix that a node transposes, if that is what it does. */
function transposedMatrix(node: NodeProto, view: GraphView): TensorProto | undefined {
  if (node.opType !== 'Transpose') return undefined;
  const matrix = view.initializer(node.input[0] ?? '');
  if (matrix?.dims.length !== 2 || bytesOf(matrix) < smallestBytes) return undefined;
  if (![16, 32].includes(bitsPerElement(matrix.dataType, matrix.name))) return undefined;
  // Without an order of its own, Transpose reverses the axes.
  const isSwapped = attribute(node, 'perm')?.ints[0] !== 0n;
  return isSwapped ? matrix : undefined;
}

function bytesOf(tensor: TensorProto): number {
  return (elementCount(dimsOf(tensor)) * bitsPerElement(tensor.dataType, tensor.name)) / 8;
}

/** Rows and columns that are read and written together, so that both stay in the processor's cache. */
const tile = 32;

/** The matrix [columns, rows] of a matrix [rows, columns] of elements of 2 or 4 bytes. */
function transposeBytes(
  bytes: Uint8Array,
  rows: number,
  columns: number,
  elementBytes: number,
): Uint8Array<ArrayBuffer> {
  const Elements = elementBytes === 2 ? Uint16Array : Uint32Array;
  const from = new Elements(bytes.buffer as ArrayBuffer, bytes.byteOffset, rows * columns);
  const to = new Elements(rows * columns);
  for (let top = 0; top < rows; top += tile) {
    for (let left = 0; left < columns; left += tile) {
      const [bottom, right] = [Math.min(top + tile, rows), Math.min(left + tile, columns)];
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          to[column * rows + row] = from[row * columns + column] as number;
        }
      }
    }
  }
  return new Uint8Array(to.buffer);
}
