// Transposed weights as files beside the model, against the graphs as they came and against what was written.
import { describe, expect, it } from 'vitest';
import { GraphBuilder, type Attributes } from '../../../src/onnx/builder.ts';
import { DataType } from '../../../src/onnx/dataTypes.ts';
import { moveToExternalFile, transposeApart, type ModelProto } from '../../../src/onnx/index.ts';
import { float, largestDifference, runOnce } from './support.ts';

const [words, width] = [700, 400];
const location = 'model.onnx_data';

/** A head whose weight is its table of words [words, width], transposed. */
function tiedHead({
  rows = words,
  attributes = {},
}: { rows?: number; attributes?: Attributes } = {}) {
  const graph = new GraphBuilder();
  graph.input('states', DataType.FLOAT, [2, width]);
  graph.output('logits', DataType.FLOAT, [2, 'words']);
  const table = Float32Array.from({ length: rows * width }, (_, i) => Math.sin(i));
  graph.floats('table', [rows, width], table);
  const head = graph.node('Transpose', 'head', ['table'], attributes);
  graph.node('MatMul', 'scores', ['states', head], {}, { outputs: ['logits'] });
  return graph.model('tied');
}

const states = float(
  Float32Array.from({ length: 2 * width }, (_, i) => Math.cos(i)),
  [2, width],
);
const operators = ({ graph }: ModelProto) => graph?.node.map(({ opType }) => opType);

describe('transposeApart', () => {
  it.each([
    ['inside the model', () => ({ model: tiedHead(), external: new Map() })],
    [
      'in a file',
      () => {
        const { model, data } = moveToExternalFile(tiedHead(), location);
        return { model, external: new Map([[location, data]]) };
      },
    ],
  ])('computes the same without the Transpose, the table %s', async (_, make) => {
    const { model, external } = make();
    const apart = transposeApart(model, external);
    expect(operators(apart.model)).toEqual(['MatMul']);
    const [expected, actual] = [
      await runOnce(model, { states }, 'logits', external),
      await runOnce(apart.model, { states }, 'logits', apart.external),
    ];
    expect(largestDifference(expected, actual)).toBeLessThan(1e-4);
    expect(operators(model)).toEqual(['Transpose', 'MatMul']);
  });

  it('reads the table when it is asked for the weight, not before', () => {
    const { model, data } = moveToExternalFile(tiedHead(), location);
    let reads = 0;
    const watched = new Proxy(data, {
      get: (bytes, name) => {
        if (name === 'subarray') reads++;
        const value: unknown = Reflect.get(bytes, name, bytes);
        return typeof value === 'function' ? value.bind(bytes) : value;
      },
    });
    const { external } = transposeApart(model, new Map([[location, watched]]));
    expect(reads).toBe(0);
    const [, file] = [...external].find(([name]) => name !== location) ?? [];
    expect(file?.byteLength).toBe(words * width * 4);
    const bytes = file?.subarray(4, 12) ?? new Uint8Array();
    expect(reads).toBe(1);
    // The second and the third word's first number.
    const numbers = new Float32Array(bytes.slice().buffer);
    expect([...numbers]).toEqual([Math.fround(Math.sin(width)), Math.fround(Math.sin(2 * width))]);
  });

  it('takes 16 bits as they are', () => {
    const rows = 1100; // 1,100 x 500 half floats are a megabyte
    const graph = new GraphBuilder();
    graph.output('head', DataType.FLOAT16, [500, rows]);
    const table = Uint16Array.from({ length: rows * 500 }, (_, i) => i % 65_521);
    graph.tensor('table', DataType.FLOAT16, [rows, 500], table);
    graph.node('Transpose', 'turn', ['table'], { perm: { ints: [1, 0] } }, { outputs: ['head'] });
    const { external } = transposeApart(graph.model('half'), new Map());
    const [file = new Uint8Array()] = external.values();
    const turned = new Uint16Array(file.subarray().slice().buffer);
    const wrong = turned.findIndex(
      (element, at) => element !== table[(at % rows) * 500 + Math.floor(at / rows)],
    );
    expect([turned.length, wrong]).toEqual([rows * 500, -1]);
  });

  it.each([
    ['a small matrix', { rows: 8 }],
    ['one that keeps its axes', { attributes: { perm: { ints: [0, 1] } } }],
  ])('leaves %s alone', (_, options) => {
    const { model, external } = transposeApart(tiedHead(options), new Map());
    expect(operators(model)).toContain('Transpose');
    expect(external.size).toBe(0);
  });
});
