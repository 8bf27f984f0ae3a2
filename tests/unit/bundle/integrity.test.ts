// Checksums.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sha256, verify } from '../../../src/bundle/integrity.ts';

const abc = new TextEncoder().encode('abc');
/** FIPS 180-2, appendix B.1. */
const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

afterEach(() => vi.unstubAllGlobals());

describe('verify', () => {
  it('accepts the bytes that the manifest describes', async () => {
    expect(await sha256(abc)).toBe(hash);
    await expect(verify('a.txt', abc, { bytes: 3, sha256: hash })).resolves.toBeUndefined();
  });

  it('tells a wrong size from a wrong checksum and names the file', async () => {
    const cut = verify('a.txt', abc.slice(1), { bytes: 3, sha256: hash });
    await expect(cut).rejects.toMatchObject({ code: 'file-size' });
    const changed = verify('a.txt', new TextEncoder().encode('abd'), { bytes: 3, sha256: hash });
    await expect(changed).rejects.toMatchObject({ code: 'file-hash' });
    await expect(changed).rejects.toThrow('a.txt');
  });

  it('asks for https where the browser withholds cryptography', async () => {
    vi.stubGlobal('crypto', {});
    await expect(sha256(abc)).rejects.toMatchObject({ code: 'insecure-context' });
  });
});
