// Something that is read on a person's wish: how far it is, what came of it. What is asked for last counts.
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { CallOptions } from '../../../workers/calls-protocol.ts';
import type { BytesRead } from '../../../workers/evaluation-protocol.ts';

export class Reads<Data> {
  /** What was read; `null` while it is not. */
  value: Data | null = $state.raw(null);
  reading: BytesRead | null = $state.raw(null);
  error: LinguaLiftError | null = $state.raw(null);
  /** Whether the person stopped what was being read. */
  isCancelled = $state(false);
  #going: AbortController | null = null;

  /**
   * Reads something in place of what was there and of what was being read. Never rejects: `error` tells.
   * @param work gives `null` where there is something to be chosen first
   */
  async read(
    work: (options: Required<CallOptions<BytesRead>>) => Promise<Data | null>,
  ): Promise<void> {
    this.clear();
    const going = new AbortController();
    const { signal } = going;
    this.#going = going;
    this.reading = { loadedBytes: 0, totalBytes: null };
    const onProgress = (reading: BytesRead) => {
      if (this.#going === going) this.reading = reading;
    };
    try {
      const value = await work({ signal, onProgress });
      if (this.#going === going) this.value = value;
    } catch (thrown) {
      const error = LinguaLiftError.from(thrown);
      if (this.#going === going && error.code !== 'cancelled') this.error = error;
    } finally {
      if (this.#going === going) this.#letGo();
    }
  }

  /** Stops what is being read. */
  cancel(): void {
    this.#letGo();
    this.isCancelled = true;
  }

  /** Stops what is being read and forgets what was. */
  clear(): void {
    this.#letGo();
    this.value = null;
    this.error = null;
    this.isCancelled = false;
  }

  #letGo(): void {
    this.#going?.abort();
    this.#going = null;
    this.reading = null;
  }
}
