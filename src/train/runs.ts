// The runs of this browser, one folder each. Every file is replaced whole or not at all (files.ts), so a run
// is always at its last checkpoint, whatever died meanwhile.
//
//   run.json                the run as the list shows it: config, status, curve, evaluations (runSchema.ts)
//   data.json               sentences, word lists and development problems; written once
//   start.safetensors       the alignment that it began with, which LoRA leaves frozen; written once
//   checkpoint.safetensors  what the next step depends on (checkpoint.ts)
import { LinguaLiftError } from '../bundle/errors.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { readCurrent, replaceFile, type FileFolder } from './files.ts';
import type { DamagedRun, RunData, RunSummary } from './run.ts';
import { decodeData, decodeRun, encodeData, encodeRun } from './runSchema.ts';

const runFile = 'run.json';
const dataFile = 'data.json';
const startFile = 'start.safetensors';
const checkpointFile = 'checkpoint.safetensors';

/** A run with all that it takes to go on. */
export interface StoredRun {
  /** Curve and evaluations end where the checkpoint is. */
  run: RunSummary;
  data: RunData;
  /** An alignment file (docs/bundle-format.md). */
  start: Uint8Array<ArrayBuffer>;
  /** `null` before the first. */
  checkpoint: Checkpoint | null;
}

export class RunStore {
  readonly #folder: FileFolder;

  /** @param folder holds nothing but runs */
  constructor(folder: FileFolder) {
    this.#folder = folder;
  }

  /** All runs, the newest first, and the folders that hold none any more. */
  async list(): Promise<{ runs: RunSummary[]; damaged: DamagedRun[] }> {
    const runs: RunSummary[] = [];
    const damaged: DamagedRun[] = [];
    for (const id of await this.#folder.folders()) {
      try {
        runs.push(await this.#inspect(id));
      } catch (thrown) {
        damaged.push({ id, problem: messageOf(thrown) });
      }
    }
    runs.sort((a, b) => b.created.localeCompare(a.created));
    return { runs, damaged };
  }

  /**
   * Makes the folder of a new run.
   * @throws LinguaLiftError `storage-full`, and there is no such run
   */
  async create(run: RunSummary, data: RunData, start: Uint8Array<ArrayBuffer>): Promise<void> {
    const folder = await this.#folder.folder(run.id);
    try {
      await replaceFile(folder, dataFile, encodeData(data));
      await replaceFile(folder, startFile, start);
      // Last: a folder with a run.json is a whole run.
      await replaceFile(folder, runFile, encodeRun(run));
    } catch (thrown) {
      await this.#folder.removeFolder(run.id);
      throw thrown;
    }
  }

  /**
   * A run as the list shows it.
   * @throws LinguaLiftError `run-missing` or `run-damaged`
   */
  async summary(id: string): Promise<RunSummary> {
    await this.#expect(id);
    return readable(() => this.#inspect(id));
  }

  /**
   * Everything that a run needs to go on.
   * @throws LinguaLiftError `run-missing` or `run-damaged`
   */
  async read(id: string): Promise<StoredRun> {
    await this.#expect(id);
    return readable(async () => {
      const folder = await this.#folder.folder(id);
      const run = await this.#inspect(id);
      const data = decodeData(await required(folder, dataFile));
      const start = await required(folder, startFile);
      const written = await readCurrent(folder, checkpointFile);
      const checkpoint = written && (await decodeCheckpoint(written));
      return { run: cutAt(run, checkpoint?.state.steps ?? 0), data, start, checkpoint };
    });
  }

  /** @throws LinguaLiftError `storage-full`, and the run is as it was written before */
  async saveSummary(run: RunSummary): Promise<void> {
    await replaceFile(await this.#folder.folder(run.id), runFile, encodeRun(run));
  }

  /**
   * Writes down where a run stands.
   * @throws LinguaLiftError `storage-full`, and the run is as it was written before
   */
  async saveCheckpoint(run: RunSummary, checkpoint: Checkpoint): Promise<void> {
    // First the curve: one that is longer than the checkpoint is cut when it is read.
    await this.saveSummary(run);
    const folder = await this.#folder.folder(run.id);
    await replaceFile(folder, checkpointFile, await encodeCheckpoint(checkpoint));
  }

  /** Removes a run, damaged or not. */
  async remove(id: string): Promise<void> {
    await this.#folder.removeFolder(id);
  }

  async #inspect(id: string): Promise<RunSummary> {
    const folder = await this.#folder.folder(id);
    const names = await folder.list();
    const run = decodeRun(await required(folder, runFile));
    for (const file of [dataFile, startFile]) {
      if (!names.includes(`${file}.current`)) throw missing(file);
    }
    return run;
  }

  async #expect(id: string): Promise<void> {
    if ((await this.#folder.folders()).includes(id)) return;
    throw new LinguaLiftError(
      'run-missing',
      'This run is not stored in this browser any more. It may have been deleted in another tab.',
      id,
    );
  }
}

/** The run as it was after so many steps. */
function cutAt(run: RunSummary, steps: number): RunSummary {
  return {
    ...run,
    curve: run.curve.filter(({ step }) => step <= steps),
    evaluations: run.evaluations.filter(({ step }) => step <= steps),
  };
}

async function required(folder: FileFolder, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readCurrent(folder, name);
  if (bytes === null) throw missing(name);
  return bytes;
}

function missing(name: string): Error {
  return new Error(`Its ${name} is missing.`);
}

async function readable<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    throw new LinguaLiftError(
      'run-damaged',
      `This run cannot be read any more. ${messageOf(cause)} It can only be deleted.`,
      String(cause),
      { cause },
    );
  }
}

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
