// The page's side of lexicon-protocol.ts.
import { CallsClient } from './calls-client.ts';
import type { WorkerLike } from './clients.ts';
import type { LexiconCalls } from './lexicon-protocol.ts';

const crashMessage =
  'The part of the page that keeps the word lists stopped unexpectedly, perhaps for lack of memory. Try again, with a smaller list if it was a large one.';

/**
 * Typed access to the lexicon worker. Calls reject with the code of a `LexiconError`, or `sentences-missing`.
 *
 * ```ts
 * const client = new LexiconClient();
 * const lists = await client.call('lists', {});
 * const { rows, total } = await client.call('pairs', { id, search: '', from: 0, to: 100 });
 * ```
 */
export class LexiconClient extends CallsClient<LexiconCalls> {
  constructor(startWorker: () => WorkerLike = startLexiconWorker) {
    super(startWorker, { crashMessage });
  }
}

/** Starts `lexicon.worker.ts`; written so that Vite sees and bundles the worker. */
function startLexiconWorker(): Worker {
  return new Worker(new URL('./lexicon.worker.ts', import.meta.url), { type: 'module' });
}
