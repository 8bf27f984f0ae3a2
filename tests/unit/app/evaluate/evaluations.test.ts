// The state of the Evaluate room without a page: runs that start, ask, survive crashes, and are checked on a GPU.
import { beforeEach, describe, expect, it } from 'vitest';
import {
  Evaluations,
  type EvaluationService,
} from '../../../../src/app/evaluate/evaluations.svelte.ts';
import { Models } from '../../../../src/app/models/models.svelte.ts';
import { LinguaLiftError } from '../../../../src/bundle/errors.ts';
import type { RunRecord } from '../../../../src/evaluate/record.ts';
import { summarize } from '../../../../src/evaluate/summary.ts';
import type { CallName, EvaluationEvent } from '../../../../workers/evaluation-protocol.ts';
import type { Provider } from '../../../../src/bridge/types.ts';
import { config, recordOf } from '../../evaluate/runs.ts';
import { answerWith, bundle, FakeClient, settle } from '../fakes.ts';

/** Answers calls from a table; a test changes it. */
class FakeService implements EvaluationService {
  readonly calls: { name: CallName; request: unknown }[] = [];
  readonly answered: Parameters<EvaluationService['answer']>[] = [];
  readonly failed: Parameters<EvaluationService['fail']>[] = [];
  results: Partial<Record<CallName, unknown>> = { runs: [], summary: summarize([]) };

  call: EvaluationService['call'] = (name, request) => {
    this.calls.push({ name, request });
    const result = this.results[name];
    // The table holds what the call promises, which the compiler cannot see.
    return (result instanceof Error ? Promise.reject(result) : Promise.resolve(result)) as never;
  };

  answer: EvaluationService['answer'] = (...answer) => void this.answered.push(answer);
  fail: EvaluationService['fail'] = (...failure) => void this.failed.push(failure);

  requestOf(name: CallName): unknown {
    return this.calls.findLast((call) => call.name === name)?.request;
  }
}

describe('Evaluations', () => {
  let client: FakeClient;
  let service: FakeService;
  let evaluations: Evaluations;
  let emit: (event: EvaluationEvent) => void;
  let crash: (error: LinguaLiftError) => void;
  let awake: boolean;
  let second: FakeClient;

  const setUp = async (provider: Provider = bundle.provider) => {
    client = new FakeClient();
    second = new FakeClient();
    service = new FakeService();
    awake = false;
    const models = new Models('https://example.org/bundle.json', () => client);
    evaluations = new Evaluations({
      ...{ bundleUrl: 'https://example.org/bundle.json', models },
      createService: (onEvent, onCrash) => {
        emit = onEvent;
        crash = onCrash;
        return service;
      },
      wakeLock: { hold: () => (awake = true), release: () => (awake = false) },
      startWasm: () => Promise.resolve(second as never),
    });
    void models.load();
    client.loads[0]?.resolve({ ...bundle, provider });
    await settle();
  };
  beforeEach(() => setUp());

  /** Starts a run that the worker then carries on. */
  const start = async (check: unknown[] = []): Promise<RunRecord> => {
    const record = recordOf();
    const facts = { bundle: 'Fake models', bundleSha256: 'a1'.repeat(32) };
    const made = { ...record, models: { ...record.models, ...facts, provider: bundle.provider } };
    service.results.create = { run: { record: made, done: 0 }, check };
    service.results.go = { ...made, status: 'running' };
    void evaluations.start('A run', config);
    await settle();
    return made;
  };

  it('records which models it asks, and keeps the screen on while a run goes', async () => {
    const { id } = await start();
    expect(service.requestOf('create')).toMatchObject({
      models: { bundle: 'Fake models', bundleSha256: 'a1'.repeat(32), replacement: null },
    });
    expect(evaluations.going?.record.id).toBe(id);
    expect(evaluations.open?.record.id).toBe(id);
    expect(awake).toBe(true);
    const record = { ...recordOf(), id, status: 'done' as const };
    emit({ type: 'status', record });
    expect(evaluations.going).toBeNull();
    expect(awake).toBe(false);
  });

  it('has the models answer what a run asks, and hands the answers back', async () => {
    const { id } = await start();
    const options = { route: 'direct' } as const;
    emit({ type: 'ask', ask: 7, run: id, questions: ['1+1?', ''], options });
    await settle();
    const refusal = new LinguaLiftError('question-empty', 'There is no question.');
    client.batches[0]?.resolve([answerWith('#### 2', 'direct'), refusal]);
    await settle();
    expect(service.answered).toMatchObject([[7, [{ text: '#### 2' }, { code: 'question-empty' }]]]);
  });

  it('does not go on with other models than the run asked before', async () => {
    const record = { ...recordOf(), status: 'running' as const };
    service.results.runs = [{ record, done: 4 }];
    await evaluations.load();
    const options = { route: 'direct' } as const;
    emit({ type: 'ask', ask: 1, run: record.id, questions: ['1+1?'], options });
    await settle();
    expect(service.failed).toMatchObject([[1, { code: 'other-models' }]]);
    expect(client.batches).toEqual([]);
  });

  it('follows a run that is not open in the list alone', async () => {
    const { id } = await start();
    await evaluations.show(null);
    const before = evaluations.version;
    const progress = { done: 5, items: 22, itemsPerSecond: 2, secondsLeft: 8.5 };
    emit({ type: 'progress', run: id, progress, summary: summarize([]) });
    expect(evaluations.runs?.[0]?.done).toBe(5);
    expect(evaluations.lastPace).toBe(2);
    expect(evaluations.version).toBe(before);
  });

  it('shows a run as paused when its worker has died, and stops what the models were asked', async () => {
    const { id } = await start();
    emit({ type: 'ask', ask: 1, run: id, questions: ['1+1?'], options: { route: 'direct' } });
    await settle();
    crash(new LinguaLiftError('worker-crashed', 'It stopped.'));
    await settle();
    expect(evaluations.runs?.[0]?.record).toMatchObject({
      status: 'paused',
      reason: 'It stopped.',
    });
    expect(awake).toBe(false);
    expect(client.batches[0]?.stopped).toBe(true);
  });

  it('drops the answers to questions that were taken back', async () => {
    const { id } = await start();
    const ask = { type: 'ask', run: id, options: { route: 'direct' } } as const;
    emit({ ...ask, ask: 1, questions: ['1+1?'] });
    emit({ ...ask, ask: 2, questions: ['2+2?'] });
    emit({ type: 'unask', ask: 1 });
    await settle();
    expect(client.batches).toHaveLength(1);
    crash(new LinguaLiftError('worker-crashed', 'It stopped.'));
    // The next worker asks under the same numbers, so what comes late must not reach it.
    client.batches[0]?.resolve([answerWith('#### 4', 'direct')]);
    await settle();
    expect([service.answered, service.failed]).toEqual([[], []]);
  });

  it('checks a few items on WebAssembly before a run on WebGPU, and records what differs', async () => {
    await setUp({ kind: 'webgpu', detail: 'a GPU', reason: 'A real one.' });
    const item = { id: 'a', lang: 'en', route: 'direct', question: '1+1?' };
    await start([item]);
    expect(evaluations.doing).toBe('checking');
    client.batches[0]?.resolve([answerWith('#### 3', 'direct')]);
    second.batches[0]?.resolve([answerWith('#### 2', 'direct')]);
    await settle();
    expect(service.requestOf('go')).toMatchObject({
      selfCheck: { items: 1, differing: [{ id: 'a' }] },
    });
    expect(second.terminated).toBe(true);
  });

  it('starts all the same when the check is skipped or fails', async () => {
    await setUp({ kind: 'webgpu', detail: 'a GPU', reason: 'A real one.' });
    await start([{ id: 'a', lang: 'en', route: 'direct', question: '1+1?' }]);
    second.batches[0]?.reject(new LinguaLiftError('session-failed', 'No memory.'));
    await settle();
    expect(service.requestOf('go')).not.toHaveProperty('selfCheck');
    expect(evaluations.failure).toMatchObject({ error: { message: 'No memory.' } });
  });

  it('says why something failed, and lists again after a list that failed', async () => {
    service.results.runs = new LinguaLiftError('unexpected', 'No storage.');
    await evaluations.load();
    expect(evaluations.failure?.error.message).toBe('No storage.');
    service.results.runs = [];
    await evaluations.load();
    expect(evaluations.runs).toEqual([]);
  });
});
