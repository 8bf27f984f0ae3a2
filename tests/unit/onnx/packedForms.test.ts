// Forms of stored weights, each packed: odd sizes, padding, signs and zero points that exports rarely show.
import { describe, expect, it } from 'vitest';
import { readPackedWeights, readWeights, type ModelProto } from '../../../src/onnx/index.ts';
import { GraphBuilder, microsoft } from '../../../src/onnx/builder.ts';
import { DataType } from '../../../src/onnx/dataTypes.ts';
import { quantizeBlocks } from '../../../src/onnx/quantize.ts';
import { expanded, expectSameWeights } from './packedWeights.ts';
import { largestDifference, randomBytes, randomFloats } from './support.ts';

/** A graph whose one weight is `layer.weight`. */
function graph(add: (builder: GraphBuilder) => void): ModelProto {
  const builder = new GraphBuilder();
  builder.output('y', DataType.FLOAT, [1]);
  add(builder);
  return builder.model('graph');
}

const options = { domain: microsoft, outputs: ['y'] };

describe('a packed MatMulNBits whose columns are no whole blocks', () => {
  const [rows, columns] = [3, 75];

  function packedOf(bits: 4 | 8, symmetric: boolean, padding: number) {
    const weight = randomFloats(rows * columns, 61).map((x) => x + 0.3);
    const { data, scales, zeroPoints, blockSize } = quantizeBlocks(weight, rows, columns, {
      bits,
      symmetric,
    });
    const stride = data.length / rows;
    const lastByte = Array.from({ length: rows }, (_, row) => (row + 1) * stride - 1);
    if (padding >= 0) for (const at of lastByte) data[at] = padding;
    const model = graph((builder) => {
      const inputs = [
        'x',
        builder.tensor('B', DataType.UINT8, [rows, 3, stride / 3], data),
        builder.floats('s', [rows, 3], scales),
      ];
      if (zeroPoints)
        inputs.push(builder.tensor('z', DataType.UINT8, [zeroPoints.length], zeroPoints));
      const attributes = {
        K: { int: columns },
        N: { int: rows },
        bits: { int: bits },
        block_size: { int: blockSize },
      };
      builder.node('MatMulNBits', '/layer/MatMul', inputs, attributes, options);
    });
    return { data, packed: expectSameWeights(model).get('layer.weight') };
  }

  it.each([
    [4, true],
    [4, false],
    [8, true],
    [8, false],
  ] as const)(
    '(%i bits, symmetric: %s) is the file where it is padded right',
    (bits, symmetric) => {
      const { data, packed } = packedOf(bits, symmetric, -1);
      expect(packed?.kind).toBe('blocks');
      expect(packed?.data.buffer).toBe(data.buffer);
    },
  );

  it.each([
    [4, true],
    [4, false],
    [8, true],
    [8, false],
  ] as const)('(%i bits, symmetric: %s) is padded anew where not', (bits, symmetric) => {
    const { data, packed } = packedOf(bits, symmetric, 0x5a);
    expect(packed?.kind).toBe('blocks');
    expect(packed?.data.buffer).not.toBe(data.buffer);
    expect(data.at(-1)).toBe(0x5a);
  });
});

describe('a packed GatherBlockQuantized', () => {
  const { UINT8, UINT4, INT4 } = DataType;
  const vocab = 5;

  it.each([
    ['uint8 of 4 bits', UINT8, 4, 64, false],
    ['uint8 of 4 bits with zero points', UINT8, 4, 64, true],
    ['uint8 of 4 bits in rows of one block and a half', UINT8, 4, 48, true],
    ['uint8 of 8 bits in rows of one block and a quarter', UINT8, 8, 40, true],
    ['UINT4', UINT4, 4, 64, false],
    ['UINT4 in rows of three blocks with zero points', UINT4, 4, 96, true],
    ['INT4', INT4, 4, 64, false],
    ['INT4 in rows of three blocks with zero points', INT4, 4, 96, true],
    ['INT4 in rows of an odd length', INT4, 4, 35, true],
  ] as const)('of %s says what its float rows say', (_, type, bits, columns, hasZeroPoints) => {
    const blocks = Math.ceil(columns / 32);
    const isUint8 = type === UINT8;
    const stored = isUint8 ? (columns * bits) / 8 : columns;
    const bytes = Math.ceil((vocab * columns * bits) / 8);
    const zeroPointColumns = isUint8 ? Math.ceil((blocks * bits) / 8) : blocks;
    const model = graph((builder) => {
      const inputs = [
        builder.tensor('table', type, [vocab, stored], randomBytes(bytes, 71)),
        'ids',
        builder.floats('s', [vocab, blocks], randomFloats(vocab * blocks, 72)),
      ];
      const zeroPoints = randomBytes(vocab * zeroPointColumns, 73);
      if (hasZeroPoints) {
        inputs.push(builder.tensor('z', type, [vocab, zeroPointColumns], zeroPoints));
      }
      const attributes = {
        gather_axis: { int: 0 },
        quantize_axis: { int: 1 },
        block_size: { int: 32 },
        ...(isUint8 && { bits: { int: bits } }),
      };
      builder.node('GatherBlockQuantized', '/layer/Gather', inputs, attributes, options);
    });
    const weight = expectSameWeights(model).get('layer.weight');
    expect(weight?.kind).toBe('blocks');
  });
});

/** Nodes of ONNX Runtime's dynamic quantization around MatMulInteger. */
function dynamicGraph(
  type: number,
  [inputs, outputs]: [number, number],
  scaleCount: number,
  hasZeroPoint: boolean,
) {
  return graph((builder) => {
    const quantized = ['xq', 'xs', 'xz'];
    builder.node('DynamicQuantizeLinear', 'quantize', ['x'], {}, { outputs: quantized });
    const bytes = randomBytes(inputs * outputs, 81);
    const names = ['xq', builder.tensor('W', type, [inputs, outputs], bytes), 'xz'];
    const dims = scaleCount === 1 ? [] : [scaleCount];
    if (hasZeroPoint) names.push(builder.tensor('z', type, dims, randomBytes(scaleCount, 82)));
    const product = builder.node('MatMulInteger', '/layer/MatMul_quant', names);
    const floats = builder.node('Cast', 'cast', [product], { to: { int: DataType.FLOAT } });
    const scale = builder.floats('s', dims, randomFloats(scaleCount, 83));
    const factor = builder.node('Mul', 'factor', ['xs', scale]);
    builder.node('Mul', 'rescale', [floats, factor], {}, { outputs: ['y'] });
  });
}

describe('a packed MatMulInteger', () => {
  const { INT8, UINT8 } = DataType;
  const shape: [number, number] = [6, 5];

  it.each([
    ['int8, one scale', INT8, 1, false],
    ['int8, one scale and zero point', INT8, 1, true],
    ['int8, a scale and a zero point a column', INT8, 5, true],
    ['uint8, one scale', UINT8, 1, false],
    ['uint8, a scale and a zero point a column', UINT8, 5, true],
  ] as const)('(%s) is rows of one block', (_, type, scaleCount, hasZeroPoint) => {
    const model = dynamicGraph(type, shape, scaleCount, hasZeroPoint);
    const weight = expectSameWeights(model).get('layer.weight');
    expect(weight).toMatchObject({ kind: 'blocks', bits: 8, rows: 5, columns: 6, blockSize: 8 });
    const signed = (bytes: Uint8Array) => (type === INT8 ? new Int8Array(bytes.buffer) : bytes);
    const values = signed(randomBytes(30, 81));
    const zeroPoints = signed(randomBytes(scaleCount, 82));
    const scales = randomFloats(scaleCount, 83);
    const expected = Float32Array.from({ length: 30 }, (_, i) => {
      const [row, column] = [Math.floor(i / 6), i % 6];
      const at = scaleCount === 1 ? 0 : row;
      const zeroPoint = hasZeroPoint ? (zeroPoints[at] ?? NaN) : 0;
      return ((values[column * 5 + row] ?? NaN) - zeroPoint) * (scales[at] ?? NaN);
    });
    expect(largestDifference(expanded(weight).data, expected)).toBe(0);
  });

  it('of int8 without zero points needs none', () => {
    const weight = readPackedWeights(dynamicGraph(INT8, shape, 5, false)).get('layer.weight');
    expect(weight).not.toHaveProperty('zeroPoints');
  });
});

describe('a weight behind DequantizeLinear', () => {
  const [inputs, outputs] = [8, 6];

  it.each([
    ['for all', 'blocks', 1, 1],
    ['an output', 'blocks', outputs, 1],
    ['an input', 'float32', inputs, 0],
  ] as const)('with one scale %s becomes %s', (_, kind, count, axis) => {
    const model = graph((builder) => {
      const stored = builder.tensor('W', DataType.INT8, [inputs, outputs], randomBytes(48, 91));
      const scale = builder.floats('s', count === 1 ? [] : [count], randomFloats(count, 92));
      const zeroPoint = builder.tensor('z', DataType.INT8, [count], randomBytes(count, 93));
      const weight = builder.node('DequantizeLinear', 'dequantize', [stored, scale, zeroPoint], {
        axis: { int: axis },
      });
      builder.node('MatMul', '/layer/MatMul', ['x', weight], {}, { outputs: ['y'] });
    });
    expect(expectSameWeights(model).get('layer.weight')?.kind).toBe(kind);
  });
});

describe('a packed float weight', () => {
  const halves = new Uint16Array(randomBytes(70, 95).buffer).map((x) => x & 0xbbff);

  it.each([0, 1])('of float16 in a Gemm with transB = %i stays float16 [N, K]', (transB) => {
    const model = graph((builder) => {
      const weight = builder.tensor('W', DataType.FLOAT16, transB ? [5, 7] : [7, 5], halves);
      const bias = builder.tensor('layer.bias', DataType.FLOAT16, [5], halves.slice(0, 5));
      const attributes = { transB: { int: transB } };
      builder.node('Gemm', '/layer/Gemm', ['x', weight, bias], attributes, { outputs: ['y'] });
    });
    const packed = expectSameWeights(model);
    expect(packed.get('layer.weight')).toMatchObject({ kind: 'float16', dims: [5, 7] });
    expect(packed.get('layer.bias')?.kind).toBe('float32');
    const isView = packed.get('layer.weight')?.data.buffer === halves.buffer;
    expect(isView).toBe(transB === 1);
  });

  it('of bfloat16 becomes float32', () => {
    const model = graph((builder) => {
      const weight = builder.tensor('W', DataType.BFLOAT16, [7, 5], halves);
      builder.node('MatMul', '/layer/MatMul', ['x', weight], {}, { outputs: ['y'] });
    });
    expect(expectSameWeights(model).get('layer.weight')?.kind).toBe('float32');
  });
});

describe('a MatMulNBits', () => {
  function nBits(data: Uint8Array, zeroPoints?: Float32Array) {
    return graph((builder) => {
      const inputs = [
        'x',
        builder.tensor('B', DataType.UINT8, [2, 1, data.length / 2], data),
        builder.floats('s', [2, 1], Float32Array.of(0.5, -0.25)),
      ];
      if (zeroPoints) inputs.push(builder.floats('z', [2, 1], zeroPoints));
      const attributes = { K: { int: 32 }, N: { int: 2 }, block_size: { int: 32 } };
      builder.node('MatMulNBits', '/layer/MatMul_Q4', inputs, attributes, options);
    });
  }

  it('with float zero points becomes float32', () => {
    const packed = expectSameWeights(nBits(randomBytes(32, 97), Float32Array.of(7.5, 8.25)));
    expect(packed.get('layer.weight')?.kind).toBe('float32');
  });

  it('that is cut off is refused, packed or not', () => {
    const model = nBits(randomBytes(30, 98));
    const refusal = expect.objectContaining({
      code: 'bad-shape',
      message: expect.stringMatching(/"\/layer\/MatMul_Q4".* needs 32 bytes .* holds 30/),
    });
    expect(() => readPackedWeights(model)).toThrow(refusal);
    expect(() => readWeights(model)).toThrow(refusal);
  });
});
