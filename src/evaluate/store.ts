// Where runs are kept: a record, what it asks, and the samples in chunks, one a batch. A chunk is
// written once and never again, so that a run of any length costs the memory of one batch. How far a run is follows
// from its chunks alone: nothing else has to be written with them, and a run that dies at any moment has every
// batch whole or not at all.
import type { Exemplar } from '../bridge/types.ts';
import { LinguaLiftError } from '../bundle/errors.ts';
import type { Problem } from './datasets/problem.ts';
import type { RunRecord, Sample } from './record.ts';

/** What a run asks. It is kept with the run, which so depends on no file and no download when it goes on. */
export interface RunData {
  problems: readonly Problem[];
  /** Worked problems by language, at least as many as the config wants. */
  exemplars: Readonly<Record<string, readonly Exemplar[]>>;
}

/** A run as a list shows it. */
export interface StoredRun {
  record: RunRecord;
  /** Samples that are stored. */
  done: number;
}

/** What of a record may change once it is written. */
export type RecordChange = Partial<Pick<RunRecord, 'name' | 'status' | 'reason' | 'selfCheck'>>;

/**
 * Keeps runs. Every method happens whole or not at all. Whatever names a run that is not there (any more) throws
 * LinguaLiftError `run-missing`, and whatever writes `storage-full`.
 */
export interface RunStore {
  /** All runs, the newest first. */
  list(): Promise<StoredRun[]>;
  read(id: string): Promise<StoredRun>;
  /** What a run asks; nothing for an imported one. */
  data(id: string): Promise<RunData>;
  create(record: RunRecord, data: RunData): Promise<void>;
  /** Changes a record and returns it. Changes of different fields from different tabs do not undo each other. */
  update(id: string, change: RecordChange): Promise<RunRecord>;
  /** Adds the samples of a batch: consecutive places in the plan. */
  append(id: string, samples: readonly Sample[]): Promise<void>;
  /** Places of the first samples of the batches that are stored. */
  starts(id: string): Promise<ReadonlySet<number>>;
  /** All samples in the order of the plan. */
  samples(id: string): Promise<Sample[]>;
  /** The sample in one place of the plan, `null` when it is not there yet. */
  sample(id: string, index: number): Promise<Sample | null>;
  /** Takes in a run that came as files, under an id of its own and its samples renumbered. Returns its record. */
  import(record: RunRecord, samples: readonly Sample[]): Promise<RunRecord>;
  /** Removes a run if it is there. `removeRun` keeps other tabs from writing it meanwhile. */
  remove(id: string): Promise<void>;
}

/** Keeps two tabs from writing one run; workers/run-locks.ts has the browser's. */
export interface RunLocks {
  /**
   * Takes the lock of a run.
   * @returns what lets it go
   * @throws LinguaLiftError `run-elsewhere` when another tab has it
   */
  take(run: string): Promise<() => void>;
  /** The runs whose locks are held. */
  held(): Promise<ReadonlySet<string>>;
}

/** All runs as they are: one that says `running` but that no tab has in hand was broken off, and is paused. */
export async function listRuns(store: RunStore, locks: RunLocks): Promise<StoredRun[]> {
  const [runs, held] = await Promise.all([store.list(), locks.held()]);
  return runs.map(({ record, done }) => {
    const isBroken = record.status === 'running' && !held.has(record.id);
    return { record: isBroken ? { ...record, status: 'paused' } : record, done };
  });
}

/**
 * Removes a run.
 * @throws LinguaLiftError `run-elsewhere` while a tab, this one too, has it in hand
 */
export async function removeRun(store: RunStore, locks: RunLocks, id: string): Promise<void> {
  const letGo = await locks.take(id);
  try {
    await store.remove(id);
  } finally {
    letGo();
  }
}

/** As what a run that came as files is kept. */
export function asImported(record: RunRecord, samples: readonly Sample[]) {
  const imported: RunRecord = {
    ...record,
    ...{ id: crypto.randomUUID(), status: 'imported', reason: null },
  };
  return { record: imported, samples: samples.map((sample, index) => ({ ...sample, index })) };
}

/** What an imported run asks. */
export const noData: RunData = { problems: [], exemplars: {} };

export const byNewest = (a: StoredRun, b: StoredRun): number =>
  b.record.created.localeCompare(a.record.created);

export function missingRun(id: string): LinguaLiftError {
  return new LinguaLiftError(
    'run-missing',
    'This run is not stored any more. It may have been deleted in another tab.',
    id,
  );
}
