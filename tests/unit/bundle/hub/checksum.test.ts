// Hashes of large files, against those of other programs.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checksumOf } from '../../../../src/bundle/hub/checksum.ts';
import { bytesOf } from '../../../hub/folder.ts';

/** Each is read for itself. */
const pieces = [1, 2, 3, 4].map((seed) => bytesOf(70_001, seed));

describe('checksumOf', () => {
  // printf 'hello\n' | sha256sum; printf 'hello\n' | git hash-object --stdin; the same with nothing
  it.each([
    ['sha256', 'hello\n', '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03'],
    ['git-blob', 'hello\n', 'ce013625030ba8dba906f756967f9e9ca394464a'],
    ['sha256', '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['git-blob', '', 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'],
  ] as const)('computes the %s of %j as others do', async (algorithm, text, hex) => {
    expect(await checksumOf(algorithm, new Blob([text]))).toBe(hex);
  });

  it('reads a file of many pieces to its end, and tells how far it is', async () => {
    const file = new Blob(pieces);
    const amounts: number[] = [];
    const hex = await checksumOf('sha256', file, { onBytes: (n) => amounts.push(n) });
    expect(hex).toBe(createHash('sha256').update(Buffer.concat(pieces)).digest('hex'));
    expect(amounts.length).toBeGreaterThan(1);
    expect(amounts).toEqual(amounts.toSorted((a, b) => a - b));
    expect(amounts.at(-1)).toBe(file.size);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const amounts: number[] = [];
    const hash = checksumOf('sha256', new Blob(pieces), {
      signal: stop.signal,
      onBytes: (bytes) => {
        amounts.push(bytes);
        stop.abort();
      },
    });
    await expect(hash).rejects.toMatchObject({ code: 'cancelled' });
    expect(amounts).toHaveLength(1);
  });
});
