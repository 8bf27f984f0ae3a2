// A weight matrix [rows, columns] as a graph stores it: found and described, not yet expanded. From here it
// becomes float32 (weights.ts) or stays packed (packed.ts).
import { transpose, type ConstantReader, type FloatTensor } from './constants.ts';
import { DataType, isFloatType } from './dataTypes.ts';
import { OnnxError } from './errors.ts';
import { attribute, inputName, intAttribute } from './graph.ts';
import { dimsOf, type TensorProto } from './model.ts';
import type { NodeProto } from './proto/onnx_pb.js';
import { dequantize, type BlockSource } from './quantize.ts';

export type StoredMatrix =
  /** A float tensor, which holds [columns, rows] where it is `transposed`. */
  | { kind: 'dense'; tensor: TensorProto; transposed: boolean }
  /** Quantized. Two with equal keys are the same matrix. */
  | { kind: 'blocks'; source: BlockSource; key: readonly (string | boolean)[] }
  /** In a form that only its values describe. */
  | { kind: 'computed'; read: () => FloatTensor };

/** The matrix as float32. Where the file holds just that, a view of it. */
export function floatMatrix(stored: StoredMatrix, reader: ConstantReader): FloatTensor {
  if (stored.kind === 'computed') return stored.read();
  if (stored.kind === 'blocks') {
    const { source } = stored;
    return { dims: [source.rows, source.columns], data: dequantize(source) };
  }
  const tensor = reader.tensor(stored.tensor);
  return stored.transposed ? transpose(tensor) : tensor;
}

/**
 * The constant `name`, or its transpose, as a matrix.
 * @throws OnnxError as `ConstantReader.read`
 */
export function storedMatrix(
  name: string,
  transposed: boolean,
  reader: ConstantReader,
): StoredMatrix {
  const origin = followTransposes(name, transposed, reader);
  const tensor = reader.view.initializer(origin.name);
  if (tensor?.dims.length === 2 && isFloatType(tensor.dataType)) {
    return { kind: 'dense', tensor, transposed: origin.transposed };
  }
  const producer = reader.view.producer(origin.name);
  const dequantized =
    producer?.opType === 'DequantizeLinear'
      ? dequantizedMatrix(producer, origin.transposed, reader)
      : undefined;
  const read = () => (transposed ? transpose(reader.read(name)) : reader.read(name));
  return dequantized ?? { kind: 'computed', read };
}

/** What DequantizeLinear makes of an 8-bit matrix, if its scales are one for all or one a row. */
function dequantizedMatrix(node: NodeProto, transposed: boolean, reader: ConstantReader) {
  const scale = inputName(node, 1);
  const axis = (intAttribute(node, 'axis', 1) + 2) % 2;
  const isOfRows = axis === (transposed ? 1 : 0);
  const single = reader.read(scale).data.length === 1;
  if (intAttribute(node, 'block_size', 0) > 0 || !(single || isOfRows)) return undefined;
  const zeroPoint = node.input[2] || undefined;
  return integerMatrix({ name: inputName(node, 0), transposed, scale, zeroPoint }, reader);
}

/** The value behind nodes that only turn a matrix over or name it anew. A Cast keeps the values. */
function followTransposes(
  name: string,
  transposed: boolean,
  reader: ConstantReader,
): { name: string; transposed: boolean } {
  const node = reader.view.producer(name);
  if (node?.opType === 'Identity' || node?.opType === 'Cast') {
    return followTransposes(inputName(node, 0), transposed, reader);
  }
  if (node?.opType === 'Transpose') {
    const axes = attribute(node, 'perm')?.ints.map(Number) ?? [1, 0];
    const flipped = axes[0] === 0 ? transposed : !transposed;
    if (axes.length === 2) return followTransposes(inputName(node, 0), flipped, reader);
  }
  return { name, transposed };
}

/** An 8-bit matrix and the names of its scale and zero point: one for all, or one a row. */
interface IntegerMatrix {
  name: string;
  /** Whether the value `name` is [columns, rows]. */
  transposed: boolean;
  scale: string;
  zeroPoint: string | undefined;
}

/** An 8-bit matrix as blocks of one row each; `undefined` when it is stored in another manner. */
export function integerMatrix(
  { name, transposed, scale, zeroPoint }: IntegerMatrix,
  reader: ConstantReader,
): StoredMatrix | undefined {
  const origin = followTransposes(name, transposed, reader);
  const tensor = reader.view.initializer(origin.name);
  const isInteger = tensor?.dataType === DataType.INT8 || tensor?.dataType === DataType.UINT8;
  if (!isInteger || tensor.dims.length !== 2) return undefined;
  const [outer = 0, inner = 0] = dimsOf(tensor);
  const [rows, columns] = origin.transposed ? [inner, outer] : [outer, inner];
  const { data: scales } = reader.read(scale);
  const zeroPoints = zeroPoint ? reader.read(zeroPoint).data : Float32Array.of(0);
  const perRow = (values: Float32Array) => values.length === 1 || values.length === rows;
  if (!perRow(scales) || !perRow(zeroPoints)) return undefined;
  const bytes = reader.bytes(tensor);
  const source = {
    bits: 8,
    // Kernels read four columns at a time, so a block is as many whole ones.
    blockSize: Math.ceil(columns / 4) * 4,
    rows,
    columns,
    data: origin.transposed
      ? transposeElements(bytes, new Uint8Array(rows * columns), rows, columns)
      : bytes,
    rowBytes: columns,
    scales: scales.length === rows ? scales : new Float32Array(rows).fill(scales[0] as number),
    zeroPoints: zeroPoints.length === 1 ? (zeroPoints[0] as number) : Uint8Array.from(zeroPoints),
    signed: tensor.dataType === DataType.INT8,
  };
  const key = [tensor.name, scale, zeroPoint ?? '', origin.transposed];
  return { kind: 'blocks', key, source: checkedBlocks(source, `Tensor "${tensor.name}"`) };
}

/** Fills `to` [rows, columns] from `from` [columns, rows] and returns it. */
export function transposeElements<Elements extends Uint8Array | Uint16Array>(
  from: Elements,
  to: Elements,
  rows: number,
  columns: number,
): Elements {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      to[row * columns + column] = from[column * rows + row] as number;
    }
  }
  return to;
}

/** Zero points of blocks: packed like the data, or one float each. */
export function storedZeroPoints(name: string, reader: ConstantReader): Uint8Array | Float32Array {
  const tensor = reader.source(name);
  return isFloatType(tensor.dataType) ? reader.tensor(tensor).data : reader.bytes(tensor);
}

/**
 * Nibbles of an INT4 or UINT4 tensor [rows, columns] with every row in whole bytes: ONNX packs them without
 * regard to rows.
 */
export function nibbleRows(bytes: Uint8Array, rows: number, columns: number): Uint8Array {
  if (columns % 2 === 0) return bytes;
  const rowBytes = (columns + 1) / 2;
  const out = new Uint8Array(rows * rowBytes);
  for (let i = 0; i < rows * columns; i++) {
    const nibble = ((bytes[i >> 1] ?? 0) >> (4 * (i % 2))) & 15;
    const column = i % columns;
    const at = Math.floor(i / columns) * rowBytes + (column >> 1);
    out[at] = (out[at] as number) | (nibble << (4 * (column % 2)));
  }
  return out;
}

/** @returns `source` @throws OnnxError `bad-shape` when it holds less than its shape needs */
export function checkedBlocks(source: BlockSource, where: string): BlockSource {
  const { bits, blockSize, rows, columns, data, rowBytes, scales, zeroPoints } = source;
  const blocks = Math.ceil(columns / blockSize);
  const zeroPointsPerRow =
    zeroPoints instanceof Float32Array ? blocks : Math.ceil((blocks * bits) / 8);
  const missing = [
    ['bytes', data.length, rows * rowBytes],
    ['scales', scales.length, rows * blocks],
    ...(typeof zeroPoints === 'number'
      ? []
      : [['zero points', zeroPoints.length, rows * zeroPointsPerRow] as const]),
  ].find(([, held, needed]) => held < needed);
  if (!missing) return source;
  const [what, held, needed] = missing;
  throw new OnnxError(
    'bad-shape',
    `${where} needs ${needed} ${what} for a weight [${rows}, ${columns}] but holds ${held}.`,
  );
}
