// Downloading a model from a hub that is well.
import { describe, expect, it } from 'vitest';
import type { ModelProgress } from '../../../../src/bundle/hub/download.ts';
import { bytesOf, repository } from '../../../hub/folder.ts';
import { Downloads, config, files, model, paths } from './downloads.ts';

const downloads = new Downloads();

describe('downloadModel', () => {
  it('brings every file, byte for byte, and says when the model is whole', async () => {
    const wanted = await downloads.listing(...paths);
    await downloads.download(wanted);
    for (const path of paths) expect(await downloads.isStored(wanted, path), path).toBe(true);
    expect(await downloads.store.find(repository, wanted.commit)).toMatchObject({ whole: true });
    expect(downloads.disk.opened).toEqual([]);
  });

  it('asks for each content once, and for nothing the second time', async () => {
    const wanted = await downloads.listing(...paths);
    await downloads.download(wanted);
    const asked = downloads.server.requests.filter(({ at }) => at === 'hub');
    // The copy lies where the original does, and nothing has no bytes to ask for.
    expect(asked.map(({ path }) => path).toSorted()).toHaveLength(3);
    downloads.server.reset();
    await downloads.download(wanted);
    expect(downloads.server.requests).toEqual([]);
  });

  it('does not download again what another commit shares', async () => {
    await downloads.download(await downloads.listing(model));
    await downloads.hub.write('README.md', new TextEncoder().encode('changed'));
    const later = await downloads.listing(model);
    await downloads.download(later);
    expect(downloads.server.requests).toEqual([]);
    expect(await downloads.isStored(later, model)).toBe(true);
    expect(await downloads.store.list()).toHaveLength(2);
  });

  it('follows the redirect to the content network and asks there for a range', async () => {
    await downloads.download(await downloads.listing(model));
    expect(downloads.server.requests).toMatchObject([
      { at: 'hub', path: model, status: 302 },
      { at: 'cdn', path: model, range: 'bytes=0-', status: 206 },
    ]);
  });

  it('takes large files from a mirror that does not redirect', async () => {
    downloads.server.fail(model, { direct: true });
    const wanted = await downloads.listing(model);
    await downloads.download(wanted);
    expect(await downloads.isStored(wanted, model)).toBe(true);
    expect(downloads.server.requests).toHaveLength(1);
  });

  it('reports each file and the whole, up to the last byte', async () => {
    const steps: ModelProgress[] = [];
    const wanted = await downloads.listing(...paths);
    await downloads.download(wanted, { onProgress: (step) => steps.push(step) });
    const total = Object.values(files).reduce((sum, { length }) => sum + length, 0);
    expect(steps.at(-1)).toMatchObject({ downloadedBytes: total, totalBytes: total });
    for (const [path, { length }] of Object.entries(files)) {
      const own = steps.filter((step) => step.path === path);
      const amounts = own.filter(({ phase }) => phase === 'download').map(({ bytes }) => bytes);
      expect(amounts, path).toEqual(amounts.toSorted((a, b) => a - b));
      expect(amounts.at(-1), path).toBe(length);
      expect(own.every(({ fileBytes }) => fileBytes === length)).toBe(true);
    }
    const checked = steps.filter(({ path, phase }) => path === model && phase === 'check');
    expect(checked.at(-1)?.bytes).toBe(files[model].length);
    const sums = steps.map(({ downloadedBytes }) => downloadedBytes);
    expect(sums).toEqual(sums.toSorted((a, b) => a - b));
  });

  it('has four files on their way at a time', async () => {
    const many = Array.from({ length: 6 }, (_, index) => `many/${index}.json`);
    for (const [index, path] of many.entries()) {
      await downloads.hub.write(path, bytesOf(50, 10 + index));
      downloads.server.fail(path, { stallAfter: 20 });
    }
    const stop = new AbortController();
    const begun = new Set<string>();
    const started = downloads.download(await downloads.listing(...many), {
      signal: stop.signal,
      onProgress: ({ path, bytes }) => {
        if (bytes === 20) begun.add(path);
        if (begun.size === 4) stop.abort();
      },
    });
    await expect(started).rejects.toMatchObject({ code: 'cancelled' });
    expect(downloads.server.requests).toHaveLength(4);
  });

  it('ends all files when one fails, and leaves none open', async () => {
    downloads.server.fail(config, { status: 404, errorCode: 'EntryNotFound' });
    downloads.server.fail(model, { stallAfter: 1000 });
    await expect(downloads.download(await downloads.listing(config, model))).rejects.toMatchObject({
      code: 'file-missing',
    });
    expect(downloads.disk.opened).toEqual([]);
  });

  it('is over only when no file is on its way any more', async () => {
    downloads.server.fail(config, { status: 503 });
    downloads.server.fail(model, { stallAfter: 1000 });
    const stop = new AbortController();
    let paused = false;
    const started = downloads.download(await downloads.listing(config, model), {
      signal: stop.signal,
      pause: async () => {
        stop.abort();
        // Long after the other file has ended.
        for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
        paused = true;
      },
    });
    await expect(started).rejects.toMatchObject({ code: 'cancelled' });
    expect(paused).toBe(true);
  });
});
