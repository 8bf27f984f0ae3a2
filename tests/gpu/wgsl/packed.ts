// Frozen matrices in every packed format that a kernel reads, and the values that they stand for.
import { floatToHalf, halfToFloat } from '../../../src/onnx/float16.ts';
import { dequantizeBlocks, quantizeBlocks } from '../../../src/onnx/quantize.ts';
import type { BlockMatrix } from '../../../src/wgsl/operand.ts';
import type { Tensor } from '../../../src/wgsl/tensor.ts';
import { normal } from '../../reference/random.ts';
import type { Bench } from './support.ts';

export interface Packed {
  operand: Tensor | BlockMatrix;
  values: Float64Array<ArrayBuffer>;
}

/** A random matrix [rows, columns] in the named format. */
export const packedFormats: Record<
  string,
  (bench: Bench, rows: number, columns: number, seed?: number) => Packed
> = {
  f16({ given }, rows, columns, seed = 5) {
    const halves = floatToHalf(Float32Array.from(normal(seed, rows * columns)));
    const bytes = wholeWords(new Uint8Array(halves.buffer));
    return {
      operand: given('w', [rows, columns], bytes, 'f16'),
      values: Float64Array.from(halfToFloat(halves)),
    };
  },
  int8: blocks(8, true),
  'int8 with zero points': blocks(8, false),
  int4: blocks(4, true),
  'int4 with zero points': blocks(4, false),
};

function blocks(bits: 4 | 8, symmetric: boolean) {
  return ({ given }: Bench, rows: number, columns: number, seed = 5): Packed => {
    // Off centre, so that zero points differ.
    const raw = Float32Array.from(normal(seed, rows * columns), (x) => x + 0.7);
    const q = quantizeBlocks(raw, rows, columns, { bits, symmetric });
    const count = Math.ceil(columns / q.blockSize);
    const operand: BlockMatrix = {
      bits,
      blockSize: q.blockSize,
      rows,
      columns,
      data: given('w', [rows, (count * q.blockSize * bits) / 8], q.data, 'u8'),
      scales: given('scales', [rows, count], q.scales),
      ...(q.zeroPoints && {
        zeroPoints: given(
          'zeros',
          [rows, Math.ceil((count * bits) / 8)],
          wholeWords(q.zeroPoints),
          'u8',
        ),
      }),
    };
    return { operand, values: Float64Array.from(dequantizeBlocks(q)) };
  };
}

function wholeWords(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  return padded;
}
