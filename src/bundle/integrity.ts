// Every byte of a bundle is checked against its manifest before anything uses it.
import { LinguaLiftError } from './errors.ts';

/** What a manifest says of a file. */
export interface FileRecord {
  bytes: number;
  /** 64 lower-case hexadecimal digits. */
  sha256: string;
}

/**
 * The SHA-256 of some bytes, in lower-case hexadecimal.
 * @throws LinguaLiftError `insecure-context` where the browser withholds cryptography
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Browsers leave `crypto.subtle` undefined on plain http pages, whatever its type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) {
    throw new LinguaLiftError(
      'insecure-context',
      'This page was opened over plain http, where browsers offer no way to verify files. Open it over https or on localhost.',
    );
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Checks size and hash of a file.
 * @throws LinguaLiftError `file-size` or `file-hash`, naming the file
 */
export async function verify(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  expected: FileRecord,
): Promise<void> {
  if (bytes.length !== expected.bytes) {
    throw new LinguaLiftError(
      'file-size',
      `The file ${path} of the bundle has ${bytes.length} bytes instead of ${expected.bytes}. The download may have been cut off, or the bundle is damaged. Load it again.`,
      `expected sha256 ${expected.sha256}`,
    );
  }
  const actual = await sha256(bytes);
  if (actual !== expected.sha256) {
    throw new LinguaLiftError(
      'file-hash',
      `The file ${path} of the bundle is not the one that its manifest describes: the checksums differ. It may have been damaged on the way. Load it again.`,
      `expected sha256 ${expected.sha256}, got ${actual}`,
    );
  }
}
