// Runs in memory, and what a list shows of runs in any store.
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../src/evaluate/memoryStore.ts';
import { listRuns, removeRun } from '../../../src/evaluate/store.ts';
import { describeRunStore } from '../../support/run-store-contract.ts';
import { data, MemoryLocks, recordOf } from './runs.ts';

describeRunStore('MemoryStore', () => new MemoryStore());

describe('listRuns', () => {
  it('shows a run that says running as paused, unless a tab has it in hand', async () => {
    const store = new MemoryStore();
    const locks = new MemoryLocks();
    const record = recordOf();
    await store.create({ ...record, status: 'running' }, data);
    const letGo = await locks.take(record.id);
    expect((await listRuns(store, locks)).map((run) => run.record.status)).toEqual(['running']);
    letGo();
    expect((await listRuns(store, locks)).map((run) => run.record.status)).toEqual(['paused']);
  });
});

describe('removeRun', () => {
  it('removes no run that a tab has in hand', async () => {
    const store = new MemoryStore();
    const locks = new MemoryLocks();
    const record = recordOf();
    await store.create(record, data);
    const letGo = await locks.take(record.id);
    await expect(removeRun(store, locks, record.id)).rejects.toMatchObject({
      code: 'run-elsewhere',
    });
    expect(await store.list()).toHaveLength(1);
    letGo();
    await removeRun(store, locks, record.id);
    expect(await store.list()).toEqual([]);
    expect(await locks.held()).toEqual(new Set());
  });
});
