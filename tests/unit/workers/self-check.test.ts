// The comparison of WebGPU with WebAssembly before a run, with clients whose texts are given.
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/bridge/bridge.ts';
import type { AnswerOptions, Route } from '../../../src/bridge/types.ts';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { InferenceClient } from '../../../workers/inference-client.ts';
import { selfCheck, startWasmClient } from '../../../workers/self-check.ts';
import { answerWith } from '../app/fakes.ts';

const error = (code: string) => new LinguaLiftError(code, 'No.');

/** Gives each question, named with its route, the text or the error that `outcomes` has for it. */
class ScriptedClient {
  readonly asked: AnswerOptions[] = [];
  readonly #outcomes: Record<string, string | LinguaLiftError>;
  terminated = false;
  stopped = false;

  constructor(outcomes: Record<string, string | LinguaLiftError> = {}) {
    this.#outcomes = outcomes;
  }

  answerAll = (questions: readonly string[], options: AnswerOptions) => {
    this.asked.push(options);
    const outcomes = questions.map((question): Outcome => {
      const outcome = this.#outcomes[`${options.route} ${question}`] ?? 'the same';
      return typeof outcome === 'string' ? answerWith(outcome, options.route) : outcome;
    });
    const stop = () => {
      this.stopped = true;
    };
    return { promise: Promise.resolve(outcomes), stop };
  };

  terminate = () => {
    this.terminated = true;
  };
}

const item = (id: string, route: Route) => ({ id, lang: 'sw', route, question: `question ${id}` });
const items = [item('1', 'lingualift'), item('1', 'direct'), item('2', 'lingualift')];

describe('selfCheck', () => {
  it('finds nothing where the texts are the same', async () => {
    const [client, second] = [new ScriptedClient(), new ScriptedClient()];
    const check = await selfCheck(client, () => Promise.resolve(second), items);
    expect(check).toEqual({ items: 3, differing: [] });
    expect(second.terminated).toBe(true);
    expect(client.terminated).toBe(false);
  });

  it('names the items whose texts differ', async () => {
    const client = new ScriptedClient({ 'lingualift question 2': 'another' });
    const second = new ScriptedClient({ 'direct question 1': 'yet another' });
    const check = await selfCheck(client, () => Promise.resolve(second), items);
    expect(check.differing).toEqual([
      { id: '1', lang: 'sw', route: 'direct' },
      { id: '2', lang: 'sw', route: 'lingualift' },
    ]);
  });

  it('takes one error on both for the same, and an error on one for a difference', async () => {
    const tooLong = () => error('question-too-long');
    const client = new ScriptedClient({
      'direct question 1': tooLong(),
      'lingualift question 1': tooLong(),
    });
    const second = new ScriptedClient({ 'direct question 1': tooLong() });
    const check = await selfCheck(client, () => Promise.resolve(second), items);
    expect(check.differing).toEqual([{ id: '1', lang: 'sw', route: 'lingualift' }]);
  });

  it('asks both with the options of the run', async () => {
    const [client, second] = [new ScriptedClient(), new ScriptedClient()];
    const options = { calculator: false, maxNewTokens: 20 };
    await selfCheck(client, () => Promise.resolve(second), items, options);
    expect(client.asked).toEqual([
      { ...options, route: 'direct' },
      { ...options, route: 'lingualift' },
    ]);
    expect(second.asked).toEqual(client.asked);
  });

  it('can be stopped while it asks', async () => {
    const stop = new AbortController();
    const [client, second] = [new ScriptedClient(), new ScriptedClient()];
    const check = selfCheck(client, () => Promise.resolve(second), items, {}, stop.signal);
    await Promise.resolve();
    stop.abort();
    await expect(check).rejects.toMatchObject({ code: 'cancelled' });
    expect([client.stopped, second.stopped, second.terminated]).toEqual([true, true, true]);
  });
});

describe('startWasmClient', () => {
  /** A worker that answers each request with what `answer` gives for its type. */
  function start(answer: Record<string, object>) {
    const seen: { type: string }[] = [];
    const worker = Object.assign(new EventTarget(), {
      terminated: false,
      postMessage: (request: { id: number; type: string }) => {
        seen.push(request);
        const data = { id: request.id, ...answer[request.type] };
        queueMicrotask(() => worker.dispatchEvent(new MessageEvent('message', { data })));
      },
      terminate: () => {
        worker.terminated = true;
      },
    });
    return { worker, seen, client: new InferenceClient(() => worker) };
  }
  const loaded = { type: 'loaded', bundle: {} };
  const replacement = { alignment: new Uint8Array(3), adapter: null };

  it('loads the bundle on WebAssembly and puts the replacement in its place', async () => {
    const { seen, client, worker } = start({
      load: loaded,
      'replace-alignment': { type: 'replaced' },
    });
    expect(await startWasmClient('https://x.org/bundle.json', replacement, client)).toBe(client);
    expect(seen).toMatchObject([
      { type: 'load', url: 'https://x.org/bundle.json', provider: 'wasm' },
      { type: 'replace-alignment', replacement },
    ]);
    expect(worker.terminated).toBe(false);
  });

  it('ends the client when it cannot be made ready', async () => {
    const refused = { type: 'error', error: error('other-models').toData() };
    const { client, worker } = start({ load: loaded, 'replace-alignment': refused });
    const ready = startWasmClient('https://x.org/bundle.json', replacement, client);
    await expect(ready).rejects.toMatchObject({ code: 'other-models' });
    expect(worker.terminated).toBe(true);
  });
});
