// The shape of an array without its memory: every `subarray` is made when it is asked for.
//
// ONNX Runtime Web keeps files of external data as one `Uint8Array` each, and of that uses `byteLength` and
// `subarray(offset, end)` alone: each weight is copied to its place in WebAssembly or on the graphics card at once. So do
// `tensorBytes` of src/onnx. Given this array, both have weight after weight in memory, and never a file as a whole.

/** Makes the bytes of a range, at once. */
export type ReadRange = (start: number, end: number) => Uint8Array<ArrayBuffer>;

/** An array of which only `byteLength` and `subarray` may be used. */
export class LazyBytes extends Uint8Array<ArrayBuffer> {
  readonly #read: ReadRange;

  constructor(byteLength: number, read: ReadRange) {
    super(new ArrayBuffer(0));
    this.#read = read;
    // Classes may not override what TypeScript declares as a property with an accessor.
    Object.defineProperty(this, 'byteLength', { value: byteLength });
  }

  override subarray(start = 0, end = this.byteLength): Uint8Array<ArrayBuffer> {
    return this.#read(start, end);
  }
}
