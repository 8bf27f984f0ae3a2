// Runs in the browser's IndexedDB. One object store holds all; its keys are lists, which the database sorts item by
// item, so that all chunks of a run are one range and lie in the order of the plan:
//
//   ['record', id]                  the record
//   ['data', id]                    what it asks
//   ['samples', id, start, count]   a chunk: the samples of a batch; how many stands in the key, so that how far a run
//                                   is can be told without reading any
//
// Every method is one transaction, which the browser carries out whole or not at all.
import { createStore, promisifyRequest, type UseStore } from 'idb-keyval';
import { LinguaLiftError } from '../bundle/errors.ts';
import type { RunRecord, Sample } from './record.ts';
import {
  asImported,
  byNewest,
  missingRun,
  noData,
  type RecordChange,
  type RunData,
  type RunStore,
  type StoredRun,
} from './store.ts';

type ChunkKey = ['samples', id: string, start: number, count: number];

/** Samples of an imported run that lie together: reading one of them reads its whole chunk. */
const importedChunk = 64;

const recordKey = (id: string) => ['record', id];
const dataKey = (id: string) => ['data', id];
const chunkKey = (id: string, samples: readonly Sample[]): ChunkKey => {
  const [first] = samples;
  return ['samples', id, first?.index ?? 0, samples.length];
};

/** All keys that begin so: to the database, a list is greater than any number or text. */
const beginningWith = (...beginning: string[]) => IDBKeyRange.bound(beginning, [...beginning, []]);

export class IndexedStore implements RunStore {
  readonly #use: UseStore = createStore('lingualift-evaluations', 'runs');

  async list(): Promise<StoredRun[]> {
    const [records, keys] = await this.#use('readonly', (store) =>
      Promise.all([
        promisifyRequest<RunRecord[]>(store.getAll(beginningWith('record'))),
        promisifyRequest(store.getAllKeys(beginningWith('samples'))),
      ]),
    );
    const done = new Map<string, number>();
    for (const [, id, , count] of keys as ChunkKey[]) done.set(id, (done.get(id) ?? 0) + count);
    return records.map((record) => ({ record, done: done.get(record.id) ?? 0 })).sort(byNewest);
  }

  async read(id: string): Promise<StoredRun> {
    const [record, keys] = await this.#use('readonly', (store) =>
      Promise.all([readRecord(store, id), readChunkKeys(store, id)]),
    );
    return { record, done: keys.reduce((sum, [, , , count]) => sum + count, 0) };
  }

  data(id: string): Promise<RunData> {
    return this.#use('readonly', async (store) => {
      const data = await promisifyRequest<RunData | undefined>(store.get(dataKey(id)));
      if (data) return data;
      throw missingRun(id);
    });
  }

  create(record: RunRecord, data: RunData): Promise<void> {
    return this.#write((store) => {
      store.put(record, recordKey(record.id));
      store.put(data, dataKey(record.id));
    });
  }

  update(id: string, change: RecordChange): Promise<RunRecord> {
    return this.#write(async (store) => {
      const record = { ...(await readRecord(store, id)), ...change };
      store.put(record, recordKey(id));
      return record;
    });
  }

  append(id: string, samples: readonly Sample[]): Promise<void> {
    return this.#write(async (store) => {
      await readRecord(store, id);
      store.put(samples, chunkKey(id, samples));
    });
  }

  starts(id: string): Promise<ReadonlySet<number>> {
    return this.#use('readonly', async (store) => {
      await readRecord(store, id);
      return new Set((await readChunkKeys(store, id)).map(([, , start]) => start));
    });
  }

  samples(id: string): Promise<Sample[]> {
    return this.#use('readonly', async (store) => {
      await readRecord(store, id);
      const chunks = promisifyRequest<Sample[][]>(store.getAll(beginningWith('samples', id)));
      return (await chunks).flat();
    });
  }

  sample(id: string, index: number): Promise<Sample | null> {
    return this.#use('readonly', async (store) => {
      await readRecord(store, id);
      // The last chunk that begins there or before.
      const range = IDBKeyRange.bound(['samples', id], ['samples', id, index, []]);
      const cursor = await promisifyRequest(store.openCursor(range, 'prev'));
      const chunk = cursor?.value as Sample[] | undefined;
      return chunk?.find((sample) => sample.index === index) ?? null;
    });
  }

  async import(record: RunRecord, samples: readonly Sample[]): Promise<RunRecord> {
    const imported = asImported(record, samples);
    const { id } = imported.record;
    await this.#write((store) => {
      store.put(imported.record, recordKey(id));
      store.put(noData, dataKey(id));
      for (let start = 0; start < samples.length; start += importedChunk) {
        const chunk = imported.samples.slice(start, start + importedChunk);
        store.put(chunk, chunkKey(id, chunk));
      }
    });
    return imported.record;
  }

  remove(id: string): Promise<void> {
    return this.#write((store) => {
      store.delete(recordKey(id));
      store.delete(dataKey(id));
      store.delete(beginningWith('samples', id));
    });
  }

  /** A transaction that writes; resolves when it is written. What `write` throws undoes all of it. */
  #write<Result>(write: (store: IDBObjectStore) => Result | Promise<Result>): Promise<Result> {
    return this.#use('readwrite', async (store) => {
      const end = endOf(store.transaction);
      try {
        const result = await write(store);
        // The last request is made: whatever else goes wrong undoes the transaction by itself.
        return end.then(() => result);
      } catch (thrown) {
        store.transaction.abort();
        await end.catch(() => undefined);
        throw thrown;
      }
    });
  }
}

/** @throws LinguaLiftError `storage-full` */
function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => {
      const { error } = transaction;
      reject(error?.name === 'QuotaExceededError' ? storageFull(error) : error);
    };
  });
}

function storageFull(cause: DOMException): LinguaLiftError {
  return new LinguaLiftError(
    'storage-full',
    'The browser gives this page no more room to store the run. What was written before is safe: delete other runs or free space on the disk, then resume.',
    String(cause),
    { cause },
  );
}

async function readRecord(store: IDBObjectStore, id: string): Promise<RunRecord> {
  const record = await promisifyRequest<RunRecord | undefined>(store.get(recordKey(id)));
  if (record) return record;
  throw missingRun(id);
}

async function readChunkKeys(store: IDBObjectStore, id: string): Promise<ChunkKey[]> {
  const keys = await promisifyRequest(store.getAllKeys(beginningWith('samples', id)));
  return keys as ChunkKey[];
}
