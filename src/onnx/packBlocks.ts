// Brings block-quantized matrices of any origin into the layout that quantize.ts documents and the training
// kernels read: every row whole blocks in whole 32-bit words, unsigned values, packed zero points. Bytes that
// already lie so are shared with the file.
import {
  unpackBits,
  zeroPointOf,
  type Bits,
  type BlockQuantized,
  type BlockSource,
} from './quantize.ts';

/** Kernels read the packed values as 32-bit words. */
const wordBytes = 4;

/** A source whose values and zero points the layout can hold. */
type PackableSource = BlockSource & { bits: Bits; zeroPoints: number | Uint8Array };

/**
 * `source` in the layout; `undefined` when the layout cannot hold it (float zero points, other widths, blocks
 * that end within a word).
 */
export function packBlocks(source: BlockSource): BlockQuantized | undefined {
  if (!isPackable(source)) return undefined;
  const { bits, blockSize, rows, columns, scales } = source;
  const blocks = Math.ceil(columns / blockSize);
  const zeroPoints = packedZeroPoints(source, blocks);
  return {
    bits,
    blockSize,
    rows,
    columns,
    data: packedData(source, blocks),
    scales: scales.subarray(0, rows * blocks),
    ...(zeroPoints && { zeroPoints }),
  };
}

function isPackable(source: BlockSource): source is PackableSource {
  const { bits, blockSize, columns, zeroPoints } = source;
  const stride = (Math.ceil(columns / blockSize) * blockSize * bits) / 8;
  return (
    (bits === 4 || bits === 8) &&
    blockSize % 4 === 0 &&
    stride % wordBytes === 0 &&
    !(zeroPoints instanceof Float32Array)
  );
}

/** Every element's top bit in a byte: turning it over makes two's complement unsigned, 2^(bits-1) higher. */
const topBits: Readonly<Record<Bits, number>> = { 4: 0x88, 8: 0x80 };

/** What a matrix of signed values is raised by. */
function offset({ bits, signed = false }: PackableSource): number {
  return signed ? 2 ** (bits - 1) : 0;
}

function packedZeroPoints(source: PackableSource, blocks: number): Uint8Array | undefined {
  const { bits, rows, zeroPoints, signed = false } = source;
  const length = rows * Math.ceil((blocks * bits) / 8);
  if (typeof zeroPoints !== 'number') {
    const packed = zeroPoints.subarray(0, length);
    return signed ? packed.map((byte) => byte ^ topBits[bits]) : packed;
  }
  const zeroPoint = zeroPoints + offset(source);
  if (zeroPoint === 2 ** (bits - 1)) return undefined;
  return new Uint8Array(length).fill(bits === 4 ? zeroPoint * 0x11 : zeroPoint);
}

function packedData(source: PackableSource, blocks: number): Uint8Array {
  const { bits, blockSize, rows, columns, data, rowBytes, signed = false } = source;
  const stride = (blocks * blockSize * bits) / 8;
  if (rowBytes === stride && !signed && isPaddedWithZeroPoints(source, blocks)) {
    return data.subarray(0, rows * stride);
  }
  const packed = new Uint8Array(rows * stride);
  for (let row = 0; row < rows; row++) {
    const out = packed.subarray(row * stride, (row + 1) * stride);
    out.set(data.subarray(row * rowBytes, row * rowBytes + Math.ceil((columns * bits) / 8)));
    if (signed) for (let i = 0; i < stride; i++) out[i] = (out[i] as number) ^ topBits[bits];
    const zeroPoint = zeroPointOf(source, row, blocks - 1) + offset(source);
    for (let column = columns; column < blocks * blockSize; column++) {
      writeBits(out, column, zeroPoint, bits);
    }
  }
  return packed;
}

/** Whether the columns past the end hold their block's zero point: not every tool sees to that. */
function isPaddedWithZeroPoints(source: PackableSource, blocks: number): boolean {
  const { bits, blockSize, rows, columns, data, rowBytes } = source;
  if (columns === blocks * blockSize) return true;
  for (let row = 0; row < rows; row++) {
    const zeroPoint = zeroPointOf(source, row, blocks - 1);
    for (let column = columns; column < blocks * blockSize; column++) {
      if (unpackBits(data, row * rowBytes, column, bits) !== zeroPoint) return false;
    }
  }
  return true;
}

/** Replaces element `index` of a bit-packed array, low bits first. */
function writeBits(bytes: Uint8Array, index: number, value: number, bits: Bits): void {
  const bit = index * bits;
  const mask = (2 ** bits - 1) << (bit & 7);
  const at = bit >> 3;
  bytes[at] = ((bytes[at] as number) & ~mask) | (value << (bit & 7));
}
