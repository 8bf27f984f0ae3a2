// The page's side of the models worker, against a scripted worker.
import { describe, expect, it } from 'vitest';
import type { WorkerLike } from '../../../workers/clients.ts';
import { ModelsClient } from '../../../workers/models-client.ts';
import type { ModelsRequest, ModelsResponse } from '../../../workers/models-protocol.ts';

class FakeWorker extends EventTarget implements WorkerLike {
  readonly requests: ModelsRequest[] = [];
  terminated = false;

  postMessage(request: ModelsRequest): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.terminated = true;
  }

  respond(response: ModelsResponse): void {
    this.dispatchEvent(new MessageEvent('message', { data: response }));
  }
}

function start() {
  const workers: FakeWorker[] = [];
  const client = new ModelsClient(() => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  });
  const worker = (index = 0) => {
    const one = workers[index];
    if (one === undefined) throw new Error(`Worker ${index} was not started.`);
    return one;
  };
  return { client, workers, worker };
}

const model = { repository: 'a/b', commit: 'c'.repeat(40) };
const progress = {
  path: 'config.json',
  phase: 'download',
  bytes: 1,
  fileBytes: 2,
  doneBytes: 1,
  totalBytes: 2,
} as const;

describe('ModelsClient', () => {
  it('starts no worker before it is asked something', () => {
    expect(start().workers).toEqual([]);
  });

  it('gives each call its own progress and its own answer', async () => {
    const { client, worker } = start();
    const seen: unknown[] = [];
    const first = client.call('resume', model, { onProgress: (each) => seen.push(each) });
    const second = client.call('overview', {});
    expect(worker().requests).toMatchObject([
      { id: 1, type: 'call', name: 'resume', request: model },
      { id: 2, type: 'call', name: 'overview' },
    ]);
    worker().respond({ id: 1, type: 'progress', progress });
    worker().respond({ id: 2, type: 'result', result: 'overview' });
    worker().respond({ id: 1, type: 'result', result: 'model' });
    expect(await second).toBe('overview');
    expect(await first).toBe('model');
    expect(seen).toEqual([progress]);
  });

  it('asks the worker to stop, and asks nothing once the call is over', async () => {
    const { client, worker } = start();
    const stop = new AbortController();
    const call = client.call('resume', model, { signal: stop.signal });
    stop.abort();
    expect(worker().requests.at(-1)).toEqual({ id: 2, type: 'stop', target: 1 });
    const error = { code: 'cancelled', message: 'Stopped.', details: '' };
    worker().respond({ id: 1, type: 'error', error });
    await expect(call).rejects.toMatchObject(error);

    const done = new AbortController();
    const next = client.call('overview', {}, { signal: done.signal });
    worker().respond({ id: 3, type: 'result', result: 'overview' });
    await next;
    done.abort();
    expect(worker().requests).toHaveLength(3);
  });

  it('rejects what is under way when the worker dies, and starts another for the next call', async () => {
    const { client, workers, worker } = start();
    const call = client.call('resume', model);
    worker().dispatchEvent(new Event('error'));
    await expect(call).rejects.toMatchObject({ code: 'worker-crashed' });
    expect(worker().terminated).toBe(true);
    const next = client.call('overview', {});
    worker(1).respond({ id: 2, type: 'result', result: 'overview' });
    expect(await next).toBe('overview');
    expect(workers).toHaveLength(2);
  });
});
