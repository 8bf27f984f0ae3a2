// From the bytes of a file, uploaded or of a bundle, to text: gzip, byte order marks, and the refusal of what is no text.
import { LexiconError } from './errors.ts';

/** Larger files are refused: no word list is, and the page would run out of memory. */
export const maxFileBytes = 64 * 1024 * 1024;

/**
 * The text of a file, unpacked if it is gzip.
 * @param name for error messages
 * @throws LexiconError `too-large` or `binary`
 */
export async function readText(name: string, file: Blob): Promise<string> {
  if (file.size > maxFileBytes) throw tooLarge(name, file.size);
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  const stream = isGzip
    ? file.stream().pipeThrough(new DecompressionStream('gzip'))
    : file.stream();
  const bytes = await collect(name, stream);
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && bytes.subarray(0, 8192).includes(0)) throw binary(name);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw binary(name, { cause });
  }
}

/** Reads a stream to its end, or up to the size that is refused (a few bytes of gzip can be gigabytes). */
async function collect(name: string, stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.length;
      if (size > maxFileBytes) throw tooLarge(name, size);
      chunks.push(next.value);
    }
  } catch (cause) {
    await reader.cancel().catch(() => undefined);
    if (cause instanceof LexiconError) throw cause;
    throw new LexiconError('binary', `${name} ends early or is damaged: it cannot be unpacked.`, {
      cause,
    });
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}

function tooLarge(name: string, size: number): LexiconError {
  const megabytes = Math.ceil(size / 1024 / 1024);
  return new LexiconError(
    'too-large',
    `${name} has ${megabytes} MB or more; word lists up to ${maxFileBytes / 1024 / 1024} MB can be read.`,
  );
}

function binary(name: string, options?: ErrorOptions): LexiconError {
  return new LexiconError(
    'binary',
    `${name} is no text file in UTF-8 or UTF-16. Save it as plain text, CSV or JSON.`,
    options,
  );
}
