// The file formats and number formats underneath: safetensors, ONNX files with external data, half precision.
import { describe, expect, it } from 'vitest';
import {
  decodeModel,
  encodeModel,
  externalLocations,
  floatSafetensor,
  floatToHalf,
  halfToFloat,
  moveInside,
  moveToExternalFile,
  OnnxError,
  readSafetensors,
  readWeights,
  safetensorToFloat,
  writeSafetensors,
  buildAlignment,
  type Safetensor,
} from '../../../src/onnx/index.ts';
import { GraphBuilder, makeTensor } from '../../../src/onnx/builder.ts';
import { bytesToFloat, DataType } from '../../../src/onnx/dataTypes.ts';
import { bfloat16ToFloat } from '../../../src/onnx/float16.ts';
import { tensorBytes } from '../../../src/onnx/model.ts';
import {
  float,
  hasExports,
  largestDifference,
  randomFloats,
  readExport,
  readGolden,
  runOnce,
} from './support.ts';

const text = (value: string) => new TextEncoder().encode(value);

describe('safetensors', () => {
  const bytesOf = (array: ArrayBufferView) =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const tensors = new Map<string, Safetensor>([
    ['float', floatSafetensor(Float32Array.of(1.5, -2, 3), [3])],
    ['half', { dtype: 'F16', shape: [1], bytes: bytesOf(Uint16Array.of(0x3e00)) }],
    ['brain', { dtype: 'BF16', shape: [1], bytes: bytesOf(Uint16Array.of(0x3fc0)) }],
    ['long', { dtype: 'I64', shape: [2], bytes: bytesOf(BigInt64Array.of(-1n, 7n)) }],
    ['int', { dtype: 'I32', shape: [1, 1], bytes: bytesOf(Int32Array.of(-5)) }],
    ['byte', { dtype: 'U8', shape: [3], bytes: Uint8Array.of(1, 2, 3) }],
    ['empty', { dtype: 'F32', shape: [0, 4], bytes: new Uint8Array(0) }],
  ]);
  const file = writeSafetensors({ tensors, metadata: { format: 'pt', recipe: '{"é": 1}' } });

  it('come back from a file as they were written, metadata among them', () => {
    const read = readSafetensors(file);
    expect(read.metadata).toEqual({ format: 'pt', recipe: '{"é": 1}' });
    expect([...read.tensors.keys()]).toEqual([...tensors.keys()]);
    for (const [name, { dtype, shape, bytes }] of tensors) {
      const tensor = read.tensors.get(name);
      expect([tensor?.dtype, tensor?.shape]).toEqual([dtype, shape]);
      expect(Buffer.compare(tensor?.bytes ?? new Uint8Array(9), bytes), name).toBe(0);
    }
  });

  it('become float32 whatever their type', () => {
    const { tensors: read } = readSafetensors(file);
    const values = [...read].map(([name, tensor]) => [...safetensorToFloat(tensor, name)]);
    expect(values).toEqual([[1.5, -2, 3], [1.5], [1.5], [-1, 7], [-5], [1, 2, 3], []]);
  });

  it('are read in place, from the middle of a buffer too', () => {
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const { tensors: read } = readSafetensors(shifted.subarray(3));
    expect(read.get('byte')?.bytes.buffer).toBe(shifted.buffer);
    const tensor = read.get('float');
    expect(tensor && safetensorToFloat(tensor, 'float')).toEqual(Float32Array.of(1.5, -2, 3));
  });

  const withHeader = (header: string, data = new Uint8Array(8)) => {
    const json = text(header);
    const broken = new Uint8Array(8 + json.length + data.length);
    new DataView(broken.buffer).setBigUint64(0, BigInt(json.length), true);
    broken.set(json, 8);
    return broken;
  };

  it.each([
    ['too short', Uint8Array.of(1, 2, 3), /shorter than its header length/],
    ['text', text('<!doctype html><title>Not found</title>'), /header is longer than the file/],
    ['a header that is no JSON', withHeader('{"a":'), /header is not JSON/],
    ['a tensor without offsets', withHeader('{"a":{"dtype":"F32","shape":[1]}}'), /"a" lacks/],
    [
      'a tensor of a size that is not its shape’s',
      withHeader('{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}'),
      /"a" has 8 bytes where its shape needs 12/,
    ],
    [
      'a tensor that ends beyond the file',
      withHeader('{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}'),
      /"a" ends beyond the file/,
    ],
    [
      'a type nobody reads',
      withHeader('{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}'),
      /F8_E4M3/,
    ],
  ])('are refused when the file is %s', (_, broken, message) => {
    expect(() => readSafetensors(broken)).toThrow(OnnxError);
    expect(() => readSafetensors(broken)).toThrow(message);
  });
});

describe('ONNX files', () => {
  const { weights, golden } = readGolden('alignment-mlp');
  const model = buildAlignment(weights);

  it('come back byte for byte after their weights were outside and inside again', () => {
    const { model: outside, data } = moveToExternalFile(model, 'model.onnx_data');
    const bytes = encodeModel(outside);
    expect(bytes.length).toBeLessThan(encodeModel(model).length / 2);
    const read = decodeModel(bytes);
    expect(externalLocations(read)).toEqual(['model.onnx_data']);
    const inside = moveInside(read, new Map([['model.onnx_data', data]]));
    expect(Buffer.compare(encodeModel(inside), encodeModel(model))).toBe(0);
  });

  it('run from external data as they run whole', async () => {
    const { model: outside, data } = moveToExternalFile(model, 'w.bin');
    const external = new Map([['w.bin', data]]);
    const states = golden.tensors.get('hidden_states');
    const feeds = () => ({
      hidden_states: float(
        states ? safetensorToFloat(states, 'x') : new Float32Array(0),
        [1, 7, 24],
      ),
    });
    const expected = await runOnce(model, feeds(), 'soft_prompt');
    const actual = await runOnce(outside, feeds(), 'soft_prompt', external);
    expect(largestDifference(actual, expected)).toBe(0);
  });

  it('name the file that is missing or too short', () => {
    const { model: outside, data } = moveToExternalFile(model, 'w.bin');
    expect(() => readWeights(outside)).toThrow(/is in the file "w.bin", which was not given/);
    const short = new Map([['w.bin', data.subarray(0, data.length - 1)]]);
    expect(() => moveInside(outside, short)).toThrow(/which has only \d+/);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a web page', text('<!doctype html><title>Not found</title>')],
    ['a file that was cut off', encodeModel(model).subarray(0, 500)],
  ])('are refused when they are %s', (_, bytes) => {
    expect(() => decodeModel(bytes)).toThrow(expect.objectContaining({ code: 'not-onnx' }));
  });

  it.skipIf(!hasExports)('of another tool give the bytes of the file beside them', () => {
    const path = 'ort-external-data/model_with_external_initializers.onnx';
    const { model: exported, external } = readExport(path);
    const [tensor] = exported.graph?.initializer ?? [];
    expect(tensor && [...new BigInt64Array(tensorBytes(tensor, external).slice().buffer)]).toEqual([
      0n,
      0n,
      1n,
      1n,
    ]);
  });
});

describe('half precision', () => {
  it('is exact on all its 65,536 patterns, there and back', () => {
    const patterns = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const isNaNPattern = (p: number) => (p & 0x7c00) === 0x7c00 && (p & 0x3ff) !== 0;
    const numbers = patterns.filter((p) => !isNaNPattern(p));
    expect(floatToHalf(halfToFloat(numbers))).toEqual(numbers);
    expect(halfToFloat(patterns.filter(isNaNPattern)).every(Number.isNaN)).toBe(true);
  });

  it('takes the nearest value, ties to even, and infinity beyond its range', () => {
    const values = Float32Array.of(
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      65504,
      65519,
      65520,
      -1e9,
      2 ** -25,
      1e-30,
    );
    expect([...halfToFloat(floatToHalf(values))]).toEqual([
      1,
      1 + 2 ** -9,
      65504,
      65504,
      Infinity,
      -Infinity,
      0,
      0,
    ]);
    expect(halfToFloat(floatToHalf(Float32Array.of(NaN)))[0]).toBeNaN();
  });

  it('is never further off than half a unit in the last place', () => {
    const values = randomFloats(2000, 7).map((x, i) => x * 2 ** ((i % 36) - 22));
    halfToFloat(floatToHalf(values)).forEach((half, i) => {
      const value = values[i] ?? 0;
      const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), -14) - 10);
      expect(Math.abs(half - value)).toBeLessThanOrEqual(unit / 2);
    });
  });

  it('is the upper half of a float32 in bfloat16', () => {
    expect([...bfloat16ToFloat(Uint16Array.of(0x3f80, 0xc000, 0x7f80))]).toEqual([1, -2, Infinity]);
  });
});

describe('tensors', () => {
  it('of four bits hold two values a byte, the low one first', () => {
    const bytes = Uint8Array.of(0x21, 0xf8, 0x07);
    expect([...bytesToFloat(bytes, DataType.UINT4, 5, 'u')]).toEqual([1, 2, 8, 15, 7]);
    expect([...bytesToFloat(bytes, DataType.INT4, 5, 'i')]).toEqual([1, 2, -8, -1, 7]);
  });

  it('that spell their values out in typed fields are read like raw ones', () => {
    const raw = makeTensor('t', DataType.FLOAT16, [2], Uint16Array.of(0x3c00, 0xc000));
    const typed = makeTensor('t', DataType.FLOAT16, [2], new Uint8Array(0));
    typed.int32Data = [0x3c00, 0xc000];
    expect(tensorBytes(typed, new Map())).toEqual(tensorBytes(raw, new Map()));
    const floats = makeTensor('f', DataType.FLOAT, [1], new Uint8Array(0));
    floats.floatData = [0.5];
    expect(bytesToFloat(tensorBytes(floats, new Map()), DataType.FLOAT, 1, 'f')[0]).toBe(0.5);
  });

  it('of a type that is not read are refused by name', () => {
    const builder = new GraphBuilder();
    const bytes = builder.model('x') && new Uint8Array(16);
    expect(() => bytesToFloat(bytes, DataType.STRING, 1, 'words')).toThrow(/"words".*STRING/);
    expect(() => bytesToFloat(bytes, DataType.FLOAT, 5, 'five')).toThrow(/"five" needs 20 bytes/);
  });
});
