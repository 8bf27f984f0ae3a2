// The bytes of a stored file in the shape of an array, read from the disk range by range (src/onnx/lazyBytes.ts), so that no
// file is ever in memory as a whole. (ONNX Runtime's own way, a `Blob` as external data, does that in its JSPI build only and
// else reads the file whole.)
import { LazyBytes } from '../../onnx/index.ts';

/** Reads a range of a file, at once. */
export type ReadNow = (file: Blob, start: number, end: number) => Uint8Array<ArrayBuffer>;

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
  return new LazyBytes(file.size, (start, end) => readNow(file, start, end));
}

/** https://w3c.github.io/FileAPI/#FileReaderSync; only workers have it. */
function workerReadNow(): ReadNow | null {
  if (!('FileReaderSync' in globalThis)) return null;
  const reader = new FileReaderSync();
  return (file, start, end) => new Uint8Array(reader.readAsArrayBuffer(file.slice(start, end)));
}
