// The page's side of models-protocol.ts.
import { persistStorage } from '../src/bundle/hub/storage.ts';
import { CallsClient } from './calls-client.ts';
import type { WorkerLike } from './clients.ts';
import type { ModelsCalls } from './models-protocol.ts';

const crashMessage =
  'The part of the page that keeps the models stopped unexpectedly. What was downloaded is kept: try again.';

/**
 * Typed access to the models worker.
 *
 * ```ts
 * const client = new ModelsClient();
 * const { presets, models, bundles } = await client.call('overview', {});
 * const view = await client.call('look', { address: 'owner/name' });
 * await client.call('download', { ...view, dtype: 'q4' }, { signal, onProgress });
 * ```
 */
export class ModelsClient extends CallsClient<ModelsCalls> {
  constructor(startWorker: () => WorkerLike = startModelsWorker) {
    super(startWorker, { crashMessage });
  }

  /**
   * Asks the browser to keep what is stored until the person deletes it; `overview` tells what it answered before. Only
   * the page may ask, so this goes to no worker.
   * @returns whether it promised
   */
  persist(): Promise<boolean> {
    return persistStorage();
  }
}

/** Starts `models.worker.ts`; written so that Vite sees and bundles the worker. */
function startModelsWorker(): Worker {
  return new Worker(new URL('./models.worker.ts', import.meta.url), { type: 'module' });
}
