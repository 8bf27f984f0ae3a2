// Quantization and its way back, by their properties and against the kernels of ONNX Runtime.
import { describe, expect, it } from 'vitest';
import { GraphBuilder, microsoft } from '../../../src/onnx/builder.ts';
import { DataType } from '../../../src/onnx/dataTypes.ts';
import {
  dequantizeBlocks,
  dequantizeRows,
  quantizeBlocks,
  quantizeRows,
  unpackBits,
  type Bits,
} from '../../../src/onnx/quantize.ts';
import { float, largestDifference, randomFloats, runOnce } from './support.ts';

const cases = ([4, 8] as const).flatMap((bits) =>
  [true, false].flatMap((symmetric) =>
    [
      { rows: 3, columns: 64 },
      { rows: 5, columns: 50 },
      { rows: 2, columns: 7 },
      { rows: 1, columns: 1 },
    ].map((shape) => ({ bits, symmetric, ...shape })),
  ),
);

/** The largest step of each block is what rounding may be off by half of. */
function withinHalfAStep(weight: Float32Array, bits: Bits, symmetric: boolean, columns: number) {
  const rows = weight.length / columns;
  const quantized = quantizeBlocks(weight, rows, columns, { bits, symmetric });
  const restored = dequantizeBlocks(quantized);
  const blocks = Math.ceil(columns / quantized.blockSize);
  return restored.every((value, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const block = Math.floor(column / quantized.blockSize);
    const step = Math.abs(quantized.scales[row * blocks + block] ?? 0);
    // Symmetric blocks reach one step further to one side: the other extreme may be clipped by one.
    return Math.abs(value - (weight[i] ?? 0)) <= step * (symmetric ? 1 : 0.5) + 1e-6;
  });
}

describe.each(cases)('blocks of $bits bits, symmetric $symmetric, [$rows, $columns]', (shape) => {
  const { bits, symmetric, rows, columns } = shape;
  const weight = randomFloats(rows * columns, bits + columns);

  it('have the shapes that MatMulNBits reads', () => {
    const { data, scales, zeroPoints } = quantizeBlocks(weight, rows, columns, shape);
    const blocks = Math.ceil(columns / 32);
    expect(data.length).toBe(rows * blocks * 4 * bits);
    expect(scales.length).toBe(rows * blocks);
    expect(zeroPoints?.length).toBe(symmetric ? undefined : rows * Math.ceil((blocks * bits) / 8));
  });

  it('come back within their step', () => {
    expect(withinHalfAStep(weight, bits, symmetric, columns)).toBe(true);
  });

  it('come back unchanged when quantized a second time', () => {
    const once = dequantizeBlocks(quantizeBlocks(weight, rows, columns, shape));
    const twice = dequantizeBlocks(quantizeBlocks(once, rows, columns, shape));
    expect(largestDifference(once, twice)).toBeLessThan(1e-6);
  });

  it('multiply in ONNX Runtime as their dequantized values do', async () => {
    const quantized = quantizeBlocks(weight, rows, columns, shape);
    const { data, scales, zeroPoints, blockSize } = quantized;
    const blocks = Math.ceil(columns / blockSize);
    const builder = new GraphBuilder();
    builder.input('x', DataType.FLOAT, [2, columns]);
    builder.output('y', DataType.FLOAT, [2, rows]);
    const inputs = [
      'x',
      builder.tensor('B', DataType.UINT8, [rows, blocks, (blockSize * bits) / 8], data),
      builder.floats('scales', [rows, blocks], scales),
    ];
    if (zeroPoints) {
      const dims = [rows, zeroPoints.length / rows];
      inputs.push(builder.tensor('zeroPoints', DataType.UINT8, dims, zeroPoints));
    }
    const attributes = {
      K: { int: columns },
      N: { int: rows },
      bits: { int: bits },
      block_size: { int: blockSize },
    };
    const options = { domain: microsoft, outputs: ['y'] };
    builder.node('MatMulNBits', 'product', inputs, attributes, options);
    const x = randomFloats(2 * columns, 99);
    const actual = await runOnce(builder.model('test'), { x: float(x, [2, columns]) }, 'y');
    const restored = dequantizeBlocks(quantized);
    const expected = Float32Array.from({ length: 2 * rows }, (_, i) => {
      const [at, row] = [Math.floor(i / rows), i % rows];
      let sum = 0;
      for (let k = 0; k < columns; k++) {
        sum += (x[at * columns + k] ?? 0) * (restored[row * columns + k] ?? 0);
      }
      return sum;
    });
    expect(largestDifference(actual, expected)).toBeLessThan(1e-4);
  });
});

describe('quantizeBlocks', () => {
  it.each(cases)(
    'keeps zeros exactly: $bits bits, symmetric $symmetric, $columns columns',
    (shape) => {
      const weight = randomFloats(shape.rows * shape.columns, 5);
      weight.fill(0, 0, shape.columns);
      const restored = dequantizeBlocks(quantizeBlocks(weight, shape.rows, shape.columns, shape));
      expect(restored.subarray(0, shape.columns).every((value) => value === 0)).toBe(true);
      expect(restored.every(Number.isFinite)).toBe(true);
    },
  );

  it('is twice as fine with zero points where all values are positive', () => {
    const weight = randomFloats(320, 3).map(Math.abs);
    const error = (symmetric: boolean) => {
      const restored = dequantizeBlocks(quantizeBlocks(weight, 10, 32, { bits: 4, symmetric }));
      return restored.reduce((sum, value, i) => sum + (value - (weight[i] ?? 0)) ** 2, 0);
    };
    expect(error(false)).toBeLessThan(error(true) / 2);
  });

  it('uses the whole range on the side of the largest magnitude', () => {
    const weight = Float32Array.from({ length: 32 }, (_, i) => (i === 3 ? -8 : i / 8));
    const negative = quantizeBlocks(weight, 1, 32, { bits: 4, symmetric: true });
    expect([negative.scales[0], unpackBits(negative.data, 0, 3, 4)]).toEqual([1, 0]);
    const positive = quantizeBlocks(
      weight.map((x) => -x),
      1,
      32,
      { bits: 4, symmetric: true },
    );
    expect([positive.scales[0], unpackBits(positive.data, 0, 3, 4)]).toEqual([-1, 0]);
  });
});

describe('quantizeRows', () => {
  it('comes back within half a step of each row, zero rows as zeros', () => {
    const [rows, columns] = [6, 50];
    const weight = randomFloats(rows * columns, 11);
    weight.forEach((value, i) => (weight[i] = value * 10 ** (Math.floor(i / columns) - 3)));
    weight.fill(0, columns, 2 * columns);
    const quantized = quantizeRows(weight, rows, columns);
    dequantizeRows(quantized).forEach((value, i) => {
      const step = quantized.scales[Math.floor(i / columns)] ?? 0;
      expect(Math.abs(value - (weight[i] ?? 0))).toBeLessThanOrEqual(step * 0.5001);
    });
    expect(quantized.scales[1]).toBe(0);
  });
});
