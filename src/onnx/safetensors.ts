// The safetensors format: eight bytes of header length, a JSON header, then the tensors' bytes.
// https://github.com/huggingface/safetensors#format
import { bytesToFloat, DataType } from './dataTypes.ts';
import { OnnxError } from './errors.ts';

/** Element types by safetensors name, with their size and the ONNX type of the same bits. */
const safetensorTypes = {
  F64: { bytes: 8, onnx: DataType.DOUBLE },
  F32: { bytes: 4, onnx: DataType.FLOAT },
  F16: { bytes: 2, onnx: DataType.FLOAT16 },
  BF16: { bytes: 2, onnx: DataType.BFLOAT16 },
  I64: { bytes: 8, onnx: DataType.INT64 },
  I32: { bytes: 4, onnx: DataType.INT32 },
  I8: { bytes: 1, onnx: DataType.INT8 },
  U8: { bytes: 1, onnx: DataType.UINT8 },
  BOOL: { bytes: 1, onnx: DataType.BOOL },
} as const;

export type SafetensorType = keyof typeof safetensorTypes;

export interface Safetensor {
  dtype: SafetensorType;
  shape: number[];
  /** Little-endian elements, row-major. */
  bytes: Uint8Array;
}

export interface Safetensors {
  tensors: Map<string, Safetensor>;
  /** The header's `__metadata__`. */
  metadata: Record<string, string>;
}

/** The headers of published models stay below this (the reference implementation has the same bound). */
const maxHeaderBytes = 100_000_000;
const lengthBytes = 8;

/**
 * Reads a safetensors file. Tensor bytes are views of `file`.
 * @throws OnnxError `not-safetensors`, saying which tensor or field is wrong.
 */
export function readSafetensors(file: Uint8Array): Safetensors {
  const header = parseHeader(file);
  const data = file.subarray(lengthBytes + header.byteLength);
  const tensors = new Map<string, Safetensor>();
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header.json)) {
    if (name === '__metadata__') metadata = entry as Record<string, string>;
    else tensors.set(name, readEntry(name, entry, data));
  }
  return { tensors, metadata };
}

function parseHeader(file: Uint8Array): { json: Record<string, unknown>; byteLength: number } {
  if (file.byteLength < lengthBytes) throw notSafetensors('it is shorter than its header length');
  const byteLength = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (byteLength > maxHeaderBytes || lengthBytes + byteLength > file.byteLength) {
    throw notSafetensors('its header is longer than the file');
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      file.subarray(lengthBytes, lengthBytes + byteLength),
    );
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null) throw new Error('the header is no JSON object');
    return { json: json as Record<string, unknown>, byteLength };
  } catch (cause) {
    throw notSafetensors('its header is not JSON', { cause });
  }
}

function readEntry(name: string, entry: unknown, data: Uint8Array): Safetensor {
  const { dtype, shape, data_offsets } = entry as {
    dtype?: string;
    shape?: number[];
    data_offsets?: [number, number];
  };
  if (!Array.isArray(shape) || !Array.isArray(data_offsets) || dtype === undefined) {
    throw notSafetensors(`tensor "${name}" lacks its dtype, shape or offsets`);
  }
  if (!isSafetensorType(dtype)) {
    throw new OnnxError('unsupported-type', `Tensor "${name}" has the unsupported dtype ${dtype}.`);
  }
  const [begin, end] = data_offsets;
  const expected = shape.reduce((product, dim) => product * dim, safetensorTypes[dtype].bytes);
  if (end - begin !== expected) {
    throw notSafetensors(
      `tensor "${name}" has ${end - begin} bytes where its shape needs ${expected}`,
    );
  }
  if (begin < 0 || end > data.byteLength) {
    throw notSafetensors(`tensor "${name}" ends beyond the file, which may be cut off`);
  }
  return { dtype, shape, bytes: data.subarray(begin, end) };
}

function isSafetensorType(name: string): name is SafetensorType {
  return name in safetensorTypes;
}

function notSafetensors(why: string, options?: ErrorOptions): OnnxError {
  return new OnnxError('not-safetensors', `The file is not safetensors: ${why}.`, options);
}

/** A safetensors file: tensors in the order given, the header padded so that data starts on 8 bytes. */
export function writeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + bytes.byteLength] };
    end += bytes.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.byteLength / lengthBytes) * lengthBytes;
  const file = new Uint8Array(lengthBytes + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, lengthBytes, lengthBytes + headerBytes); // the format pads its header with spaces
  file.set(json, lengthBytes);
  let offset = lengthBytes + headerBytes;
  for (const { bytes } of tensors.values()) {
    file.set(bytes, offset);
    offset += bytes.byteLength;
  }
  return file;
}

/** A tensor as float32, row-major: a view for F32 when its bytes are aligned. */
export function safetensorToFloat(tensor: Safetensor, name: string): Float32Array {
  const { bytes: size, onnx } = safetensorTypes[tensor.dtype];
  return bytesToFloat(tensor.bytes, onnx, tensor.bytes.byteLength / size, name);
}

/** Float32 values as an F32 tensor (a view of them). */
export function floatSafetensor(values: Float32Array, shape: number[]): Safetensor {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { dtype: 'F32', shape, bytes };
}

/**
 * The tensor `name` as float32, checked against `shape`.
 * @throws OnnxError `missing-weight` or `bad-shape`
 */
export function requireFloat(
  { tensors }: Safetensors,
  name: string,
  shape: readonly number[],
): Float32Array {
  const tensor = tensors.get(name);
  if (!tensor) throw new OnnxError('missing-weight', `The weights hold no tensor "${name}".`);
  if (tensor.shape.join() !== shape.join()) {
    throw new OnnxError(
      'bad-shape',
      `Tensor "${name}" has shape [${tensor.shape}] where [${shape}] is expected.`,
    );
  }
  return safetensorToFloat(tensor, name);
}
