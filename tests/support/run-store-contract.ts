// What every store of evaluation runs has to do, whatever it keeps them in.
import { describe, expect, it } from 'vitest';
import type { RunStore } from '../../src/evaluate/store.ts';
import { data, recordOf, sampleAt } from '../unit/evaluate/runs.ts';

const chunk = (start: number, count: number) =>
  Array.from({ length: count }, (_, place) => sampleAt(start + place));

/** @param open an empty store, or the one that was opened before */
export function describeRunStore(name: string, open: () => RunStore): void {
  describe(name, () => {
    it('gives back what was written, in the order of the plan', async () => {
      const store = open();
      const record = recordOf();
      await store.create(record, data);
      await store.append(record.id, chunk(4, 3));
      await store.append(record.id, chunk(12, 1));
      await store.append(record.id, chunk(0, 4));
      expect(await store.read(record.id)).toEqual({ record, done: 8 });
      expect(await store.data(record.id)).toEqual(data);
      expect(await store.starts(record.id)).toEqual(new Set([0, 4, 12]));
      expect(await store.samples(record.id)).toEqual([...chunk(0, 7), ...chunk(12, 1)]);
      expect(await store.sample(record.id, 5)).toEqual(sampleAt(5));
      expect(await store.sample(record.id, 7)).toBeNull();
    });

    it('lists runs with how far they are, the newest first', async () => {
      const store = open();
      const [older, newer] = [recordOf(), recordOf()];
      await store.create({ ...older, created: '2101-01-01T00:00:00.000Z' }, data);
      await store.create({ ...newer, created: '2102-01-01T00:00:00.000Z' }, data);
      await store.append(older.id, chunk(0, 4));
      const listed = (await store.list()).map(({ record, done }) => [record.id, done]);
      expect(listed.slice(0, 2)).toEqual([
        [newer.id, 0],
        [older.id, 4],
      ]);
    });

    it('changes the fields that it is told to and no others', async () => {
      const store = open();
      const record = recordOf();
      await store.create(record, data);
      await Promise.all([
        store.update(record.id, { name: 'Another name' }),
        store.update(record.id, { status: 'paused', reason: 'The GPU is gone.' }),
      ]);
      const changed = { ...record, name: 'Another name', reason: 'The GPU is gone.' };
      expect((await store.read(record.id)).record).toEqual(changed);
      expect(await store.update(record.id, { reason: null })).toEqual({ ...changed, reason: null });
    });

    it('takes in a run from elsewhere beside the one it may be a copy of', async () => {
      const store = open();
      const record = recordOf();
      await store.create(record, data);
      const imported = await store.import({ ...record, status: 'running' }, chunk(7, 200));
      const renumbered = chunk(7, 200).map((sample, index) => ({ ...sample, index }));
      expect(imported).toEqual({ ...record, id: imported.id, status: 'imported' });
      expect(imported.id).not.toBe(record.id);
      expect(await store.read(imported.id)).toEqual({ record: imported, done: 200 });
      expect(await store.samples(imported.id)).toEqual(renumbered);
      expect(await store.sample(imported.id, 150)).toEqual(renumbered[150]);
      expect((await store.read(record.id)).done).toBe(0);
    });

    it('forgets a removed run, takes nothing more for it, and keeps its neighbours', async () => {
      const store = open();
      const [gone, kept] = [recordOf(), recordOf()];
      for (const record of [gone, kept]) {
        await store.create(record, data);
        await store.append(record.id, chunk(0, 4));
      }
      await store.remove(gone.id);
      const attempts = [
        () => store.read(gone.id),
        () => store.data(gone.id),
        () => store.samples(gone.id),
        () => store.sample(gone.id, 0),
        () => store.starts(gone.id),
        () => store.update(gone.id, { name: 'Ghost' }),
        () => store.append(gone.id, chunk(4, 4)),
      ];
      for (const attempt of attempts) {
        await expect(attempt()).rejects.toMatchObject({ code: 'run-missing' });
      }
      expect((await store.list()).map(({ record }) => record.id)).not.toContain(gone.id);
      expect((await store.read(kept.id)).done).toBe(4);
    });
  });
}
