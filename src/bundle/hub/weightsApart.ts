// An ONNX file on the disk, read without its weights: the graph, small, and the places where the weights lie.
//
// Most published models have graph and weights in one file, which ONNX Runtime wants in memory as a whole, copies, parses and
// copies again: some five times its size. Here every initializer of any size becomes *external data* that points back into
// that very file (`location`, `offset`, `length` of TensorProto.external_data). The graph is then some hundred kilobytes, and
// the weights are read one by one, when ONNX Runtime asks for them.
//
// Fields of onnx.proto: ModelProto.graph 7; GraphProto.initializer 5; TensorProto.raw_data 9, external_data 13, data_location 14.
// The wire format: https://protobuf.dev/programming-guides/encoding/
import { LinguaLiftError } from '../errors.ts';

/** Initializers smaller than this stay in the graph: shapes and scalars, which ONNX Runtime reads before the data. */
const smallestApartBytes = 1024;

const lengthDelimited = 2;
const modelGraph = 7;
const graphInitializer = 5;
const tensorRawData = 9;
const tensorExternalData = 13;
const tensorDataLocation = 14;
/** TensorProto.DataLocation.EXTERNAL. */
const external = 1;

/** A field of a message: its bytes with the tag, and where its payload begins. */
interface Field {
  number: number;
  wireType: number;
  start: number;
  payload: number;
  end: number;
}

/**
 * The graph of an ONNX file whose larger weights point into the file.
 * @param file a view of it that need not be in memory; ranges are read in order
 * @param location what the weights shall call the file; ONNX Runtime looks for external data by that name
 * @returns a ModelProto
 * @throws LinguaLiftError `model-invalid` when the file is no ONNX model or is cut off
 */
export function weightsApart(file: Uint8Array, location: string): Uint8Array<ArrayBuffer> {
  const reader = new FieldReader(file);
  const model: Uint8Array[] = [];
  for (const field of reader.fields(0, file.byteLength)) {
    if (field.number !== modelGraph) {
      model.push(reader.bytes(field.start, field.end));
      continue;
    }
    const graph: Uint8Array[] = [];
    for (const part of reader.fields(field.payload, field.end)) {
      graph.push(
        part.number === graphInitializer
          ? message(graphInitializer, tensor(reader, part, location))
          : reader.bytes(part.start, part.end),
      );
    }
    model.push(message(modelGraph, concatenate(graph)));
  }
  return concatenate(model);
}

/** A TensorProto, its data apart if that is worth it. */
function tensor(reader: FieldReader, { payload, end }: Field, location: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let isApart = false;
  for (const field of reader.fields(payload, end)) {
    const length = field.end - field.payload;
    // Some exporters write down that the data is inside; of two such fields the last one counts.
    if (isApart && field.number === tensorDataLocation) continue;
    if (field.number !== tensorRawData || length < smallestApartBytes) {
      parts.push(reader.bytes(field.start, field.end));
      continue;
    }
    isApart = true;
    parts.push(
      ...Object.entries({ location, offset: field.payload, length }).map(([key, value]) =>
        // StringStringEntryProto: key 1, value 2.
        message(tensorExternalData, concatenate([message(1, utf8(key)), message(2, utf8(value))])),
      ),
      Uint8Array.from([...varint(tensorDataLocation * 8), external]),
    );
  }
  return concatenate(parts);
}

/** Reads fields in order, through a window, since every look at a file on the disk takes its time. */
class FieldReader {
  static readonly #windowBytes = 2 ** 16;
  readonly #file: Uint8Array;
  #window = new Uint8Array(0);
  #windowStart = 0;

  constructor(file: Uint8Array) {
    this.#file = file;
  }

  /** The fields of the message in a range, one after the other, so that each is used while the window is at it. */
  *fields(start: number, end: number): Generator<Field> {
    for (let at = start; at < end;) {
      const field = this.#field(at);
      if (field.end > end) throw notOnnx(`a field at byte ${at} ends behind its message`);
      yield field;
      at = field.end;
    }
  }

  /** A copy of a range. */
  bytes(start: number, end: number): Uint8Array<ArrayBuffer> {
    const inWindow = start >= this.#windowStart && end <= this.#windowStart + this.#window.length;
    return inWindow
      ? this.#window.slice(start - this.#windowStart, end - this.#windowStart)
      : new Uint8Array(this.#file.subarray(start, end));
  }

  #field(start: number): Field {
    const tag = this.#varint(start);
    const [number, wireType] = [Math.floor(tag.value / 8), tag.value % 8];
    const ends: Readonly<Record<number, () => { payload: number; end: number }>> = {
      0: () => ({ payload: tag.end, end: this.#varint(tag.end).end }),
      1: () => ({ payload: tag.end, end: tag.end + 8 }),
      [lengthDelimited]: () => {
        const length = this.#varint(tag.end);
        return { payload: length.end, end: length.end + length.value };
      },
      5: () => ({ payload: tag.end, end: tag.end + 4 }),
    };
    const found = ends[wireType]?.();
    if (!found || number === 0) throw notOnnx(`byte ${start} begins no field`);
    return { number, wireType, start, ...found };
  }

  #varint(start: number): { value: number; end: number } {
    let value = 0;
    // Ten bytes at most; values above 2^53 are only ever skipped, and so need not be exact.
    for (let at = start, scale = 1; at < start + 10; at++, scale *= 128) {
      const byte = this.#byte(at);
      value += (byte & 127) * scale;
      if (byte < 128) return { value, end: at + 1 };
    }
    throw notOnnx(`byte ${start} begins no number`);
  }

  #byte(at: number): number {
    const inWindow = at >= this.#windowStart && at < this.#windowStart + this.#window.length;
    if (!inWindow) {
      const end = Math.min(at + FieldReader.#windowBytes, this.#file.byteLength);
      if (at >= end) throw notOnnx('it is cut off');
      this.#window = new Uint8Array(this.#file.subarray(at, end));
      this.#windowStart = at;
    }
    return this.#window[at - this.#windowStart] ?? 0;
  }
}

function message(number: number, payload: Uint8Array): Uint8Array {
  const head = [...varint(number * 8 + lengthDelimited), ...varint(payload.length)];
  return concatenate([Uint8Array.from(head), payload]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

function utf8(value: string | number): Uint8Array {
  return new TextEncoder().encode(String(value));
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function notOnnx(details: string): LinguaLiftError {
  return new LinguaLiftError(
    'model-invalid',
    'The file is not an ONNX model, or it is cut off. Delete the model and download it again.',
    details,
  );
}
