// Both ends of the evaluation worker's messages: the page's calls, and the questions of a run on their way.
import { describe, expect, it } from 'vitest';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { EvaluationClient } from '../../../workers/evaluation-client.ts';
import type {
  EvaluationEvent,
  EvaluationRequest,
  EvaluationResponse,
} from '../../../workers/evaluation-protocol.ts';
import { Questions } from '../../../workers/evaluation-questions.ts';
import type { WorkerLike } from '../../../workers/clients.ts';
import { answerWith } from '../app/fakes.ts';

class FakeWorker extends EventTarget implements WorkerLike {
  readonly requests: EvaluationRequest[] = [];
  terminated = false;

  postMessage(request: EvaluationRequest): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.terminated = true;
  }

  respond(response: EvaluationResponse): void {
    this.dispatchEvent(new MessageEvent('message', { data: response }));
  }
}

function start() {
  const workers: FakeWorker[] = [];
  const events: EvaluationEvent[] = [];
  const crashes: LinguaLiftError[] = [];
  const client = new EvaluationClient(
    (event) => events.push(event),
    (error) => crashes.push(error),
    () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
  );
  const worker = (index = 0) => {
    const one = workers[index];
    if (one === undefined) throw new Error(`Worker ${index} was not started.`);
    return one;
  };
  return { client, workers, worker, events, crashes };
}

describe('EvaluationClient', () => {
  it('gives each call the answer that repeats its id, and tells of bytes meanwhile', async () => {
    const { client, worker } = start();
    const told: (number | null)[][] = [];
    const fetched = client.call(
      'fetch',
      { set: 'mgsm', languages: ['sw'] },
      { onBytes: (...bytes) => told.push(bytes) },
    );
    const runs = client.call('runs', {});
    worker().respond({ id: 1, type: 'bytes', loadedBytes: 5, totalBytes: 10 });
    worker().respond({ id: 2, type: 'result', result: [] });
    expect(await runs).toEqual([]);
    const error = { code: 'offline', message: 'You are offline.', details: '' };
    worker().respond({ id: 1, type: 'error', error });
    await expect(fetched).rejects.toMatchObject({ code: 'offline' });
    expect(told).toEqual([[5, 10]]);
  });

  it('has the worker stop what a signal says is no longer wanted', () => {
    const { client, worker } = start();
    const stop = new AbortController();
    client.call('runs', {}, { signal: stop.signal }).catch(() => undefined);
    stop.abort();
    expect(worker().requests.at(-1)).toEqual({ id: 2, type: 'cancel', target: 1 });
  });

  it('rejects what is pending at a crash, tells of it, and starts a new worker for the next call', async () => {
    const { client, worker, workers, crashes } = start();
    const runs = client.call('runs', {});
    worker().dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    await expect(runs).rejects.toMatchObject({ code: 'worker-crashed' });
    expect(crashes).toHaveLength(1);
    expect(worker().terminated).toBe(true);
    void client.call('runs', {});
    expect(workers).toHaveLength(2);
  });
});

describe('Questions', () => {
  const options = { route: 'direct' } as const;

  it('go out with a number and come back as answers, or as errors about a question', async () => {
    const sent: EvaluationEvent[] = [];
    const questions = new Questions((event) => sent.push(event));
    const results = questions.askAll('run')(['1+1?', ''], options, new AbortController().signal);
    expect(sent).toEqual([{ type: 'ask', ask: 1, run: 'run', questions: ['1+1?', ''], options }]);
    const refusal = { code: 'question-empty', message: 'There is no question.', details: '' };
    questions.answer(1, [answerWith('#### 2', 'direct'), refusal]);
    const [first, second] = await results;
    expect(first).toMatchObject({ text: '#### 2' });
    expect(second).toBeInstanceOf(LinguaLiftError);
  });

  it('are taken back at a stop, and an answer that comes late is dropped', async () => {
    const sent: EvaluationEvent[] = [];
    const questions = new Questions((event) => sent.push(event));
    const stop = new AbortController();
    const results = questions.askAll('run')(['1+1?'], options, stop.signal);
    stop.abort();
    await expect(results).rejects.toMatchObject({ code: 'cancelled' });
    expect(sent.at(-1)).toEqual({ type: 'unask', ask: 1 });
    questions.answer(1, []);
  });
});
