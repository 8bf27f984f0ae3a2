// The tensor element types that these tools read, and how their little-endian bytes become float32.
import { OnnxError } from './errors.ts';
import { bfloat16ToFloat, halfToFloat } from './float16.ts';
import { TensorProto_DataType as DataType } from './proto/onnx_pb.js';

export { DataType };

interface ElementType {
  bits: number;
  /** Float32 values of `count` elements; `bytes` is aligned to the element size. */
  toFloat(bytes: Uint8Array, count: number): Float32Array;
}

const elementTypes = new Map<number, ElementType>([
  [DataType.FLOAT, { bits: 32, toFloat: (b, n) => new Float32Array(b.buffer, b.byteOffset, n) }],
  [
    DataType.FLOAT16,
    { bits: 16, toFloat: (b, n) => halfToFloat(new Uint16Array(b.buffer, b.byteOffset, n)) },
  ],
  [
    DataType.BFLOAT16,
    { bits: 16, toFloat: (b, n) => bfloat16ToFloat(new Uint16Array(b.buffer, b.byteOffset, n)) },
  ],
  [
    DataType.DOUBLE,
    { bits: 64, toFloat: (b, n) => Float32Array.from(new Float64Array(b.buffer, b.byteOffset, n)) },
  ],
  [
    DataType.INT64,
    {
      bits: 64,
      toFloat: (b, n) => Float32Array.from(new BigInt64Array(b.buffer, b.byteOffset, n), Number),
    },
  ],
  [
    DataType.INT32,
    { bits: 32, toFloat: (b, n) => Float32Array.from(new Int32Array(b.buffer, b.byteOffset, n)) },
  ],
  [
    DataType.INT8,
    { bits: 8, toFloat: (b, n) => Float32Array.from(new Int8Array(b.buffer, b.byteOffset, n)) },
  ],
  [DataType.UINT8, { bits: 8, toFloat: (b, n) => Float32Array.from(b.subarray(0, n)) }],
  [DataType.BOOL, { bits: 8, toFloat: (b, n) => Float32Array.from(b.subarray(0, n)) }],
  [DataType.UINT4, { bits: 4, toFloat: (b, n) => nibbles(b, n, (x) => x) }],
  [DataType.INT4, { bits: 4, toFloat: (b, n) => nibbles(b, n, (x) => (x ^ 8) - 8) }],
]);

function nibbles(bytes: Uint8Array, count: number, value: (nibble: number) => number) {
  return Float32Array.from({ length: count }, (_, i) =>
    value(((bytes[i >> 1] as number) >> (4 * (i & 1))) & 15),
  );
}

function elementType(dataType: number, name: string): ElementType {
  const type = elementTypes.get(dataType);
  if (type) return type;
  throw new OnnxError(
    'unsupported-type',
    `Tensor "${name}" has element type ${dataTypeName(dataType)}, which is not supported.`,
  );
}

export function dataTypeName(dataType: number): string {
  return DataType[dataType] ?? String(dataType);
}

export function isFloatType(dataType: number): boolean {
  return (
    dataType === DataType.FLOAT ||
    dataType === DataType.FLOAT16 ||
    dataType === DataType.BFLOAT16 ||
    dataType === DataType.DOUBLE
  );
}

/** Bits of one element: 4 for INT4, 32 for FLOAT. `name` is for the error. */
export function bitsPerElement(dataType: number, name: string): number {
  return elementType(dataType, name).bits;
}

/** Little-endian `bytes` as float32: a view for FLOAT when they are aligned, a fresh array otherwise. */
export function bytesToFloat(
  bytes: Uint8Array,
  dataType: number,
  count: number,
  name: string,
): Float32Array {
  return elementType(dataType, name).toFloat(alignedElements(bytes, dataType, count, name), count);
}

/**
 * `bytes` as a typed array of their elements can view them: themselves, or a copy where they are not aligned.
 * @throws OnnxError `bad-shape` when they are fewer than `count` elements take
 */
export function alignedElements(
  bytes: Uint8Array,
  dataType: number,
  count: number,
  name: string,
): Uint8Array {
  const bits = bitsPerElement(dataType, name);
  const needed = Math.ceil((count * bits) / 8);
  if (bytes.byteLength < needed) {
    throw new OnnxError(
      'bad-shape',
      `Tensor "${name}" needs ${needed} bytes for its shape but holds ${bytes.byteLength}.`,
    );
  }
  return bytes.byteOffset % Math.max(1, bits / 8) === 0 ? bytes : bytes.slice();
}
