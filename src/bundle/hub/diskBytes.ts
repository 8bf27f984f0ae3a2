// The bytes of a stored file in the shape of an array that is not in memory: every `subarray` is read from the disk when it
// is asked for.
//
// ONNX Runtime Web keeps files of external data as one `Uint8Array` each, and of that uses `byteLength` and
// `subarray(offset, end)` alone: each weight is copied to its place in WebAssembly or on the graphics card at once. So do
// `tensorBytes` of src/onnx. Given this array, both read weight after weight from the disk, and no file is ever in memory as a
// whole. (ONNX Runtime's own way, a `Blob` as external data, does that in its JSPI build only and else reads the file
// whole.)

/** Reads a range of a file, at once. */
export type ReadNow = (file: Blob, start: number, end: number) => Uint8Array<ArrayBuffer>;

class DiskBytes extends Uint8Array<ArrayBuffer> {
  readonly #file: Blob;
  readonly #readNow: ReadNow;

  constructor(file: Blob, readNow: ReadNow) {
    super(new ArrayBuffer(0));
    this.#file = file;
    this.#readNow = readNow;
    // Classes may not override what TypeScript declares as a property with an accessor.
    Object.defineProperty(this, 'byteLength', { value: file.size });
  }

  override subarray(start = 0, end = this.#file.size): Uint8Array<ArrayBuffer> {
    return this.#readNow(this.#file, start, end);
  }
}

/**
 * A stored file as an array. In a worker it stays on the disk; where nothing can be read at once, as in Node, it comes into
 * memory whole.
 * @returns an array of which only `byteLength` and `subarray` may be used
 */
export async function openBytes(
  file: Blob,
  readNow: ReadNow | null = workerReadNow(),
): Promise<Uint8Array<ArrayBuffer>> {
  if (readNow === null) return new Uint8Array(await file.arrayBuffer());
  return new DiskBytes(file, readNow);
}

/** https://w3c.github.io/FileAPI/#FileReaderSync; only workers have it. */
function workerReadNow(): ReadNow | null {
  if (!('FileReaderSync' in globalThis)) return null;
  const reader = new FileReaderSync();
  return (file, start, end) => new Uint8Array(reader.readAsArrayBuffer(file.slice(start, end)));
}
