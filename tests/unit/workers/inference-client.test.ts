// The page's side of the worker protocol, against a scripted worker.
import { describe, expect, it } from 'vitest';
import { InferenceClient } from '../../../workers/inference-client.ts';
import type { InferenceRequest, InferenceResponse } from '../../../workers/protocol.ts';
import { FakeWorker } from './fakes.ts';

class Answering extends FakeWorker<InferenceRequest, InferenceResponse> {
  /** Answers the latest request that is no stop. */
  answer(response: Record<string, unknown>): void {
    const id = this.requests.findLast(({ type }) => type !== 'stop')?.id;
    this.respond({ id, ...response } as InferenceResponse);
  }
}

function start() {
  const worker = new Answering();
  const workers = [worker];
  const spare = new Answering();
  const client = new InferenceClient(() => workers.shift() ?? spare);
  return { worker, spare, client };
}
const ask = (client: InferenceClient, onEvent: (event: unknown) => void = () => undefined) =>
  client.answer('1+1?', { route: 'direct' }, onEvent);

describe('InferenceClient', () => {
  it('loads, passing progress on', async () => {
    const { worker, client } = start();
    const seen: unknown[] = [];
    const { promise } = client.load('https://x.org/bundle.json', 'wasm', (p) => seen.push(p));
    expect(worker.requests).toMatchObject([
      { type: 'load', url: 'https://x.org/bundle.json', provider: 'wasm' },
    ]);
    worker.answer({ type: 'progress', progress: { phase: 'download' } });
    worker.answer({ type: 'loaded', bundle: { loadMs: 5 } });
    expect(await promise).toEqual({ loadMs: 5 });
    expect(seen).toEqual([{ phase: 'download' }]);
  });

  it('has texts cut into the pieces of the encoder', async () => {
    const { worker, client } = start();
    const tokens = client.tokenize(['maji', 'mti']);
    expect(worker.requests).toMatchObject([{ type: 'tokenize', texts: ['maji', 'mti'] }]);
    worker.answer({ type: 'tokens', tokens: { ids: [[5, 6], [7]], unknownId: 0 } });
    expect(await tokens).toEqual({ ids: [[5, 6], [7]], unknownId: 0 });
  });

  it('has sentences searched, passing progress on', async () => {
    const { worker, client } = start();
    const seen: unknown[] = [];
    const request = {
      pairs: [{ source: 'maji', target: 'water' }],
      states: 'encoder',
      neighbours: 4,
    } as const;
    const { promise, stop } = client.retrieve(request, (progress) => seen.push(progress));
    expect(worker.requests).toMatchObject([{ type: 'retrieve', request }]);
    worker.answer({ type: 'retrieval-progress', progress: { done: 1, total: 2 } });
    stop();
    expect(worker.requests.at(-1)).toMatchObject({ type: 'stop', target: worker.requests[0]?.id });
    worker.answer({ type: 'retrieved', retrieval: { kept: [0] } });
    expect(await promise).toEqual({ kept: [0] });
    expect(seen).toEqual([{ done: 1, total: 2 }]);
  });

  it('starts a new worker for every load after the first', async () => {
    const { worker, spare, client } = start();
    const load = () => client.load('https://x.org/bundle.json', 'auto', () => undefined);
    const first = load();
    const second = load();
    await expect(first.promise).rejects.toMatchObject({ code: 'cancelled' });
    expect(worker.terminated).toBe(true);
    worker.answer({ type: 'loaded', bundle: { loadMs: 1 } });
    spare.answer({ type: 'loaded', bundle: { loadMs: 2 } });
    expect(await second.promise).toEqual({ loadMs: 2 });
  });

  it('answers, passing events on, and keeps two answers apart', async () => {
    const { worker, client } = start();
    const events: unknown[] = [];
    const first = ask(client);
    const second = ask(client, (event) => events.push(event));
    worker.answer({ type: 'event', event: { type: 'text', text: '2' } });
    worker.answer({ type: 'answer', answer: { text: 'second' } });
    expect(await second.promise).toEqual({ text: 'second' });
    expect(events).toHaveLength(1);
    worker.answer({ id: worker.requests[0]?.id, type: 'answer', answer: { text: 'first' } });
    expect(await first.promise).toEqual({ text: 'first' });
  });

  it('answers several questions, each as it is finished, refused ones among them', async () => {
    const { worker, client } = start();
    const seen: unknown[] = [];
    const { promise } = client.answerAll(['1+1?', '', '2+2?'], { route: 'direct' }, (...told) =>
      seen.push(told),
    );
    expect(worker.requests).toMatchObject([
      { type: 'answer-all', questions: ['1+1?', '', '2+2?'], options: { route: 'direct' } },
    ]);
    const error = { code: 'question-empty', message: 'm', details: '' };
    worker.answer({ type: 'refused', index: 1, error });
    worker.answer({ type: 'answered', index: 2, answer: { text: '4' } });
    expect(seen).toMatchObject([
      [1, { code: 'question-empty' }],
      [2, { text: '4' }],
    ]);
    worker.answer({ type: 'answered', index: 0, answer: { text: '2' } });
    worker.answer({ type: 'all-answered' });
    const outcomes = await promise;
    expect(outcomes).toMatchObject([{ text: '2' }, { code: 'question-empty' }, { text: '4' }]);
    expect(outcomes[1]).toBeInstanceOf(Error);
  });

  it('calls questions cancelled that a stop left unbegun', async () => {
    const { worker, client } = start();
    const { promise, stop } = client.answerAll(['a', 'b'], { route: 'direct' }, () => undefined);
    stop();
    expect(worker.requests[1]).toMatchObject({ type: 'stop', target: worker.requests[0]?.id });
    worker.answer({ type: 'answered', index: 0, answer: { stop: 'stopped' } });
    worker.answer({ type: 'all-answered' });
    expect(await promise).toMatchObject([{ stop: 'stopped' }, { code: 'cancelled' }]);
  });

  it('asks the worker to stop what is running, and only that', async () => {
    const { worker, client } = start();
    const { promise, stop } = ask(client);
    stop();
    expect(worker.requests[1]).toMatchObject({ type: 'stop', target: worker.requests[0]?.id });
    worker.answer({ type: 'answer', answer: { stop: 'stopped' } });
    expect(await promise).toEqual({ stop: 'stopped' });
    stop();
    expect(worker.requests).toHaveLength(2);
  });

  it('replaces the alignment', async () => {
    const { worker, client } = start();
    const replacement = { alignment: new Uint8Array(3), adapter: null };
    const replaced = client.replaceAlignment(replacement);
    expect(worker.requests).toMatchObject([{ type: 'replace-alignment', replacement }]);
    worker.answer({ type: 'replaced' });
    await replaced;
  });

  it('turns error messages into errors again', async () => {
    const { worker, client } = start();
    const { promise } = ask(client);
    worker.answer({
      type: 'error',
      error: { code: 'question-empty', message: 'm', details: 'd' },
    });
    await expect(promise).rejects.toMatchObject({ code: 'question-empty', details: 'd' });
  });

  it('rejects everything pending when the worker crashes, and everything after', async () => {
    const { worker, client } = start();
    const answers = [ask(client), ask(client)];
    worker.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }));
    for (const { promise } of [...answers, ask(client)]) {
      await expect(promise).rejects.toMatchObject({ code: 'worker-crashed' });
    }
    expect(worker.terminated).toBe(true);
  });

  it('rejects what is pending when it is terminated', async () => {
    const { worker, client } = start();
    const { promise } = ask(client);
    client.terminate();
    await expect(promise).rejects.toMatchObject({ code: 'cancelled' });
    expect(worker.terminated).toBe(true);
  });
});
