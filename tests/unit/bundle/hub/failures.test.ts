// Downloading a model from a hub that fails in every way that a hub can.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../hub/faults.ts';
import { bytesOf, repository } from '../../../hub/folder.ts';
import { Downloads, config, files, model, tiny } from './downloads.ts';

const downloads = new Downloads();

describe('a hub that fails', () => {
  it('is asked once more, wherever the connection was cut', async () => {
    const wanted = await downloads.listing(tiny);
    for (let bytes = 0; bytes < files[tiny].length; bytes++) {
      downloads.disk.files.clear();
      downloads.server.reset();
      downloads.server.fail(tiny, { cutAfter: bytes }, 1);
      await downloads.download(wanted);
      expect(downloads.ranges(tiny), `cut after ${bytes}`).toHaveLength(2);
      expect(await downloads.isStored(wanted, tiny)).toBe(true);
    }
  });

  it('is asked again for the rest when it ends a file early as if that were all', async () => {
    const wanted = await downloads.listing(tiny);
    downloads.server.fail(tiny, { endAfter: 10 }, 1);
    await downloads.download(wanted);
    expect(downloads.ranges(tiny)).toEqual(['bytes=0-', 'bytes=10-']);
    expect(await downloads.isStored(wanted, tiny)).toBe(true);
  });

  it('is not listened to beyond the size that it lists', async () => {
    const amounts: number[] = [];
    downloads.server.fail(model, { instead: bytesOf(900_000), ignoreRange: true });
    const started = downloads.download(await downloads.listing(model), {
      onProgress: ({ bytes }) => amounts.push(bytes),
    });
    await expect(started).rejects.toMatchObject({ code: 'file-size' });
    expect(Math.max(...amounts)).toBeLessThanOrEqual(files[model].length);
  });

  it('is left alone when five connections in a row bring nothing, and what was there stays', async () => {
    const wanted = await downloads.listing(model);
    await downloads.stopAt(wanted, model, 70_000);
    downloads.server.fail(model, { cutAfter: 0 });
    await expect(downloads.download(wanted)).rejects.toMatchObject({ code: 'network' });
    expect(downloads.ranges(model)).toEqual(Array(5).fill('bytes=70000-'));
    expect(await downloads.store.find(repository, wanted.commit)).toMatchObject({
      keptBytes: 70_000,
    });
  });

  it.each([429, 500, 503])('is asked again after HTTP %i', async (status) => {
    downloads.server.fail(model, { status }, 4);
    const wanted = await downloads.listing(model);
    await downloads.download(wanted);
    expect(await downloads.isStored(wanted, model)).toBe(true);
    expect(downloads.server.requests.map((request) => request.status)).toEqual([
      ...Array<number>(4).fill(status),
      ...[302, 206],
    ]);
  });

  it.each<[code: string, fault: Fault]>([
    ['hub-gated', { status: 401, errorCode: 'GatedRepo' }],
    ['hub-gated', { status: 403 }],
    ['file-missing', { status: 404, errorCode: 'EntryNotFound' }],
    ['file-missing', { status: 404 }],
    ['hub-revision', { status: 404, errorCode: 'RevisionNotFound' }],
    ['hub-refused', { status: 451 }],
    ['hub-busy', { status: 429 }],
    ['hub-busy', { status: 502 }],
  ])('answers with %s when it says %j', async (code, fault) => {
    downloads.server.fail(model, fault);
    const wanted = await downloads.listing(model);
    await expect(downloads.download(wanted)).rejects.toMatchObject({ code });
    await expect(downloads.download(wanted)).rejects.toThrow(repository);
    await expect(downloads.store.read(repository, wanted.commit, model)).rejects.toThrow(model);
  });

  it.each<[code: string, what: string, fault: Fault]>([
    ['file-hash', 'a changed byte', { flipAt: 150_000 }],
    ['file-hash', 'a changed byte where ranges are ignored', { flipAt: 3, ignoreRange: true }],
    ['file-hash', 'another hash announced', { linkedEtag: 'f'.repeat(64), direct: true }],
    ['file-size', 'a shorter file', { instead: bytesOf(199_999) }],
    ['file-size', 'a longer file', { instead: bytesOf(200_001) }],
    ['file-size', 'a longer file without ranges', { instead: bytesOf(200_001), ignoreRange: true }],
    ['file-size', 'nothing', { instead: new Uint8Array() }],
    ['file-size', 'a range that cannot be, of no size', { status: 416 }],
  ])('answers with %s for %s, and the bytes are thrown away', async (code, _, fault) => {
    const wanted = await downloads.listing(model);
    downloads.server.fail(model, fault);
    const started = downloads.download(wanted);
    await expect(started).rejects.toMatchObject({ code });
    await expect(started).rejects.toThrow(model);
    expect(await downloads.store.find(repository, wanted.commit)).toMatchObject({ keptBytes: 0 });
    downloads.server.reset();
    await downloads.download(wanted);
    expect(await downloads.isStored(wanted, model)).toBe(true);
  });

  it('notices a wrong byte in a small file as well', async () => {
    const wanted = await downloads.listing(config);
    downloads.server.fail(config, { flipAt: 0 });
    await expect(downloads.download(wanted)).rejects.toMatchObject({ code: 'file-hash' });
  });

  it('notices a wrong byte in the part that was there before', async () => {
    const wanted = await downloads.listing(tiny);
    await downloads.stopAt(wanted, tiny, 10);
    for (const bytes of downloads.disk.files.values()) {
      if (bytes.length === 10) bytes[4] = (bytes[4] ?? 0) ^ 1;
    }
    await expect(downloads.download(wanted)).rejects.toMatchObject({ code: 'file-hash' });
    await downloads.download(wanted);
    expect(await downloads.isStored(wanted, tiny)).toBe(true);
  });

  it('is not asked again when the bytes of the file have shrunk below the part that is there', async () => {
    const wanted = await downloads.listing(model);
    await downloads.stopAt(wanted, model, 70_000);
    downloads.server.fail(model, { instead: bytesOf(60_000) });
    await expect(downloads.download(wanted)).rejects.toMatchObject({ code: 'file-size' });
    // 416 to the first, then the whole of what there is now, which is too short.
    expect(downloads.ranges(model)).toEqual(['bytes=70000-', 'bytes=0-']);
  });
});
