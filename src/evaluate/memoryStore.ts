// Runs in memory, for the command line and for tests. What goes in and comes out is copied, as a database does.
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

interface KeptRun {
  record: RunRecord;
  data: RunData;
  /** By place in the plan. */
  samples: Map<number, Sample>;
  starts: Set<number>;
}

export class MemoryStore implements RunStore {
  readonly #runs = new Map<string, KeptRun>();

  async list(): Promise<StoredRun[]> {
    const runs = await Promise.all([...this.#runs.keys()].map((id) => this.read(id)));
    return runs.sort(byNewest);
  }

  async read(id: string): Promise<StoredRun> {
    const { record, samples } = this.#find(id);
    return { record: structuredClone(record), done: samples.size };
  }

  async data(id: string): Promise<RunData> {
    return structuredClone(this.#find(id).data);
  }

  async create(record: RunRecord, data: RunData): Promise<void> {
    const kept = structuredClone({ record, data });
    this.#runs.set(record.id, { ...kept, samples: new Map(), starts: new Set() });
  }

  async update(id: string, change: RecordChange): Promise<RunRecord> {
    const run = this.#find(id);
    run.record = structuredClone({ ...run.record, ...change });
    return structuredClone(run.record);
  }

  async append(id: string, samples: readonly Sample[]): Promise<void> {
    const run = this.#find(id);
    for (const sample of structuredClone(samples)) run.samples.set(sample.index, sample);
    for (const { index } of samples.slice(0, 1)) run.starts.add(index);
  }

  async starts(id: string): Promise<ReadonlySet<number>> {
    return new Set(this.#find(id).starts);
  }

  async samples(id: string): Promise<Sample[]> {
    const samples = structuredClone([...this.#find(id).samples.values()]);
    return samples.sort((a, b) => a.index - b.index);
  }

  async sample(id: string, index: number): Promise<Sample | null> {
    return structuredClone(this.#find(id).samples.get(index) ?? null);
  }

  async import(record: RunRecord, samples: readonly Sample[]): Promise<RunRecord> {
    const imported = asImported(record, samples);
    await this.create(imported.record, noData);
    await this.append(imported.record.id, imported.samples);
    return imported.record;
  }

  async remove(id: string): Promise<void> {
    this.#runs.delete(id);
  }

  #find(id: string): KeptRun {
    const run = this.#runs.get(id);
    if (run) return run;
    throw missingRun(id);
  }
}
