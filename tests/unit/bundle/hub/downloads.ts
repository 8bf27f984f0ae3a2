// What the tests of downloads share: a repository on a hub on this computer, and a store in memory.
import { beforeEach, expect } from 'vitest';
import { downloadModel, type ModelProgress } from '../../../../src/bundle/hub/download.ts';
import { listRepository, pickFiles, type HubListing } from '../../../../src/bundle/hub/listing.ts';
import type { Pause } from '../../../../src/bundle/hub/retries.ts';
import { ModelStore } from '../../../../src/bundle/hub/store.ts';
import { bytesOf, repository, useHub, type TestHub } from '../../../hub/folder.ts';
import { MemoryDisk } from '../../../hub/memoryDisk.ts';

export const model = 'onnx/model_q4.onnx';
export const config = 'config.json';
export const tiny = 'onnx/tiny.onnx';
export const files = {
  [model]: bytesOf(200_000, 1),
  [config]: bytesOf(700, 2),
  [tiny]: bytesOf(24, 3),
  'copy/tiny.onnx': bytesOf(24, 3),
  'empty.txt': new Uint8Array(),
};
export const paths = Object.keys(files) as (keyof typeof files)[];

interface Settings {
  signal?: AbortSignal;
  onProgress?: (progress: ModelProgress) => void;
  pause?: Pause;
}

/** A hub with `files`, and for every test an empty disk. */
export class Downloads {
  disk = new MemoryDisk();
  store = new ModelStore(this.disk);
  readonly #hub: () => TestHub;

  constructor() {
    this.#hub = useHub(files);
    beforeEach(() => this.use(new MemoryDisk()));
  }

  get hub(): TestHub {
    return this.#hub();
  }

  get server() {
    return this.hub.server;
  }

  /** Begins a session that knows only what is on a disk. */
  use(disk: MemoryDisk): void {
    this.disk = disk;
    this.store = new ModelStore(disk);
  }

  /** What the hub lists of some files; the requests for it are not counted. */
  async listing(...wanted: string[]): Promise<HubListing> {
    const all = await listRepository(this.server.url, repository, 'main');
    this.server.requests.length = 0;
    return pickFiles(all, wanted);
  }

  download(wanted: HubListing, settings: Settings = {}): Promise<void> {
    const pause = () => Promise.resolve();
    return downloadModel(wanted, this.store, { hub: this.server.url, pause, ...settings });
  }

  /** Downloads until so many bytes of a file are there, then stops as a person does. */
  async stopAt(wanted: HubListing, path: string, bytes: number): Promise<void> {
    this.server.fail(path, { stallAfter: bytes }, 1);
    const stop = new AbortController();
    const started = this.download(wanted, {
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.path === path && progress.bytes === bytes) stop.abort();
      },
    });
    await expect(started).rejects.toMatchObject({ code: 'cancelled' });
    this.server.reset();
  }

  /** Whether a file can be read and is the one that the hub serves. */
  async isStored({ commit }: HubListing, path: keyof typeof files): Promise<boolean> {
    const bytes = await (await this.store.read(repository, commit, path)).arrayBuffer();
    return Buffer.from(bytes).equals(files[path]);
  }

  /** The ranges that the content network was asked for, of a large file. */
  ranges(path: string): (string | null)[] {
    return this.server.requests
      .filter(({ at, path: asked }) => at === 'cdn' && asked === path)
      .map(({ range }) => range);
  }
}
