// Going on with a download that was stopped: by a person, by a computer that died, by a full disk.
import { describe, expect, it } from 'vitest';
import type { LinguaLiftError } from '../../../../src/bundle/errors.ts';
import type { Fault } from '../../../hub/faults.ts';
import { bytesOf, repository } from '../../../hub/folder.ts';
import { MemoryDisk } from '../../../hub/memoryDisk.ts';
import { Downloads, config, files, model, tiny } from './downloads.ts';

const downloads = new Downloads();

describe('a download that was stopped', () => {
  it('goes on at the byte where it stopped', async () => {
    const wanted = await downloads.listing(model, config);
    await downloads.stopAt(wanted, model, 70_000);
    await expect(downloads.store.read(repository, wanted.commit, model)).rejects.toMatchObject({
      code: 'file-partial',
    });
    // A new tab knows only what is on the downloads.disk.
    downloads.use(downloads.disk.reopened());
    expect(await downloads.store.find(repository, wanted.commit)).toMatchObject({ whole: false });
    await downloads.download(wanted);
    expect(downloads.ranges(model)).toEqual(['bytes=70000-']);
    expect(await downloads.isStored(wanted, model)).toBe(true);
  });

  it('gives the same bytes wherever it stopped, with one more request', async () => {
    const wanted = await downloads.listing(tiny);
    for (let bytes = 1; bytes < files[tiny].length; bytes++) {
      downloads.disk.files.clear();
      await downloads.stopAt(wanted, tiny, bytes);
      expect(await downloads.store.find(repository, wanted.commit)).toMatchObject({
        keptBytes: bytes,
      });
      await downloads.download(wanted);
      expect(downloads.ranges(tiny)).toEqual([`bytes=${bytes}-`]);
      expect(await downloads.isStored(wanted, tiny)).toBe(true);
    }
  });

  it('takes no part for a whole, whatever change of the disk was the last before the computer died', async () => {
    const wanted = await downloads.listing(config, tiny);
    await downloads.download(wanted);
    const { changes } = downloads.disk;
    for (let diesAt = 1; diesAt <= changes; diesAt++) {
      const dying = new MemoryDisk();
      dying.diesAt = diesAt;
      downloads.use(dying);
      await expect(downloads.download(wanted), `change ${diesAt}`).rejects.toThrow(
        'the computer is off',
      );

      downloads.use(dying.reopened());
      for (const path of [config, tiny] as const) {
        const intact = await downloads
          .isStored(wanted, path)
          .catch((thrown: LinguaLiftError) => thrown.code);
        expect([true, 'file-partial', 'file-missing'], `change ${diesAt}`).toContain(intact);
      }
      await downloads.download(wanted);
      expect(await downloads.isStored(wanted, config)).toBe(true);
      expect(await downloads.isStored(wanted, tiny)).toBe(true);
    }
    expect(changes).toBeGreaterThan(10);
  });

  it('checks what was whole but unchecked, without a request', async () => {
    const wanted = await downloads.listing(model);
    const stop = new AbortController();
    const started = downloads.download(wanted, {
      signal: stop.signal,
      onProgress: ({ bytes }) => bytes === files[model].length && stop.abort(),
    });
    await expect(started).rejects.toMatchObject({ code: 'cancelled' });
    expect([...downloads.disk.files.keys()].filter((name) => name.endsWith('.whole'))).toEqual([]);
    downloads.server.reset();
    await downloads.download(wanted);
    expect(downloads.server.requests).toEqual([]);
    expect(await downloads.isStored(wanted, model)).toBe(true);
  });

  it('begins anew when the server has another version', async () => {
    const wanted = await downloads.listing(model);
    await downloads.stopAt(wanted, model, 70_000);
    downloads.server.fail(model, { etag: '"another"' });
    await downloads.download(wanted);
    expect(downloads.ranges(model)).toEqual(['bytes=70000-', 'bytes=0-']);
    expect(await downloads.isStored(wanted, model)).toBe(true);
  });

  it('goes on where servers give versions no name', async () => {
    const wanted = await downloads.listing(model);
    downloads.server.fail(model, { etag: '', stallAfter: 70_000 }, 1);
    const stop = new AbortController();
    const started = downloads.download(wanted, {
      signal: stop.signal,
      onProgress: ({ bytes }) => bytes === 70_000 && stop.abort(),
    });
    await expect(started).rejects.toMatchObject({ code: 'cancelled' });
    downloads.server.reset();
    downloads.server.fail(model, { etag: '' });
    await downloads.download(wanted);
    expect(downloads.ranges(model)).toEqual(['bytes=70000-']);
    expect(await downloads.isStored(wanted, model)).toBe(true);
  });

  it.each<[what: string, fault: Fault, asked: string[]]>([
    ['ignores ranges', { ignoreRange: true }, ['bytes=70000-']],
    ['answers with another range', { shiftRange: 9 }, ['bytes=70000-', 'bytes=0-']],
  ])('begins anew where a server %s', async (_, fault, asked) => {
    const wanted = await downloads.listing(model);
    await downloads.stopAt(wanted, model, 70_000);
    downloads.server.fail(model, fault);
    await downloads.download(wanted);
    expect(downloads.ranges(model)).toEqual(asked);
    expect(await downloads.isStored(wanted, model)).toBe(true);
  });

  it('begins anew when more is there than there should be', async () => {
    const wanted = await downloads.listing(tiny);
    await downloads.stopAt(wanted, tiny, 10);
    for (const [name, { length }] of downloads.disk.files) {
      if (length === 10) downloads.disk.files.set(name, bytesOf(99, 9));
    }
    await downloads.download(wanted);
    expect(downloads.ranges(tiny)).toEqual(['bytes=0-']);
    expect(await downloads.isStored(wanted, tiny)).toBe(true);
  });

  it('does not let two downloads write the same file', async () => {
    const wanted = await downloads.listing(model);
    downloads.server.fail(model, { stallAfter: 1000 }, 1);
    const stop = new AbortController();
    let second: Promise<void> | null = null;
    const first = downloads.download(wanted, {
      signal: stop.signal,
      onProgress: ({ bytes }) => {
        if (bytes === 1000) second = downloads.download(wanted).finally(() => stop.abort());
      },
    });
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    await expect(second).rejects.toMatchObject({ code: 'file-busy' });
  });
});

describe('a full disk', () => {
  it('ends the download with a sentence about it, and what was there stays', async () => {
    const wanted = await downloads.listing(model);
    await downloads.stopAt(wanted, model, 70_000);
    const used = await downloads.store.usedBytes();
    downloads.disk.quota = used + 1000;
    const started = downloads.download(wanted);
    await expect(started).rejects.toMatchObject({ code: 'storage-full' });
    await expect(started).rejects.toThrow(model);
    expect(await downloads.store.usedBytes()).toBeGreaterThanOrEqual(used);
    downloads.disk.quota = Infinity;
    downloads.server.reset();
    await downloads.download(wanted);
    expect(await downloads.isStored(wanted, model)).toBe(true);
    expect(downloads.ranges(model)).toEqual(['bytes=70000-']);
  });

  it('refuses a model of which not even the list fits', async () => {
    downloads.disk.quota = 10;
    await expect(downloads.download(await downloads.listing(model, config))).rejects.toMatchObject({
      code: 'storage-full',
    });
    expect(downloads.server.requests).toEqual([]);
  });
});
