// Runs in a real browser's IndexedDB.
import { expect, it } from 'vitest';
import { IndexedStore } from '../../../src/evaluate/indexedStore.ts';
import type { RunData } from '../../../src/evaluate/store.ts';
import { describeRunStore } from '../../support/run-store-contract.ts';
import { data, recordOf, sampleAt } from '../../unit/evaluate/runs.ts';

describeRunStore('IndexedStore', () => new IndexedStore());

it('IndexedStore writes nothing of what it cannot write whole', async () => {
  const store = new IndexedStore();
  const record = recordOf();
  const unwritable = { ...data, problems: [{ ...data.problems[0], question: () => 'a function' }] };
  await expect(store.create(record, unwritable as unknown as RunData)).rejects.toMatchObject({
    name: 'DataCloneError',
  });
  await expect(store.read(record.id)).rejects.toMatchObject({ code: 'run-missing' });
});

it('IndexedStore finds a run again after the page was opened anew', async () => {
  const record = recordOf();
  const before = new IndexedStore();
  await before.create(record, data);
  await before.append(record.id, [sampleAt(0)]);
  const after = new IndexedStore();
  expect(await after.read(record.id)).toEqual({ record, done: 1 });
  expect(await after.data(record.id)).toEqual(data);
});
