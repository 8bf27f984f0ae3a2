// The store of runs on a disk in memory that dies, fills up and rots.
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryFolder } from '../../support/memory-folder.ts';
import type { Checkpoint } from '../../../src/train/checkpoint.ts';
import { readCurrent, replaceFile } from '../../../src/train/files.ts';
import { RunStore } from '../../../src/train/runs.ts';
import { decodeRun } from '../../../src/train/runSchema.ts';
import { checkpointAt, runData, runOf, startBytes, stepEvent } from './runs.ts';

const text = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);
const bytes = (content: string) => new TextEncoder().encode(content);

describe('replaceFile', () => {
  it('leaves the old file or the new one, wherever it is cut off', async () => {
    const before = new MemoryFolder();
    await replaceFile(before, 'run.json', bytes('first'));
    await replaceFile(before, 'run.json', bytes('the old one'));
    const seen = new Set<string | null>();
    for (let diesAt = 1; diesAt <= 4; diesAt++) {
      const folder = before.copy();
      folder.disk.diesAt = diesAt;
      const death = new Promise<void>((resolve) => (folder.disk.died = resolve));
      await Promise.race([death, replaceFile(folder, 'run.json', bytes('the new one'))]);
      const after = folder.copy();
      seen.add(text(await readCurrent(after, 'run.json')));
      await replaceFile(after, 'run.json', bytes('a later one'));
      expect(text(await readCurrent(after, 'run.json'))).toBe('a later one');
    }
    expect([...seen].sort()).toEqual(['the new one', 'the old one']);
  });

  it('keeps the old file and nothing else when the disk is full', async () => {
    const folder = new MemoryFolder();
    await replaceFile(folder, 'run.json', bytes('old'));
    folder.disk.quota = 3;
    await expect(replaceFile(folder, 'run.json', bytes('longer'))).rejects.toMatchObject({
      code: 'storage-full',
    });
    expect(text(await readCurrent(folder, 'run.json'))).toBe('old');
    expect((await folder.list()).sort()).toEqual(['run.json.a', 'run.json.current']);
  });

  it('takes no more room than one file afterwards', async () => {
    const folder = new MemoryFolder();
    for (let i = 0; i < 5; i++) await replaceFile(folder, 'x', new Uint8Array(100));
    expect(folder.bytes).toBe(101);
  });
});

describe('RunStore', () => {
  let folder: MemoryFolder;
  let store: RunStore;
  beforeEach(async () => {
    folder = new MemoryFolder();
    store = new RunStore(folder);
    await store.create(runOf('one', '2026-11-20'), runData, startBytes);
    await store.create(runOf('two', '2026-11-21'), runData, startBytes);
  });

  it('gives back what was kept, the newest run first', async () => {
    const { runs, damaged } = await new RunStore(folder).list();
    expect(runs).toEqual([runOf('two', '2026-11-21'), runOf('one', '2026-11-20')]);
    expect(damaged).toEqual([]);
    expect(await store.read('one')).toEqual({
      run: runOf('one', '2026-11-20'),
      data: runData,
      start: startBytes,
      checkpoint: null,
    });
  });

  it('gives back a checkpoint, and the curve only up to it', async () => {
    const checkpoint: Checkpoint = checkpointAt(2);
    const run = { ...runOf('one', '2026-11-20'), curve: [1, 2, 3].map(stepEvent) };
    await store.saveCheckpoint(run, checkpoint);
    const read = await store.read('one');
    expect(read.checkpoint).toEqual(checkpoint);
    expect(read.run.curve.map(({ step }) => step)).toEqual([1, 2]);
  });

  it('lists a damaged run with what is wrong, and the others as they are', async () => {
    const damage: [(child: MemoryFolder) => void, string][] = [
      [(child) => child.files.set('run.json.a', bytes('{"format": "lingua')), 'cut off'],
      [(child) => child.files.set('run.json.a', bytes('{"format": "other"}')), 'format'],
      [(child) => child.files.delete('run.json.current'), 'run.json is missing'],
      [(child) => child.files.delete('data.json.current'), 'data.json is missing'],
    ];
    for (const [harm, problem] of damage) {
      const harmed = folder.copy();
      harm(harmed.children.get('one') as MemoryFolder);
      const damagedStore = new RunStore(harmed);
      const { runs, damaged } = await damagedStore.list();
      expect(runs.map(({ id }) => id)).toEqual(['two']);
      expect(damaged).toMatchObject([{ id: 'one', problem: expect.stringContaining(problem) }]);
      await expect(damagedStore.read('one')).rejects.toMatchObject({ code: 'run-damaged' });
      await damagedStore.remove('one');
      expect(await damagedStore.list()).toMatchObject({ runs: [{ id: 'two' }], damaged: [] });
    }
  });

  it('refuses a checkpoint whose bits have flipped', async () => {
    await store.saveCheckpoint(runOf('one', '2026-11-20'), checkpointAt(1));
    const file = folder.children.get('one')?.files.get('checkpoint.safetensors.a');
    if (file) file[file.length - 1] = (file.at(-1) ?? 0) ^ 1;
    await expect(store.read('one')).rejects.toThrow('SHA-256');
  });

  it('makes no run that the disk has no room for', async () => {
    folder.disk.quota = startBytes.length - 1;
    const created = store.create(runOf('three', '2026-11-22'), runData, startBytes);
    await expect(created).rejects.toMatchObject({ code: 'storage-full' });
    expect(await store.list()).toMatchObject({ runs: [{ id: 'two' }, { id: 'one' }], damaged: [] });
  });

  it('says of a run that is gone that it is gone', async () => {
    await store.remove('one');
    await expect(store.read('one')).rejects.toMatchObject({ code: 'run-missing' });
    await expect(store.summary('one')).rejects.toMatchObject({ code: 'run-missing' });
    expect(await folder.folders()).toEqual(['two']);
  });
});

describe('decodeRun', () => {
  it('reads a run of before there were words to learn as one that learns from sentences', () => {
    const run = runOf('one');
    const { lesson, ...settings } = run.config.settings;
    const old = { ...run, config: { ...run.config, settings } };
    const file = { format: 'lingualift-run-1', run: old };
    expect(lesson).toBe('sentences');
    expect(decodeRun(new TextEncoder().encode(JSON.stringify(file)))).toEqual(run);
  });
});
