// The page's side of the lexicon worker, against a scripted worker.
import { describe, expect, it } from 'vitest';
import type { WorkerLike } from '../../../workers/clients.ts';
import { LexiconClient } from '../../../workers/lexicon-client.ts';
import type { LexiconRequest, LexiconResponse } from '../../../workers/lexicon-protocol.ts';

class FakeWorker extends EventTarget implements WorkerLike {
  readonly requests: LexiconRequest[] = [];
  terminated = false;

  postMessage(request: LexiconRequest): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.terminated = true;
  }

  respond(response: LexiconResponse): void {
    this.dispatchEvent(new MessageEvent('message', { data: response }));
  }
}

function start() {
  const workers: FakeWorker[] = [];
  const client = new LexiconClient(() => {
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

describe('LexiconClient', () => {
  it('starts no worker before it is asked something', () => {
    expect(start().workers).toEqual([]);
  });

  it('gives each call the answer that repeats its id', async () => {
    const { client, worker } = start();
    const lists = client.call('lists', {});
    const rows = client.call('pairs', { id: 'a', search: '', from: 0, to: 10 });
    expect(worker().requests).toEqual([
      { id: 1, type: 'call', name: 'lists', request: {} },
      { id: 2, type: 'call', name: 'pairs', request: { id: 'a', search: '', from: 0, to: 10 } },
    ]);
    worker().respond({ id: 2, type: 'result', result: { total: 0, rows: [] } });
    worker().respond({ id: 1, type: 'result', result: [] });
    expect(await lists).toEqual([]);
    expect(await rows).toEqual({ total: 0, rows: [] });
  });

  it('rejects with the error that the worker sends', async () => {
    const { client, worker } = start();
    const call = client.call('import', { name: 'a.txt', file: new Blob(['']) });
    const error = { code: 'no-pairs', message: 'a.txt holds no pair of words.', details: '' };
    worker().respond({ id: 1, type: 'error', error });
    await expect(call).rejects.toMatchObject(error);
  });

  it('asks the worker to stop an import, and asks nothing once it is over', async () => {
    const { client, worker } = start();
    const stop = new AbortController();
    const call = client.call('import', { name: 'a.txt', file: new Blob(['']) }, stop.signal);
    stop.abort();
    expect(worker().requests.at(-1)).toMatchObject({ type: 'stop', target: 1 });
    worker().respond({ id: 1, type: 'result', result: { id: 'a', lists: [] } });
    await call;

    const next = new AbortController();
    const other = client.call('lists', {}, next.signal);
    worker().respond({ id: 3, type: 'result', result: [] });
    await other;
    next.abort();
    expect(worker().requests.filter(({ type }) => type === 'stop')).toHaveLength(1);
  });

  it('rejects what a crashed worker was asked, and starts another for the next call', async () => {
    const { client, workers, worker } = start();
    const lost = client.call('lists', {});
    worker().dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    await expect(lost).rejects.toMatchObject({ code: 'worker-crashed' });
    expect(worker().terminated).toBe(true);
    const again = client.call('lists', {});
    expect(workers).toHaveLength(2);
    worker(1).respond({ id: 2, type: 'result', result: [] });
    expect(await again).toEqual([]);
  });
});
