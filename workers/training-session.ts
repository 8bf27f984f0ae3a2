// What the training worker does, request by request: one open bundle, at most one run in hand, all runs in the
// store. Requests that change which run is in hand take turns.
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { storedAdapter, storedAlignment } from '../src/train/results.ts';
import type { RunnerEvent } from '../src/train/runner.ts';
import type { RunStore, StoredRun } from '../src/train/runs.ts';
import { checkNetworks } from '../src/train/setup.ts';
import { heldRuns, takeRunLock } from './run-locks.ts';
import { TrainingModels } from './training-models.ts';
import { prepareRun } from './training-lesson.ts';
import { assembleRun, newRun, startFile, type AssembledRun } from './training-run.ts';
import type {
  Estimate,
  ExportedFile,
  ExportKind,
  NewRun,
  RunList,
  RunSummary,
  TrainingEvent,
} from './training-protocol.ts';

/** The run in hand: its memory on the GPU, and the lock that keeps other tabs from it. */
interface Held extends AssembledRun {
  letLockGo: () => void;
}

export class TrainingSession {
  readonly #store: RunStore;
  readonly #emit: (event: TrainingEvent) => void;
  #models: TrainingModels | null = null;
  #held: Held | null = null;
  #lastTurn: Promise<unknown> = Promise.resolve();

  /** @param emit gets what happens to the run in hand */
  constructor(store: RunStore, emit: (event: TrainingEvent) => void) {
    this.#store = store;
    this.#emit = emit;
  }

  /** Opens the bundle: once in a session's life. */
  open(url: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#models = await TrainingModels.open(url);
    });
  }

  /** What a run would take. */
  estimate({ config, data, imported }: NewRun): Promise<Estimate> {
    return this.#inTurn(async () => {
      const models = this.#opened();
      const { gpu } = models;
      const start = await startFile(models, this.#store, config, imported);
      const run = await prepareRun(models, config, data, start);
      const estimate = run.estimate(gpu.profile);
      return { ...estimate, adapter: gpu.name, software: gpu.profile.kind === 'software' };
    });
  }

  /** Makes a run and starts it; resolves when it goes. */
  start(name: string, { config, data, imported }: NewRun): Promise<RunSummary> {
    return this.#inTurn(async () => {
      const models = this.#opened();
      const start = await startFile(models, this.#store, config, imported);
      const run = newRun(models.manifest, name, config, data, start);
      const { runner } = await this.#take(run.id, () =>
        Promise.resolve({ run, data, start, checkpoint: null }),
      );
      try {
        await this.#store.create(run, data, start);
      } catch (thrown) {
        await this.#letGo();
        throw thrown;
      }
      await runner.start();
      return runner.run;
    });
  }

  /** Goes on with a run; resolves when it goes. */
  resume(id: string): Promise<RunSummary> {
    return this.#inTurn(async () => {
      const { networks } = this.#opened();
      const read = async () => {
        const stored = await this.#store.read(id);
        checkNetworks(stored.run.bundle, networks);
        return stored;
      };
      const { runner } = this.#heldIf(id) ?? (await this.#take(id, read));
      await runner.start();
      return runner.run;
    });
  }

  /** One step of the run in hand. */
  singleStep(): Promise<void> {
    return this.#inTurn(async () => {
      const { runner } = this.#inHand();
      await runner.pause();
      await runner.start(1);
      await runner.atRest;
    });
  }

  pause(): Promise<void> {
    return this.#inTurn(() => this.#inHand().runner.pause());
  }

  finish(): Promise<void> {
    return this.#inTurn(() => this.#inHand().runner.finish());
  }

  async list(): Promise<RunList> {
    const { runs, damaged } = await this.#store.list();
    const held = await heldRuns();
    const shown = runs.map((run): RunSummary => {
      const inHand = this.#heldIf(run.id)?.runner.run;
      if (inHand) return inHand;
      return run.status === 'running' && !held.has(run.id) ? { ...run, status: 'paused' } : run;
    });
    return { runs: shown, damaged };
  }

  rename(id: string, name: string): Promise<void> {
    return this.#inTurn(async () => {
      const held = this.#heldIf(id);
      if (held) return held.runner.rename(name);
      return locked(id, async () => {
        await this.#store.saveSummary({ ...(await this.#store.summary(id)), name });
      });
    });
  }

  delete(id: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#heldIf(id)) await this.#letGo();
      await locked(id, () => this.#store.remove(id));
    });
  }

  /** What a run has learned up to its last checkpoint. */
  async export(id: string, what: ExportKind): Promise<ExportedFile[]> {
    const stored = await this.#store.read(id);
    const name = fileName(stored.run.name);
    switch (what) {
      case 'alignment':
        return [{ name: `${name}.safetensors`, bytes: storedAlignment(stored) }];
      case 'adapter': {
        const { config, weights } = storedAdapter(stored);
        return [
          { name: `${name}/adapter_config.json`, bytes: config },
          { name: `${name}/adapter_model.safetensors`, bytes: weights },
        ];
      }
      case 'record': {
        const json = JSON.stringify(stored.run, null, 2);
        return [{ name: `${name}.json`, bytes: new TextEncoder().encode(json) }];
      }
    }
  }

  /**
   * Takes a run in hand, in the place of the one before.
   * @param read called when no other tab can write the run any more
   */
  async #take(id: string, read: () => Promise<StoredRun>): Promise<Held> {
    await this.#letGo();
    const letLockGo = await takeRunLock(id);
    try {
      const emit = (event: RunnerEvent) => this.#emit({ id: null, run: id, ...event });
      const assembled = await assembleRun(this.#opened(), this.#store, await read(), emit);
      this.#held = { ...assembled, letLockGo };
      return this.#held;
    } catch (thrown) {
      letLockGo();
      throw thrown;
    }
  }

  async #letGo(): Promise<void> {
    const held = this.#held;
    if (!held) return;
    await held.runner.pause();
    this.#held = null;
    held.trainer.dispose();
    held.letLockGo();
  }

  #opened(): TrainingModels {
    if (this.#models) return this.#models;
    throw new LinguaLiftError('not-loaded', 'No bundle is open for training yet. Open one first.');
  }

  #inHand(): Held {
    if (this.#held) return this.#held;
    throw new LinguaLiftError('no-run', 'No run is in hand. Start one, or resume one of the list.');
  }

  #heldIf(id: string): Held | null {
    return this.#held?.runner.run.id === id ? this.#held : null;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#lastTurn.then(work);
    this.#lastTurn = result.catch(() => undefined);
    return result;
  }
}

/** Does something to a run that no tab holds. */
async function locked(id: string, work: () => Promise<void>): Promise<void> {
  const letLockGo = await takeRunLock(id);
  try {
    await work();
  } finally {
    letLockGo();
  }
}

/** A name that every file system takes. */
function fileName(name: string): string {
  return name.replace(/[\\/:*?"<>|\p{Cc}]+/gu, '-').trim() || 'run';
}
