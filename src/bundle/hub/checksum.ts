// Hashes of files that are too large for memory: read piece by piece, in WebAssembly. WebCrypto hashes only what lies
// in memory as a whole.
import { createSHA1, createSHA256 } from 'hash-wasm';
import { cancelledError } from '../source.ts';

/** What a file's bytes must hash to. */
export interface Checksum {
  /** SHA-256 of the bytes (large file storage), or the id that git gives to a file. */
  algorithm: 'sha256' | 'git-blob';
  /** Lower-case hexadecimal, 64 or 40 digits. */
  hex: string;
}

/** How each is computed; a git blob is the bytes behind a line that says how many they are. */
const algorithms = {
  sha256: { create: createSHA256, prefix: () => '' },
  'git-blob': { create: createSHA1, prefix: (bytes: number) => `blob ${bytes}\0` },
};

export interface ChecksumOptions {
  signal?: AbortSignal | undefined;
  /** Called with the bytes read so far. */
  onBytes?: (bytes: number) => void;
}

/**
 * Hashes a file.
 * @returns lower-case hexadecimal
 * @throws LinguaLiftError `cancelled`
 */
export async function checksumOf(
  algorithm: Checksum['algorithm'],
  file: Blob,
  { signal, onBytes }: ChecksumOptions = {},
): Promise<string> {
  const { create, prefix } = algorithms[algorithm];
  const hasher = await create();
  hasher.init().update(prefix(file.size));
  const reader = file.stream().getReader();
  let bytes = 0;
  for (let part = await reader.read(); part.value; part = await reader.read()) {
    if (signal?.aborted) {
      await reader.cancel();
      throw cancelledError();
    }
    hasher.update(part.value);
    bytes += part.value.length;
    onBytes?.(bytes);
  }
  return hasher.digest('hex');
}
