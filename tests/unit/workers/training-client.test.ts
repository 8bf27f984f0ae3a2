// The page's side of the training protocol, against scripted workers.
import { describe, expect, it } from 'vitest';
import { TrainingClient } from '../../../workers/training-client.ts';
import type {
  NewRun,
  TrainingEvent,
  TrainingRequest,
  TrainingResponse,
} from '../../../workers/training-protocol.ts';
import { FakeWorker } from './fakes.ts';

class Answering extends FakeWorker<TrainingRequest, TrainingResponse> {
  override postMessage(request: TrainingRequest): void {
    super.postMessage(request);
    if (request.type === 'open') this.respond({ id: request.id, type: 'done' });
  }

  /** Answers the latest request. */
  answer(response: Record<string, unknown>): void {
    this.respond({ id: this.requests.at(-1)?.id, ...response } as TrainingResponse);
  }
}

function start() {
  const workers: Answering[] = [];
  const events: TrainingEvent[] = [];
  const client = new TrainingClient(
    (event) => events.push(event),
    () => {
      workers.push(new Answering());
      return workers.at(-1) as Answering;
    },
  );
  return { client, workers, events };
}

const url = 'https://x.org/bundle.json';
const types = (worker: Answering | undefined) => worker?.requests.map(({ type }) => type);
const status = (change: Partial<Extract<TrainingEvent, { type: 'status' }>>): TrainingEvent => ({
  ...{ id: null, type: 'status', run: 'one', status: 'running', error: null },
  ...change,
});
/** Lets what was awaited go on. */
const turn = () => new Promise((resolve) => setTimeout(resolve));

describe('TrainingClient', () => {
  it('lists runs before any bundle is open', async () => {
    const { client, workers } = start();
    const list = client.list();
    workers[0]?.answer({ type: 'runs', runs: [{ id: 'one' }], damaged: [] });
    expect(await list).toEqual({ runs: [{ id: 'one' }], damaged: [] });
    expect(types(workers[0])).toEqual(['list']);
  });

  it('opens a bundle in the worker that is there, and another one in a new worker', async () => {
    const { client, workers } = start();
    await client.open(url);
    const estimate = client.estimate({} as NewRun);
    await turn();
    const refused = expect(estimate).rejects.toMatchObject({ code: 'cancelled' });
    await client.open('https://x.org/other.json');
    await refused;
    expect(workers.map(types)).toEqual([['open', 'estimate'], ['open']]);
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  });

  it('passes events on, and the run with which a start is answered', async () => {
    const { client, workers, events } = start();
    await client.open(url);
    const run = client.start('mine', {} as NewRun);
    await turn();
    workers[0]?.respond(status({}));
    workers[0]?.answer({ type: 'run', run: { id: 'one' } });
    expect(await run).toEqual({ id: 'one' });
    expect(events).toEqual([status({})]);
  });

  it('turns an error into one again, and keeps the answers to two requests apart', async () => {
    const { client, workers } = start();
    const [renamed, paused] = [client.rename('one', 'x'), client.pause()];
    const error = { code: 'no-run', message: 'm', details: 'd' };
    workers[0]?.answer({ type: 'error', error });
    await expect(paused).rejects.toMatchObject(error);
    workers[0]?.answer({ id: workers[0].requests[0]?.id, type: 'done' });
    await renamed;
  });

  it('resumes in a new worker after the device was lost', async () => {
    const { client, workers } = start();
    await client.open(url);
    const error = { code: 'device-lost', message: 'gone', details: '' };
    workers[0]?.respond(status({ status: 'paused', error }));
    const resumed = client.resume('one');
    await turn();
    expect(workers[0]?.terminated).toBe(true);
    expect(types(workers[1])).toEqual(['open', 'resume']);
    workers[1]?.answer({ type: 'run', run: { id: 'one' } });
    await resumed;
  });

  it('tells of the run that a crashed worker held, and resumes it in a new one', async () => {
    const { client, workers, events } = start();
    await client.open(url);
    workers[0]?.respond(status({}));
    const paused = client.pause();
    workers[0]?.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    await expect(paused).rejects.toMatchObject({ code: 'worker-crashed' });
    expect(events.at(-1)).toMatchObject({
      run: 'one',
      status: 'paused',
      error: { code: 'worker-crashed' },
    });
    void client.resume('one');
    await turn();
    expect(types(workers[1])).toEqual(['open', 'resume']);
  });

  it('says nothing of a run that was at rest when the worker crashed', async () => {
    const { client, workers, events } = start();
    await client.open(url);
    workers[0]?.respond(status({}));
    workers[0]?.respond(status({ status: 'paused' }));
    workers[0]?.dispatchEvent(Object.assign(new Event('error'), { message: 'x' }));
    expect(events).toHaveLength(2);
  });

  it('rejects what is pending when it is terminated', async () => {
    const { client, workers } = start();
    const list = client.list();
    client.terminate();
    await expect(list).rejects.toMatchObject({ code: 'cancelled' });
    expect(workers[0]?.terminated).toBe(true);
  });
});
