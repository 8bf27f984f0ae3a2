// The questions of a run on their way from the evaluation worker to the page, and their answers on the way back.
import { describe, expect, it } from 'vitest';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { EvaluationClient } from '../../../workers/evaluation-client.ts';
import type { EvaluationEvent } from '../../../workers/evaluation-protocol.ts';
import { Questions } from '../../../workers/evaluation-questions.ts';
import { answerWith } from '../app/fakes.ts';
import { FakeWorkers } from './fakes.ts';

describe('EvaluationClient', () => {
  it('hands over what came of the questions that the worker asked', () => {
    const workers = new FakeWorkers<unknown, EvaluationEvent>();
    const client = new EvaluationClient(
      () => undefined,
      () => undefined,
      workers.start,
    );
    void client.call('runs', {});
    client.answer(7, []);
    client.fail(8, new LinguaLiftError('no-models', 'No models are open.'));
    const error = { code: 'no-models', message: 'No models are open.', details: '' };
    expect(workers.at(0).requests.slice(1)).toEqual([
      { type: 'asked', ask: 7, outcomes: [] },
      { type: 'ask-failed', ask: 8, error },
    ]);
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
