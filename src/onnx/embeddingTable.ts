// Token embedding tables, read row by row in whatever form a graph stores them, because dequantizing a table
// of 150,000 rows for a prompt of 50 tokens would waste a gigabyte.
import type { ConstantReader, FloatTensor } from './constants.ts';
import { bitsPerElement, bytesToFloat, DataType, isFloatType } from './dataTypes.ts';
import { OnnxError } from './errors.ts';
import { describeNode, inputName, intAttribute, outputName } from './graph.ts';
import { dimsOf, elementCount } from './model.ts';
import type { NodeProto } from './proto/onnx_pb.js';
import { dequantizeRow, type BlockSource } from './quantize.ts';
import {
  checkedBlocks,
  integerMatrix,
  nibbleRows,
  storedMatrix,
  storedZeroPoints,
  type StoredMatrix,
} from './storedMatrix.ts';

/** The rows of an embedding table, dequantized when asked for. */
export interface EmbeddingTable {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  /**
   * The rows of `ids`, float32 [ids.length, hiddenSize].
   * @throws OnnxError `bad-token-id`
   */
  rows(ids: ArrayLike<number | bigint>): Float32Array;
}

/** Writes row `id`, dequantized, into `out` [hiddenSize]. */
type ReadRow = (id: number, out: Float32Array) => void;

/**
 * The table behind a lookup node, a Gather or a GatherBlockQuantized.
 * @throws OnnxError `missing-initializer`, `unsupported-node` or `unsupported-type`
 */
export function readEmbeddingTable(node: NodeProto, reader: ConstantReader): EmbeddingTable {
  const { vocabSize, hiddenSize } = tableShape(node, reader);
  const readRow =
    node.opType === 'GatherBlockQuantized' ? blockRows(node, reader) : plainRows(node, reader);
  return {
    vocabSize,
    hiddenSize,
    rows(ids) {
      const out = new Float32Array(ids.length * hiddenSize);
      for (let i = 0; i < ids.length; i++) {
        const id = Number(ids[i]);
        if (!Number.isInteger(id) || id < 0 || id >= vocabSize) {
          throw new OnnxError(
            'bad-token-id',
            `Token id ${id} is outside the embedding table, which has ${vocabSize} rows.`,
          );
        }
        readRow(id, out.subarray(i * hiddenSize, (i + 1) * hiddenSize));
      }
      return out;
    },
  };
}

/** The whole table [V, D] behind a lookup node as the graph stores it. @throws OnnxError as `readEmbeddingTable` */
export function storedTable(node: NodeProto, reader: ConstantReader): StoredMatrix {
  const name = inputName(node, 0);
  if (node.opType === 'GatherBlockQuantized') {
    const key = [reader.source(name).name, inputName(node, 2), node.input[3] ?? ''];
    return { kind: 'blocks', key, source: tableBlocks(node, reader) };
  }
  if (isFloatType(reader.source(tableName(node, reader)).dataType)) {
    return storedMatrix(name, false, reader);
  }
  return integerTable(node, reader) ?? { kind: 'computed', read: () => allRows(node, reader) };
}

/** An 8-bit table with one scale for all, or with one a row, which another lookup gathers. */
function integerTable(node: NodeProto, reader: ConstantReader): StoredMatrix | undefined {
  const dequantizer = rowDequantizer(node, reader);
  if (!dequantizer) return undefined;
  const { scaleLookup } = dequantizer;
  const scale = scaleLookup ? inputName(scaleLookup, 0) : inputName(dequantizer.node, 1);
  if (!scaleLookup && reader.read(scale).data.length > 1) return undefined; // one a column
  const zeroPoint = scaleLookup ? undefined : dequantizer.node.input[2] || undefined;
  const matrix = { name: inputName(node, 0), transposed: false, scale, zeroPoint };
  return integerMatrix(matrix, reader);
}

function allRows(node: NodeProto, reader: ConstantReader): FloatTensor {
  const table = readEmbeddingTable(node, reader);
  const ids = Array.from({ length: table.vocabSize }, (_, id) => id);
  return { dims: [table.vocabSize, table.hiddenSize], data: table.rows(ids) };
}

/** The value that holds a lookup's table, behind a Transpose (tied to an LM head [D, V]) if there is one. */
export function tableName(node: NodeProto, reader: ConstantReader): string {
  const name = inputName(node, 0);
  const producer = reader.view.producer(name);
  return producer?.opType === 'Transpose' ? inputName(producer, 0) : name;
}

/** Rows and columns of the table behind a lookup node, from the shapes alone. */
export function tableShape(
  node: NodeProto,
  reader: ConstantReader,
): { vocabSize: number; hiddenSize: number } {
  const name = tableName(node, reader);
  const tensor = reader.source(name);
  // A tied quantized table is the head's weight [V, blocks, bytes] behind a Reshape: count what the rows share.
  const [rows = 0, ...rest] = dimsOf(tensor);
  const columns = elementCount(rest);
  if (node.opType === 'GatherBlockQuantized' && tensor.dataType === DataType.UINT8) {
    return { vocabSize: rows, hiddenSize: (columns * 8) / intAttribute(node, 'bits', 4) };
  }
  const transposed = name !== inputName(node, 0);
  return transposed
    ? { vocabSize: columns, hiddenSize: rows }
    : { vocabSize: rows, hiddenSize: columns };
}

/** What follows a lookup of quantized rows and makes them float. */
export interface RowDequantizer {
  /** The node that puts the float rows out, and a lookup of scales that it needs. */
  node: NodeProto;
  scaleLookup?: NodeProto;
}

/**
 * What dequantizes the rows of a lookup: a DequantizeLinear (optimum), or Cast and Mul by the scales looked
 * up with the same ids (this project's encoders). `undefined` where nothing does.
 */
export function rowDequantizer(
  node: NodeProto,
  reader: ConstantReader,
): RowDequantizer | undefined {
  const { view } = reader;
  for (const consumer of view.consumers(outputName(node))) {
    if (consumer.opType === 'DequantizeLinear') return { node: consumer };
    if (consumer.opType !== 'Cast') continue;
    const product = view.consumers(outputName(consumer)).find(({ opType }) => opType === 'Mul');
    const scales = product?.input.find((name) => name !== outputName(consumer));
    const scaleLookup = scales ? view.producer(scales) : undefined;
    const sameIds = scaleLookup?.opType === 'Gather' && scaleLookup.input[1] === node.input[1];
    if (product && scaleLookup && sameIds) return { node: product, scaleLookup };
  }
  return undefined;
}

/** Rows of a Gather: float or int8, [V, D] or transposed from [D, V]. */
function plainRows(node: NodeProto, reader: ConstantReader): ReadRow {
  const name = tableName(node, reader);
  const tensor = reader.source(name);
  const { dataType } = tensor;
  const isFloat = isFloatType(dataType);
  const dequantizer = isFloat ? undefined : rowDequantizer(node, reader);
  if (!isFloat && !dequantizer) {
    throw new OnnxError(
      'unsupported-node',
      `Node ${describeNode(node)} gathers quantized rows, but nothing dequantizes them.`,
    );
  }
  const { vocabSize, hiddenSize } = tableShape(node, reader);
  const bytes = reader.bytes(tensor);
  const elementBytes = bitsPerElement(dataType, name) / 8;
  const transposed = name !== inputName(node, 0);
  const [idStride, step] = transposed ? [1, vocabSize] : [hiddenSize, 1];
  const rescale = dequantizer ? rescaleRow(dequantizer, reader) : () => undefined;
  const row = new Uint8Array(hiddenSize * elementBytes);
  return (id, out) => {
    for (let i = 0; i < hiddenSize; i++) {
      const at = (id * idStride + i * step) * elementBytes;
      row.set(bytes.subarray(at, at + elementBytes), i * elementBytes);
    }
    out.set(bytesToFloat(row, dataType, hiddenSize, name));
    rescale(id, out);
  };
}

/** Dequantizes a row in place: by one scale for the table, one a column, or one a row. */
function rescaleRow({ node, scaleLookup }: RowDequantizer, reader: ConstantReader): ReadRow {
  if (scaleLookup) {
    const { data: scales } = reader.read(inputName(scaleLookup, 0));
    return (id, out) => out.forEach((q, i) => (out[i] = q * (scales[id] as number)));
  }
  const { data: scale } = reader.read(inputName(node, 1));
  const zeroPoint = node.input[2] ? reader.read(node.input[2]).data : Float32Array.of(0);
  return (_, out) => {
    out.forEach((q, i) => {
      const at = scale.length === 1 ? 0 : i;
      out[i] = (q - (zeroPoint[at] ?? 0)) * (scale[at] as number);
    });
  };
}

function blockRows(node: NodeProto, reader: ConstantReader): ReadRow {
  const source = tableBlocks(node, reader);
  return (id, out) => void dequantizeRow(source, id, out);
}

/**
 * The table of a GatherBlockQuantized, blocks along D. Stored as uint8 packed by `bits` (zero point 2^(bits-1)
 * unless given), or as an INT4/UINT4 tensor (zero point 0 unless given).
 */
function tableBlocks(node: NodeProto, reader: ConstantReader): BlockSource {
  const tensor = reader.source(inputName(node, 0));
  const packed = tensor.dataType === DataType.UINT8;
  const bits = packed ? intAttribute(node, 'bits', 4) : 4;
  const { vocabSize, hiddenSize } = tableShape(node, reader);
  const blockSize = intAttribute(node, 'block_size', 128);
  const rank = 2;
  const quantizeAxis = intAttribute(node, 'quantize_axis', 1);
  if (intAttribute(node, 'gather_axis', 0) !== 0 || (quantizeAxis + rank) % rank !== 1) {
    throw new OnnxError(
      'unsupported-node',
      `Node ${describeNode(node)} gathers or quantizes along an axis that is not supported.`,
    );
  }
  const blocks = Math.ceil(hiddenSize / blockSize);
  const rowsOf = (bytes: Uint8Array, columns: number) =>
    packed ? bytes : nibbleRows(bytes, vocabSize, columns);
  const absent = packed ? 2 ** (bits - 1) : 0;
  const given = node.input[3] ? storedZeroPoints(node.input[3], reader) : absent;
  const source = {
    bits,
    blockSize,
    rows: vocabSize,
    columns: hiddenSize,
    data: rowsOf(reader.bytes(tensor), hiddenSize),
    rowBytes: Math.ceil((hiddenSize * bits) / 8),
    scales: reader.read(inputName(node, 2)).data,
    zeroPoints: given instanceof Uint8Array ? rowsOf(given, blocks) : given,
    signed: tensor.dataType === DataType.INT4,
  };
  return checkedBlocks(source, describeNode(node));
}
