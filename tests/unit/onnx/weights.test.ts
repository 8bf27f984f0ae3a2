// Forms of stored weights that the exported models of exports.test.ts do not show, each against the kernel of
// ONNX Runtime that runs it.
import { describe, expect, it } from 'vitest';
import { readWeights } from '../../../src/onnx/index.ts';
import { GraphBuilder, microsoft, type Attributes } from '../../../src/onnx/builder.ts';
import { ConstantReader } from '../../../src/onnx/constants.ts';
import { DataType } from '../../../src/onnx/dataTypes.ts';
import { readEmbeddingTable } from '../../../src/onnx/embeddingTable.ts';
import { findEmbeddingLookup } from '../../../src/onnx/embeddingLookup.ts';
import { GraphView } from '../../../src/onnx/graph.ts';
import { float, int64, largestDifference, randomBytes, randomFloats, runOnce } from './support.ts';

const vocab = 6;
const width = 64;
const ids = [3, 0, 5, 3];

/** A graph of one lookup. @param inputs after the table and the ids */
function lookupGraph(
  dataType: number,
  dims: number[],
  data: Uint8Array,
  inputs: (builder: GraphBuilder) => string[],
  attributes: Attributes,
) {
  const builder = new GraphBuilder();
  builder.input('input_ids', DataType.INT64, ['n']);
  builder.output('rows', DataType.FLOAT, ['n', 'd']);
  const table = builder.tensor('table', dataType, dims, data);
  const all = [table, 'input_ids', ...inputs(builder)];
  const options = { domain: microsoft, outputs: ['rows'] };
  builder.node('GatherBlockQuantized', '/embed/GatherBlockQuantized', all, attributes, options);
  return builder.model('lookup');
}

const blocks32 = {
  gather_axis: { int: 0 },
  quantize_axis: { int: 1 },
  block_size: { int: 32 },
};
const scales = (builder: GraphBuilder) =>
  builder.floats('scales', [vocab, 2], randomFloats(vocab * 2, 21));

describe('a quantized embedding table', () => {
  const nibbles = randomBytes((vocab * width) / 2, 1);
  const zeroPointBytes = randomBytes(vocab, 2);
  const packed4 = { ...blocks32, bits: { int: 4 } };
  const packed8 = { ...blocks32, bits: { int: 8 } };
  const { UINT8, UINT4, INT4 } = DataType;
  const zeroPointGraph = (type: number) =>
    lookupGraph(
      type,
      [vocab, width],
      nibbles,
      (b) => [scales(b), b.tensor('zp', type, [vocab, 2], zeroPointBytes)],
      blocks32,
    );

  it.each([
    ['packed 4 bits', lookupGraph(UINT8, [vocab, width / 2], nibbles, (b) => [scales(b)], packed4)],
    [
      'packed 4 bits with zero points',
      lookupGraph(
        UINT8,
        [vocab, width / 2],
        nibbles,
        (b) => [scales(b), b.tensor('zp', UINT8, [vocab, 1], zeroPointBytes)],
        packed4,
      ),
    ],
    [
      'packed 8 bits',
      lookupGraph(
        UINT8,
        [vocab, width],
        randomBytes(vocab * width, 3),
        (b) => [scales(b)],
        packed8,
      ),
    ],
    ['UINT4', lookupGraph(UINT4, [vocab, width], nibbles, (b) => [scales(b)], blocks32)],
    ['INT4', lookupGraph(INT4, [vocab, width], nibbles, (b) => [scales(b)], blocks32)],
    ['UINT4 with zero points', zeroPointGraph(UINT4)],
    ['INT4 with zero points', zeroPointGraph(INT4)],
  ])('in the form %s gives the rows that ONNX Runtime gathers', async (_, model) => {
    const reader = new ConstantReader(new GraphView(model.graph), new Map());
    const table = readEmbeddingTable(findEmbeddingLookup('input_ids', reader).node, reader);
    expect([table.vocabSize, table.hiddenSize]).toEqual([vocab, width]);
    const expected = await runOnce(model, { input_ids: int64(ids, [ids.length]) }, 'rows');
    expect(largestDifference(table.rows(ids), expected)).toBeLessThan(1e-6);
    expect(
      largestDifference(
        readWeights(model).get('embed.weight')?.data ?? [],
        table.rows([0, 1, 2, 3, 4, 5]),
      ),
    ).toBe(0);
  });

  it.each([UINT4, INT4])(
    'of element type %i in rows of three blocks gives the rows that ONNX Runtime gathers',
    async (type) => {
      const model = lookupGraph(
        type,
        [vocab, 96],
        randomBytes((vocab * 96) / 2, 4),
        (b) => [
          b.floats('scales', [vocab, 3], randomFloats(vocab * 3, 22)),
          b.tensor('zp', type, [vocab, 3], randomBytes((vocab * 3) / 2, 5)),
        ],
        blocks32,
      );
      const expected = await runOnce(model, { input_ids: int64([0, 1, 2, 3, 4, 5], [6]) }, 'rows');
      const read = readWeights(model).get('embed.weight')?.data ?? [];
      expect(largestDifference(read, expected)).toBeLessThan(1e-6);
    },
  );

  it('refuses ids that it has no row for', () => {
    const model = lookupGraph(UINT8, [vocab, width / 2], nibbles, (b) => [scales(b)], packed4);
    const reader = new ConstantReader(new GraphView(model.graph), new Map());
    const table = readEmbeddingTable(findEmbeddingLookup('input_ids', reader).node, reader);
    for (const id of [-1, vocab, 1.5, NaN]) {
      expect(() => table.rows([id])).toThrow(expect.objectContaining({ code: 'bad-token-id' }));
    }
    expect(table.rows([2n])).toEqual(table.rows([2]));
  });
});

describe('a linear layer', () => {
  const [outputs, inputs] = [5, 64];
  const x = randomFloats(inputs, 31);

  /** The node's output on `x`, and `x` times the weight that was read. */
  async function compare(add: (builder: GraphBuilder) => void) {
    const builder = new GraphBuilder();
    builder.input('x', DataType.FLOAT, [1, inputs]);
    builder.output('y', DataType.FLOAT, [1, outputs]);
    add(builder);
    const model = builder.model('linear');
    const weight = readWeights(model).get('layer.weight');
    expect(weight?.dims).toEqual([outputs, inputs]);
    const expected = Float32Array.from({ length: outputs }, (_, row) =>
      x.reduce((sum, value, k) => sum + value * (weight?.data[row * inputs + k] ?? NaN), 0),
    );
    const actual = await runOnce(model, { x: float(x, [1, inputs]) }, 'y');
    return largestDifference(actual, expected);
  }

  const result = { outputs: ['y'] };

  it.each([0, 1])('of a Gemm with transB = %i is read as it multiplies', async (transB) => {
    const dims = transB ? [outputs, inputs] : [inputs, outputs];
    const difference = await compare((builder) => {
      const weight = builder.floats('w', dims, randomFloats(outputs * inputs, 41));
      builder.node('Gemm', '/layer/Gemm', ['x', weight], { transB: { int: transB } }, result);
    });
    expect(difference).toBeLessThan(1e-4);
  });

  it.each([
    ['one for all', [], 1],
    ['one a column', [outputs], outputs],
  ])(
    'behind a DequantizeLinear with scales %s is read as it multiplies',
    async (_, dims, count) => {
      const difference = await compare((builder) => {
        const stored = builder.tensor('w', DataType.UINT8, [inputs, outputs], randomBytes(320, 42));
        const scale = builder.floats('s', dims, randomFloats(count, 43));
        const zeroPoint = builder.tensor('z', DataType.UINT8, dims, randomBytes(count, 44));
        const weight = builder.node('DequantizeLinear', 'dequantize', [stored, scale, zeroPoint], {
          axis: { int: 1 },
        });
        builder.node('MatMul', '/layer/MatMul', ['x', weight], {}, result);
      });
      expect(difference).toBeLessThan(1e-2);
    },
  );

  it('behind a DequantizeLinear with a scale a block is read as it multiplies', async () => {
    const difference = await compare((builder) => {
      const stored = builder.tensor('w', DataType.INT8, [inputs, outputs], randomBytes(320, 45));
      const scale = builder.floats('s', [2, outputs], randomFloats(2 * outputs, 46));
      const weight = builder.node('DequantizeLinear', 'dequantize', [stored, scale], {
        axis: { int: 0 },
        block_size: { int: 32 },
      });
      builder.node('MatMul', '/layer/MatMul', ['x', weight], {}, result);
    });
    expect(difference).toBeLessThan(1e-2);
  });

  it('behind Identity, Cast, Reshape and Transpose is read as it multiplies', async () => {
    const difference = await compare((builder) => {
      builder.tensor('w', DataType.FLOAT16, [outputs * inputs], randomHalves(outputs * inputs));
      const same = builder.node('Identity', 'identity', ['w']);
      const floats = builder.node('Cast', 'cast', [same], { to: { int: DataType.FLOAT } });
      const rows = builder.node('Reshape', 'reshape', [floats, builder.int64([outputs, -1])]);
      const columns = builder.node('Transpose', 'transpose', [rows], { perm: { ints: [1, 0] } });
      builder.node('MatMul', '/layer/MatMul', ['x', columns], {}, result);
    });
    expect(difference).toBeLessThan(1e-4);
  });

  it('of 4 bits with float zero points is read as it multiplies', async () => {
    const difference = await compare((builder) => {
      const data = randomBytes((outputs * inputs) / 2, 47);
      const stored = builder.tensor('B', DataType.UINT8, [outputs, 2, 16], data);
      const scale = builder.floats('s', [outputs, 2], randomFloats(2 * outputs, 48));
      const zeroPoints = randomFloats(2 * outputs, 49).map((z) => 8 + 3 * z);
      const zeros = builder.floats('z', [outputs, 2], zeroPoints);
      const attributes = {
        K: { int: inputs },
        N: { int: outputs },
        bits: { int: 4 },
        block_size: { int: 32 },
      };
      const options = { ...result, domain: microsoft };
      builder.node(
        'MatMulNBits',
        '/layer/MatMul_Q4',
        ['x', stored, scale, zeros],
        attributes,
        options,
      );
    });
    expect(difference).toBeLessThan(1e-3);
  });

  it('keeps the bias that its node adds', () => {
    const builder = new GraphBuilder();
    builder.output('y', DataType.FLOAT, [1, outputs]);
    const weight = builder.floats('w', [inputs, outputs], randomFloats(inputs * outputs, 51));
    const bias = builder.floats('layer.bias', [outputs], randomFloats(outputs, 52));
    builder.node('Gemm', '/layer/Gemm', ['x', weight, bias], {}, result);
    const read = readWeights(builder.model('linear'));
    expect([...read.keys()]).toEqual(['layer.weight', 'layer.bias']);
    expect(read.get('layer.bias')?.data).toEqual(randomFloats(outputs, 52));
  });

  it('with reordered columns is refused', () => {
    const builder = new GraphBuilder();
    builder.output('y', DataType.FLOAT, [1, 1]);
    const stored = builder.tensor('B', DataType.UINT8, [1, 1, 16], new Uint8Array(16));
    const scale = builder.floats('s', [1, 1], Float32Array.of(1));
    const order = builder.tensor('g', DataType.INT32, [32], new Int32Array(32));
    const attributes = { K: { int: 32 }, N: { int: 1 }, block_size: { int: 32 } };
    const names = ['x', stored, scale, '', order];
    builder.node('MatMulNBits', '/layer/MatMul', names, attributes, {
      ...result,
      domain: microsoft,
    });
    expect(() => readWeights(builder.model('linear'))).toThrow(/"\/layer\/MatMul".*g_idx/);
  });
});

function randomHalves(count: number): Uint16Array {
  // Sign, an exponent near that of 1, and any fraction.
  return Uint16Array.from(
    randomBytes(count, 50),
    (byte) => ((byte & 1) << 15) | 0x3800 | (byte << 2),
  );
}
