// Calls to a worker, against a scripted one.
import { describe, expect, it } from 'vitest';
import { CallsClient } from '../../../workers/calls-client.ts';
import type { CallRequest, CallResponse } from '../../../workers/calls-protocol.ts';
import { FakeWorkers } from './fakes.ts';

interface Calls {
  lists: { request: object; result: string[] };
  rows: { request: { from: number; to: number }; result: number; progress: number };
}
type Event = { type: 'told' };

function start() {
  const workers = new FakeWorkers<CallRequest<Calls>, CallResponse<number> | Event>();
  const seen = { events: [] as Event[], crashes: [] as string[] };
  const client = new CallsClient<Calls, Event, string>(workers.start, {
    crashMessage: 'It stopped.',
    onEvent: (event) => seen.events.push(event),
    onCrash: ({ code }) => seen.crashes.push(code),
  });
  return { client, workers, worker: (index = 0) => workers.at(index), ...seen };
}

describe('CallsClient', () => {
  it('starts no worker before it is asked something, and posts nothing to none', () => {
    const { client, workers } = start();
    client.post('hello');
    expect(workers.started).toEqual([]);
  });

  it('gives each call its own progress, and the answer that repeats its id', async () => {
    const { client, worker } = start();
    const told: number[] = [];
    const lists = client.call('lists', {});
    const rows = client.call('rows', { from: 0, to: 10 }, { onProgress: (n) => told.push(n) });
    expect(worker().requests).toEqual([
      { id: 1, type: 'call', name: 'lists', request: {} },
      { id: 2, type: 'call', name: 'rows', request: { from: 0, to: 10 } },
    ]);
    worker().respond({ id: 2, type: 'progress', progress: 5 });
    worker().respond({ id: 2, type: 'result', result: 10 });
    worker().respond({ id: 1, type: 'result', result: ['a'] });
    expect(await lists).toEqual(['a']);
    expect(await rows).toBe(10);
    expect(told).toEqual([5]);
  });

  it('hands on what the worker tells unasked', () => {
    const { client, worker, events } = start();
    void client.call('lists', {});
    worker().respond({ type: 'told' });
    expect(events).toEqual([{ type: 'told' }]);
  });

  it('rejects with the error that the worker sends', async () => {
    const { client, worker } = start();
    const call = client.call('lists', {});
    const error = { code: 'no-pairs', message: 'a.txt holds no pair of words.', details: '' };
    worker().respond({ id: 1, type: 'error', error });
    await expect(call).rejects.toMatchObject(error);
  });

  it('asks the worker to stop a call, and asks nothing once it is over', async () => {
    const { client, worker } = start();
    const stop = new AbortController();
    const call = client.call('lists', {}, { signal: stop.signal });
    stop.abort();
    expect(worker().requests.at(-1)).toEqual({ id: 2, type: 'stop', target: 1 });
    const error = { code: 'cancelled', message: 'Stopped.', details: '' };
    worker().respond({ id: 1, type: 'error', error });
    await expect(call).rejects.toMatchObject(error);

    const next = new AbortController();
    const other = client.call('lists', {}, { signal: next.signal });
    worker().respond({ id: 3, type: 'result', result: [] });
    await other;
    next.abort();
    expect(worker().requests.filter(({ type }) => type === 'stop')).toHaveLength(1);
  });

  it('stops at once what had been given up before it was asked', () => {
    const { client, worker } = start();
    void client.call('lists', {}, { signal: AbortSignal.abort() });
    expect(worker().requests).toMatchObject([{ type: 'call' }, { type: 'stop', target: 1 }]);
  });

  it('rejects what a crashed worker was asked, tells of it, and starts another for the next call', async () => {
    const { client, workers, worker, crashes } = start();
    const lost = client.call('lists', {});
    worker().dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    await expect(lost).rejects.toMatchObject({ code: 'worker-crashed', message: 'It stopped.' });
    expect(crashes).toEqual(['worker-crashed']);
    expect(worker().terminated).toBe(true);
    const again = client.call('lists', {});
    expect(workers.started).toHaveLength(2);
    worker(1).respond({ id: 2, type: 'result', result: [] });
    expect(await again).toEqual([]);
  });
});
