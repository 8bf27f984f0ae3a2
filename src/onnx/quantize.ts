// Block quantization as ONNX Runtime's MatMulNBits reads it, per-row int8 for embedding tables, and the
// way back of each.
//
// A weight W [N, K] (output rows, input columns) is cut along K into blocks of `blockSize`. Each block has
// one scale s and, when asymmetric, one zero point z: W = (q - z) * s with q in [0, 2^bits). Symmetric
// blocks take z = 2^(bits-1); then the largest magnitude of the block maps to q = 0, whose range is one
// step longer, so s is negative where that value is positive (ONNX Runtime does the same).
//
// Layout: `data` [N, blocks, blockSize*bits/8], low bits first along K; `scales` [N, blocks];
// `zeroPoints` [N, ceil(blocks*bits/8)], packed like the data. A last block beyond K is padded.

export type Bits = 4 | 8;

export interface BlockQuantized {
  bits: Bits;
  blockSize: number;
  rows: number;
  columns: number;
  data: Uint8Array;
  scales: Float32Array;
  /** Absent when symmetric. */
  zeroPoints?: Uint8Array;
}

/** The block size that every provider has a fast kernel for. */
export const defaultBlockSize = 32;

/**
 * Quantizes `weight` [rows, columns], row-major.
 * @param options.symmetric `false` stores zero points: for weights that lie off centre.
 */
export function quantizeBlocks(
  weight: Float32Array,
  rows: number,
  columns: number,
  { bits, symmetric }: { bits: Bits; symmetric: boolean },
): BlockQuantized {
  const blockSize = defaultBlockSize;
  const blocks = Math.ceil(columns / blockSize);
  const blockBytes = (blockSize * bits) / 8;
  const data = new Uint8Array(rows * blocks * blockBytes);
  const scales = new Float32Array(rows * blocks);
  const zeroPointBytes = Math.ceil((blocks * bits) / 8);
  const zeroPoints = symmetric ? undefined : new Uint8Array(rows * zeroPointBytes);
  const fit = symmetric ? fitSymmetric : fitAsymmetric;
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const begin = row * columns + block * blockSize;
      const end = Math.min(begin + blockSize, (row + 1) * columns);
      const values = weight.subarray(begin, end);
      const { scale, zeroPoint } = fit(values, bits);
      const index = row * blocks + block;
      scales[index] = scale;
      if (zeroPoints) packBits(zeroPoints, row * zeroPointBytes, block, zeroPoint, bits);
      for (let i = 0; i < blockSize; i++) {
        const q =
          i < values.length ? encode(values[i] as number, scale, zeroPoint, bits) : zeroPoint;
        packBits(data, index * blockBytes, i, q, bits);
      }
    }
  }
  return { bits, blockSize, rows, columns, data, scales, ...(zeroPoints && { zeroPoints }) };
}

function fitSymmetric(values: Float32Array, bits: Bits): { scale: number; zeroPoint: number } {
  let extreme = 0;
  for (const value of values) if (Math.abs(value) > Math.abs(extreme)) extreme = value;
  const zeroPoint = 2 ** (bits - 1);
  return { scale: Math.fround(extreme / -zeroPoint), zeroPoint };
}

function fitAsymmetric(values: Float32Array, bits: Bits): { scale: number; zeroPoint: number } {
  let low = 0;
  let high = 0;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const scale = Math.fround((high - low) / (2 ** bits - 1));
  return { scale, zeroPoint: scale === 0 ? 0 : Math.round(-low / scale) };
}

function encode(value: number, scale: number, zeroPoint: number, bits: Bits): number {
  if (scale === 0) return zeroPoint;
  return Math.min(Math.max(Math.round(value / scale) + zeroPoint, 0), 2 ** bits - 1);
}

/** Writes element `index` of the bit-packed array that begins at byte `begin`, low bits first. */
function packBits(
  bytes: Uint8Array,
  begin: number,
  index: number,
  value: number,
  bits: Bits,
): void {
  const bit = index * bits;
  const byte = begin + (bit >> 3);
  bytes[byte] = (bytes[byte] as number) | (value << (bit & 7));
}

/** Reads element `index` of the bit-packed array that begins at byte `begin`, low bits first. */
export function unpackBits(bytes: Uint8Array, begin: number, index: number, bits: number): number {
  const bit = index * bits;
  return ((bytes[begin + (bit >> 3)] as number) >> (bit & 7)) & ((1 << bits) - 1);
}

/** A block-quantized matrix as other tools may have written it. */
export interface BlockSource {
  bits: number;
  blockSize: number;
  rows: number;
  columns: number;
  /** Packed values, `rowBytes` a row. */
  data: Uint8Array;
  rowBytes: number;
  /** [rows, blocks]; may be negative. */
  scales: Float32Array;
  /** One for all blocks; packed like the data, ceil(blocks*bits/8) bytes a row; or one float a block. */
  zeroPoints: number | Uint8Array | Float32Array;
  /** INT4 and INT8 tensors store values and packed zero points in two's complement. */
  signed?: boolean;
}

/** The zero point of a block. */
export function zeroPointOf(source: BlockSource, row: number, block: number): number {
  const { bits, blockSize, columns, zeroPoints, signed = false } = source;
  if (typeof zeroPoints === 'number') return zeroPoints;
  const blocks = Math.ceil(columns / blockSize);
  if (zeroPoints instanceof Float32Array) return zeroPoints[row * blocks + block] as number;
  const half = signed ? 2 ** (bits - 1) : 0;
  const raw = unpackBits(zeroPoints, row * Math.ceil((blocks * bits) / 8), block, bits);
  return (raw ^ half) - half;
}

/** Writes row `row` of `source`, dequantized, into `out` [columns] and returns it. */
export function dequantizeRow(source: BlockSource, row: number, out: Float32Array): Float32Array {
  const { bits, blockSize, columns, data, rowBytes, scales, signed = false } = source;
  const blocks = Math.ceil(columns / blockSize);
  const half = signed ? 2 ** (bits - 1) : 0;
  for (let block = 0; block < blocks; block++) {
    const scale = scales[row * blocks + block] as number;
    const zeroPoint = zeroPointOf(source, row, block);
    const end = Math.min((block + 1) * blockSize, columns);
    for (let column = block * blockSize; column < end; column++) {
      const value = (unpackBits(data, row * rowBytes, column, bits) ^ half) - half;
      out[column] = (value - zeroPoint) * scale;
    }
  }
  return out;
}

/** All rows of `source` as float32 [rows, columns]. */
export function dequantize(source: BlockSource): Float32Array {
  const { rows, columns } = source;
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    dequantizeRow(source, row, out.subarray(row * columns, (row + 1) * columns));
  }
  return out;
}

/** The way back from `quantizeBlocks`: float32 [rows, columns]. */
export function dequantizeBlocks(quantized: BlockQuantized): Float32Array {
  const { bits, blockSize, columns, zeroPoints = 2 ** (bits - 1) } = quantized;
  const blocks = Math.ceil(columns / blockSize);
  return dequantize({ ...quantized, rowBytes: (blocks * blockSize * bits) / 8, zeroPoints });
}

export interface RowQuantized {
  rows: number;
  columns: number;
  /** [rows, columns], in [-127, 127]. */
  data: Int8Array;
  /** [rows] */
  scales: Float32Array;
}

/** Symmetric int8 with one scale a row: for embedding tables, of which rows are gathered. */
export function quantizeRows(weight: Float32Array, rows: number, columns: number): RowQuantized {
  const data = new Int8Array(rows * columns);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const values = weight.subarray(row * columns, (row + 1) * columns);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = Math.fround(largest / 127);
    scales[row] = scale;
    if (scale === 0) continue;
    values.forEach((value, i) => (data[row * columns + i] = Math.round(value / scale)));
  }
  return { rows, columns, data, scales };
}

/** The way back from `quantizeRows`: float32 [rows, columns]. */
export function dequantizeRows({ data, scales, columns }: RowQuantized): Float32Array {
  return Float32Array.from(data, (q, i) => q * (scales[Math.floor(i / columns)] as number));
}
