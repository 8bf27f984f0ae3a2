// A download or an import that goes on: how far each of its files is, and how far all of them are.
import type { CallOptions } from '../../../workers/calls-protocol.ts';
import type { ModelOnDevice, TransferProgress } from '../../../workers/models-protocol.ts';

/** Asks the worker for it. */
export type TransferWork = (options: CallOptions<TransferProgress>) => Promise<ModelOnDevice>;

export interface TransferFile {
  path: string;
  bytes: number;
  /** Bytes that are there, or that were hashed while it is checked. */
  doneBytes: number;
  state: 'waiting' | 'download' | 'check' | 'done';
}

export class Transfer {
  /** The repository; a folder's name while it is imported. */
  readonly name: string;
  readonly kind: 'download' | 'import';
  /** Empty until the hub has listed them. */
  files: readonly TransferFile[] = $state.raw([]);
  doneBytes = $state(0);
  totalBytes = $state(0);
  isStopping = $state(false);
  /** Whether what has arrived is to be thrown away. */
  isCancelled = false;
  readonly #stop = new AbortController();

  constructor(name: string, kind: Transfer['kind']) {
    this.name = name;
    this.kind = kind;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Whether anything is known of its size. */
  get hasBegun(): boolean {
    return this.totalBytes > 0;
  }

  /** Names the files before any of them moves. */
  expect(files: readonly { path: string; bytes: number; keptBytes?: number }[]): void {
    this.files = files.map(({ path, bytes, keptBytes = 0 }) => ({
      ...{ path, bytes, doneBytes: keptBytes },
      state: keptBytes === bytes ? 'done' : 'waiting',
    }));
    this.doneBytes = this.files.reduce((sum, file) => sum + file.doneBytes, 0);
    this.totalBytes = this.files.reduce((sum, file) => sum + file.bytes, 0);
  }

  note = ({ path, phase, bytes, fileBytes, doneBytes, totalBytes }: TransferProgress): void => {
    const file: TransferFile = {
      ...{ path, bytes: fileBytes, doneBytes: bytes },
      // All bytes are there before they are checked, so only a check that is through says that a file is done.
      state: phase === 'check' && bytes === fileBytes ? 'done' : phase,
    };
    const place = this.files.findIndex((other) => other.path === path);
    this.files = place < 0 ? [...this.files, file] : this.files.with(place, file);
    this.doneBytes = doneBytes;
    this.totalBytes = totalBytes;
  };

  /** Stops it; `isCancelled` tells whether what is there is kept. */
  stop(isCancelled: boolean): void {
    this.isCancelled = isCancelled;
    this.isStopping = true;
    this.#stop.abort();
  }
}
