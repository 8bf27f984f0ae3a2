// The Ask room without a page: sending, waiting, streaming, stopping, comparing, looking again.
import { beforeEach, describe, expect, it } from 'vitest';
import { AskRoom } from '../../../src/app/ask/ask.svelte.ts';
import { Models } from '../../../src/app/models/models.svelte.ts';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { answerWith, bundle, FakeClient, settle } from './fakes.ts';

const file = { file: 'a.safetensors', adapter: null };
const alignments = { langbridge: file, lingualift: file };
const bridged = { ...bundle, manifest: { ...bundle.manifest, alignments } };

describe('AskRoom', () => {
  let client: FakeClient;
  let models: Models;
  let room: AskRoom;

  beforeEach(() => {
    client = new FakeClient();
    models = new Models('https://example.org/bundle.json', () => client);
    room = new AskRoom(models);
    void models.load();
  });

  const ready = async () => {
    client.loads.at(-1)?.resolve(bridged);
    await settle();
  };
  const nthAnswer = (index: number) => {
    const answer = client.answers[index];
    if (answer === undefined) throw new Error(`There is no answer ${index}.`);
    return answer;
  };
  const firstRun = () => {
    const run = room.current?.runs[0];
    if (run === undefined) throw new Error('There is no run.');
    return run;
  };

  it('refuses an empty draft with a reason and asks nothing', async () => {
    await ready();
    room.draft = ' \n ';
    room.send();
    expect(room.problem).toMatch(/empty/);
    expect(room.entries).toEqual([]);
  });

  it('keeps a draft that is too long', () => {
    room.draft = 'x'.repeat(2001);
    room.send();
    expect(room.problem).toMatch(/1 character too long/);
    expect(room.draft).toHaveLength(2001);
  });

  it('keeps a question until the models are ready, then answers it', async () => {
    room.draft = '  6 × 7? ';
    room.send();
    expect(room.draft).toBe('');
    expect(firstRun().status).toBe('waiting');
    await ready();
    expect(nthAnswer(0).question).toBe('6 × 7?');
    expect(firstRun().status).toBe('running');
    nthAnswer(0).emit({ type: 'text', text: '<<6*7', tokens: 4 });
    expect(firstRun().text).toBe('<<6*7');
    nthAnswer(0).resolve(answerWith('<<6*7=42>>\n#### 42', 'lingualift'));
    await settle();
    expect(firstRun()).toMatchObject({ status: 'done', text: '<<6*7=42>>\n#### 42' });
    expect(room.busy).toBe(false);
  });

  it('never answers a question that was stopped while the models were loading', async () => {
    room.ask('6 × 7?');
    room.stop();
    await ready();
    expect(client.answers).toEqual([]);
    expect(firstRun().status).toBe('stopped');
  });

  it('keeps what has been written when the person stops', async () => {
    await ready();
    room.ask('6 × 7?');
    await settle();
    nthAnswer(0).emit({ type: 'text', text: 'six times seven', tokens: 3 });
    room.stop();
    await settle();
    expect(firstRun()).toMatchObject({ status: 'stopped', text: 'six times seven' });
  });

  it('asks on every route at once when routes are compared', async () => {
    await ready();
    room.compare = true;
    room.ask('6 × 7?');
    await settle();
    expect(client.answers.map(({ route }) => route)).toEqual([
      'direct',
      'gloss',
      'langbridge',
      'lingualift',
    ]);
  });

  it('adds only the missing routes to an entry that has one', async () => {
    await ready();
    room.ask('6 × 7?');
    await settle();
    nthAnswer(0).resolve(answerWith('#### 42', 'lingualift'));
    await settle();
    room.compareCurrent();
    await settle();
    expect(client.answers.map(({ route }) => route)).toEqual([
      'lingualift',
      'direct',
      'gloss',
      'langbridge',
    ]);
    expect(room.current?.runs.map(({ route }) => route)).toEqual([
      'direct',
      'gloss',
      'langbridge',
      'lingualift',
    ]);
    expect(room.current?.main?.text).toBe('#### 42');
  });

  it('stops one question when the next is asked, and lists it as an earlier one', async () => {
    await ready();
    room.ask('first');
    await settle();
    room.ask('second');
    await settle();
    expect(room.current?.question).toBe('second');
    expect(room.earlier.map(({ question }) => question)).toEqual(['first']);
    expect(room.earlier[0]?.main?.status).toBe('stopped');
  });

  it('puts an earlier entry back and can forget the others', async () => {
    await ready();
    room.ask('first');
    room.ask('second');
    const [first] = room.earlier;
    if (first) room.open(first);
    expect(room.current?.question).toBe('first');
    room.clearEarlier();
    expect(room.entries.map(({ question }) => question)).toEqual(['first']);
  });

  it('puts the current question into the box to be changed', () => {
    room.ask('first');
    room.edit();
    expect(room.draft).toBe('first');
  });

  it('shows an error of the question with the question, and the models stay', async () => {
    await ready();
    room.ask('long');
    await settle();
    const error = new LinguaLiftError('question-too-long', 'The question has 300 tokens.');
    nthAnswer(0).reject(error);
    await settle();
    expect(firstRun()).toMatchObject({ status: 'failed', error });
    expect(models.status.kind).toBe('ready');
  });

  it('takes a crash of the worker for trouble of the models, and loads again with the next question', async () => {
    await ready();
    room.ask('first');
    await settle();
    nthAnswer(0).reject(new LinguaLiftError('worker-crashed', 'It stopped.'));
    await settle();
    expect(firstRun()).toMatchObject({ status: 'failed', error: null });
    expect(models.status.kind).toBe('failed');
    room.ask('first');
    expect(models.status.kind).toBe('loading');
    await ready();
    expect(nthAnswer(1).question).toBe('first');
  });
});
