// What the store knows of models, without a hub.
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { persistStorage, storageUse } from '../../../../src/bundle/hub/storage.ts';
import type { HubFile, HubListing } from '../../../../src/bundle/hub/listing.ts';
import { ModelStore } from '../../../../src/bundle/hub/store.ts';
import { bytesOf } from '../../../hub/folder.ts';
import { MemoryDisk } from '../../../hub/memoryDisk.ts';

const commit = 'c'.repeat(40);
const weights = bytesOf(100, 1);
const config = bytesOf(20, 2);

let disk: MemoryDisk;
let store: ModelStore;
let now: number;
beforeEach(() => {
  disk = new MemoryDisk();
  now = 1000;
  store = new ModelStore(disk, () => now);
});

function fileOf(path: string, bytes: Uint8Array): HubFile {
  const hex = createHash('sha256').update(bytes).digest('hex');
  return { path, bytes: bytes.length, checksum: { algorithm: 'sha256', hex } };
}

function listingOf(repository: string, files: HubFile[]): HubListing {
  return { repository, revision: 'main', commit, licence: 'mit', files };
}

/** Puts bytes where a download would, and says that they are right. */
async function put(file: HubFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const partial = await store.contents.open(file);
  partial.append(bytes);
  partial.close();
  if (bytes.length === file.bytes) await store.contents.seal(file, file.checksum.hex);
}

const model = fileOf('onnx/model.onnx', weights);
const settings = fileOf('config.json', config);

describe('ModelStore', () => {
  it('lists models with what is there of each file, the last one first', async () => {
    await store.add(listingOf('a/one', [model, settings]));
    now = 2000;
    await store.add(listingOf('b/two', [settings]));
    await put(settings, config);
    await put(model, weights.slice(0, 30));
    const [two, one] = await store.list();
    expect(two).toMatchObject({ repository: 'b/two', addedAt: 2000, whole: true, keptBytes: 20 });
    expect(one).toEqual({
      ...listingOf('a/one', []),
      ...{ addedAt: 1000, whole: false, keptBytes: 50, totalBytes: 120 },
      files: [
        { ...model, keptBytes: 30, whole: false },
        { ...settings, keptBytes: 20, whole: true },
      ],
    });
  });

  it('reads any range of a file', async () => {
    await store.add(listingOf('a/one', [model]));
    await put(model, weights);
    const file = await store.read('a/one', commit, model.path);
    const range = new Uint8Array(await file.slice(40, 60).arrayBuffer());
    expect(range).toEqual(weights.slice(40, 60));
    expect(file.size).toBe(100);
  });

  it('gives no file before it was checked, however many bytes are there', async () => {
    await store.add(listingOf('a/one', [model]));
    const partial = await store.contents.open(model);
    partial.append(weights);
    partial.close();
    await expect(store.read('a/one', commit, model.path)).rejects.toMatchObject({
      code: 'file-partial',
    });
  });

  it('gives no file that lost bytes after it was checked', async () => {
    await store.add(listingOf('a/one', [model]));
    await put(model, weights);
    disk.files.set(`sha256-${model.checksum.hex}`, weights.slice(1));
    await expect(store.read('a/one', commit, model.path)).rejects.toMatchObject({
      code: 'file-partial',
    });
  });

  it('says that a file is missing that nobody asked for', async () => {
    await store.add(listingOf('a/one', [model]));
    for (const [repository, path] of [
      ['a/one', 'other.onnx'],
      ['b/two', model.path],
    ] as const) {
      const read = store.read(repository, commit, path);
      await expect(read).rejects.toMatchObject({ code: 'file-missing' });
      await expect(read).rejects.toThrow(path);
    }
  });

  it('adds files to a model that is there already', async () => {
    await store.add(listingOf('a/one', [settings]));
    now = 2000;
    await store.add(listingOf('a/one', [model]));
    const [one, ...others] = await store.list();
    expect(others).toEqual([]);
    expect(one?.files.map(({ path }) => path)).toEqual([settings.path, model.path]);
    expect(one?.addedAt).toBe(1000);
    expect([...disk.files.keys()]).toHaveLength(1);
  });

  it('keeps the older list of files when the newer one was cut off', async () => {
    await store.add(listingOf('a/one', [settings]));
    const [[name, bytes] = ['', new Uint8Array()]] = disk.files;
    disk.files.set(name.replace('.1.json', '.2.json'), bytes.slice(0, bytes.length / 2));
    expect(await store.find('a/one', commit)).toMatchObject({ files: [settings] });
    await store.add(listingOf('a/one', [model]));
    expect((await store.find('a/one', commit))?.files).toHaveLength(2);
  });

  it('takes the newer list of files where the older one was not removed in time', async () => {
    await store.add(listingOf('a/one', [settings]));
    const [[name, bytes] = ['', new Uint8Array()]] = disk.files;
    await store.add(listingOf('a/one', [model]));
    disk.files.set(name, bytes);
    expect((await store.find('a/one', commit))?.files).toHaveLength(2);
    expect((await store.list()).map(({ files }) => files.length)).toEqual([2]);
  });

  it('keeps models apart whose names begin alike', async () => {
    await store.add(listingOf('a/one', [settings]));
    await store.add({ ...listingOf('a/one', [model]), commit: `${'c'.repeat(39)}d` });
    await store.add(listingOf('a/one.more', [model]));
    expect(await store.list()).toHaveLength(3);
    expect((await store.find('a/one', commit))?.files).toHaveLength(1);
  });

  it('deletes a model with its bytes, but not those that another shares', async () => {
    await store.add(listingOf('a/one', [model, settings]));
    await store.add(listingOf('b/two', [settings]));
    await put(model, weights);
    await put(settings, config);
    await store.delete('a/one', commit);
    expect(await store.find('a/one', commit)).toBeNull();
    expect(await store.find('b/two', commit)).toMatchObject({ whole: true });
    await store.delete('b/two', commit);
    expect([...disk.files.keys()]).toEqual([]);
    expect(await store.usedBytes()).toBe(0);
  });

  it('does not delete what is being downloaded', async () => {
    await store.add(listingOf('a/one', [model]));
    const partial = await store.contents.open(model);
    await expect(store.delete('a/one', commit)).rejects.toMatchObject({ code: 'file-busy' });
    expect(await store.list()).toHaveLength(1);
    partial.close();
    await store.delete('a/one', commit);
    expect(await store.list()).toEqual([]);
  });

  it('knows how much all of it takes', async () => {
    await store.add(listingOf('a/one', [model, settings]));
    const empty = await store.usedBytes();
    await put(model, weights.slice(0, 30));
    await put(settings, config);
    // A whole file has its SHA-256 beside it.
    expect(await store.usedBytes()).toBe(empty + 30 + 20 + 64);
  });
});

describe('the storage of the browser', () => {
  it('is unknown where there is none', async () => {
    vi.stubGlobal('navigator', undefined);
    expect(await storageUse()).toBeNull();
    expect(await persistStorage()).toBe(false);
    vi.unstubAllGlobals();
  });

  it('is told as the browser tells it', async () => {
    let persisted = false;
    vi.stubGlobal('navigator', {
      storage: {
        estimate: () => Promise.resolve({ usage: 7, quota: 100 }),
        persisted: () => Promise.resolve(persisted),
        persist: () => Promise.resolve((persisted = true)),
      },
    });
    expect(await storageUse()).toEqual({ usedBytes: 7, quotaBytes: 100, persisted: false });
    expect(await persistStorage()).toBe(true);
    expect(await storageUse()).toMatchObject({ persisted: true });
    vi.unstubAllGlobals();
  });
});
