// What the tests of packed weights share: the way back to float32, and the comparison with readWeights.
import { expect } from 'vitest';
import {
  halfToFloat,
  readPackedWeights,
  readWeights,
  type ExternalData,
  type ModelProto,
  type PackedBlocks,
  type PackedWeight,
} from '../../../src/onnx/index.ts';
import { dequantizeBlocks, unpackBits } from '../../../src/onnx/quantize.ts';
import { largestDifference } from './support.ts';

export function expanded(weight: PackedWeight | undefined): { dims: number[]; data: Float32Array } {
  if (!weight) throw new Error('the weight is not there');
  if (weight.kind === 'blocks') {
    return { dims: [weight.rows, weight.columns], data: dequantizeBlocks(weight) };
  }
  const { dims, data } = weight;
  return { dims, data: data instanceof Uint16Array ? halfToFloat(data) : data };
}

/** What src/wgsl/operand.ts asks of a BlockMatrix. */
function expectKernelLayout({
  bits,
  blockSize,
  rows,
  columns,
  data,
  scales,
  zeroPoints,
}: PackedBlocks) {
  const blocks = Math.ceil(columns / blockSize);
  const stride = (blocks * blockSize * bits) / 8;
  const zeroPointBytes = Math.ceil((blocks * bits) / 8);
  expect([blockSize % 4, stride % 4]).toEqual([0, 0]);
  expect([data.length, scales.length]).toEqual([rows * stride, rows * blocks]);
  if (zeroPoints) expect(zeroPoints.length).toBe(rows * zeroPointBytes);
  for (let row = 0; row < rows; row++) {
    const zeroPoint = zeroPoints
      ? unpackBits(zeroPoints, row * zeroPointBytes, blocks - 1, bits)
      : 2 ** (bits - 1);
    for (let column = columns; column < blocks * blockSize; column++) {
      expect(unpackBits(data, row * stride, column, bits)).toBe(zeroPoint);
    }
  }
}

/** Checks every weight of a model against readWeights. @returns the packed weights */
export function expectSameWeights(model: ModelProto, external: ExternalData = new Map()) {
  const packed = readPackedWeights(model, external);
  const floats = readWeights(model, external);
  expect([...packed.keys()]).toEqual([...floats.keys()]);
  for (const [name, weight] of packed) {
    const { dims, data } = expanded(weight);
    expect(dims, name).toEqual(floats.get(name)?.dims);
    expect(largestDifference(data, floats.get(name)?.data ?? []), name).toBe(0);
    if (weight.kind === 'blocks') expectKernelLayout(weight);
  }
  return packed;
}
