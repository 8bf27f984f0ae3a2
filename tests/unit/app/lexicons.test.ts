// The state of the word lists without a page: reading files, failures, changes that can be taken back, rows,
// the preview of code-switching.
import { beforeEach, describe, expect, it } from 'vitest';
import { CodeSwitching, readSeed } from '../../../src/app/lexicon/codeSwitching.svelte.ts';
import { encoderPieces } from '../../../src/app/lexicon/encoderPieces.ts';
import { Lexicons } from '../../../src/app/lexicon/lexicons.svelte.ts';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { FakeClient, FakeLexiconClient, settle, summaryOf } from './fakes.ts';

const file = (name: string) => ({ name, open: () => new Blob([name]) });
const refused = new LinguaLiftError('no-pairs', 'b.txt holds no pair of words.');

describe('Lexicons', () => {
  let client: FakeLexiconClient;
  let lexicons: Lexicons;

  beforeEach(() => {
    client = new FakeLexiconClient();
    lexicons = new Lexicons(client);
  });

  const loaded = async (...names: string[]) => {
    void lexicons.load();
    client.last('lists').resolve(names.map(summaryOf));
    await settle();
  };
  const first = () => {
    const list = lexicons.lists?.[0];
    if (list === undefined) throw new Error('There is no list.');
    return list;
  };

  it('fetches the lists of earlier visits once and opens the newest', async () => {
    await loaded('eo', 'ht');
    await lexicons.load();
    expect(client.calls).toHaveLength(1);
    expect(lexicons.open?.name).toBe('ht');
    lexicons.pick('eo');
    expect(lexicons.open?.name).toBe('eo');
  });

  it('says what went wrong when the worker fails, and tries again', async () => {
    void lexicons.load();
    client.last('lists').reject(new LinguaLiftError('worker-crashed', 'It stopped.'));
    await settle();
    expect(lexicons.failures).toMatchObject([{ error: { message: 'It stopped.' } }]);
    await loaded('eo');
    expect(lexicons.lists).toHaveLength(1);
  });

  it('reads files one after the other and opens the last; a bad one is a failure of its own', async () => {
    void lexicons.add(['a.txt', 'b.txt', 'c.txt'].map(file));
    await settle();
    expect(lexicons.reading).toEqual({ name: 'a.txt', number: 1, total: 3 });
    client.last('import').resolve({ id: 'a', lists: [summaryOf('a')] });
    await settle();
    expect(lexicons.reading).toEqual({ name: 'b.txt', number: 2, total: 3 });
    client.last('import').reject(refused);
    await settle();
    client.last('import').resolve({ id: 'c', lists: [summaryOf('a'), summaryOf('c')] });
    await settle();
    expect(lexicons.reading).toBeNull();
    expect(lexicons.open?.name).toBe('c');
    expect(lexicons.failures).toMatchObject([
      { title: 'b.txt was not added', error: { message: refused.message } },
    ]);
    lexicons.failures.forEach((failure) => lexicons.dismiss(failure));
    expect(lexicons.failures).toEqual([]);
  });

  it('counts files that are added while others are read', async () => {
    void lexicons.add([file('a.txt')]);
    void lexicons.add([file('b.txt')]);
    await settle();
    client.last('import').resolve({ id: 'a', lists: [summaryOf('a')] });
    await settle();
    expect(lexicons.reading).toEqual({ name: 'b.txt', number: 2, total: 2 });
  });

  it('stops reading when it is cancelled, without an error', async () => {
    void lexicons.add(['a.txt', 'b.txt'].map(file));
    await settle();
    const { signal, reject } = client.last('import');
    lexicons.cancel();
    expect(signal?.aborted).toBe(true);
    reject(new LinguaLiftError('cancelled', 'Stopped.'));
    await settle();
    expect(client.calls).toHaveLength(1);
    expect(lexicons).toMatchObject({ reading: null, failures: [] });
  });

  it('says what was done, takes it back, and has everything shown be asked for again', async () => {
    await loaded('eo', 'ht');
    const version = lexicons.version;
    void lexicons.remove(first());
    client.last('remove').resolve([summaryOf('ht')]);
    await settle();
    expect(lexicons.undoable).toBe('eo is deleted.');
    expect(lexicons.version).toBeGreaterThan(version);
    void lexicons.undo();
    client.last('undo').resolve([summaryOf('eo'), summaryOf('ht')]);
    await settle();
    expect(lexicons.lists).toHaveLength(2);
    expect(lexicons.undoable).toBeNull();
  });

  it('asks for no change when a list keeps its name', async () => {
    await loaded('eo');
    await lexicons.rename(first(), ' eo ');
    expect(client.calls.map(({ name }) => name)).toEqual(['lists']);
  });

  it('gives what is wrong with a pair to whoever typed it', async () => {
    await loaded('eo');
    const problem = lexicons.edit(first(), null, { foreign: '', english: 'tree' });
    client.last('edit').reject(new LinguaLiftError('bad-pair', 'A side is empty.'));
    expect(await problem).toBe('A side is empty.');
    expect(lexicons.failures).toEqual([]);
  });

  it('has words of a list cut by the tokenizer of the models', async () => {
    const pieces = encoderPieces(lexicons, new FakeClient(), 'eo');
    client.last('sample').resolve([
      { foreign: 'arbo', english: 'tree' },
      { foreign: 'xx', english: 'thing' },
    ]);
    expect(await pieces).toMatchObject({ sampled: 2, meanPieces: 3, unknownShare: 0.5 });
  });

  describe('CodeSwitching', () => {
    it('leaves out lists of weight 0 and empty lists', async () => {
      void lexicons.load();
      client.last('lists').resolve([summaryOf('eo'), { ...summaryOf('ht'), entries: 0 }]);
      await settle();
      const codeSwitching = new CodeSwitching(lexicons);
      expect(codeSwitching.weights).toEqual([{ id: 'eo', weight: 1 }]);
      codeSwitching.setWeight('eo', 0);
      expect(codeSwitching.weights).toEqual([]);
      await codeSwitching.refresh();
      expect(client.calls).toHaveLength(1);
    });

    it('makes one preview at a time, and of all wishes meanwhile only the latest', async () => {
      await loaded('eo');
      const codeSwitching = new CodeSwitching(lexicons);
      void codeSwitching.refresh();
      for (const seed of [2, 3, 4]) {
        codeSwitching.set({ seed });
        void codeSwitching.refresh();
      }
      client.last('preview').resolve([]);
      await settle();
      expect(client.calls.filter(({ name }) => name === 'preview')).toHaveLength(2);
      expect(client.last('preview').request).toMatchObject({ settings: { seed: 4 } });
    });

    it('says why there is no preview', async () => {
      await loaded('eo');
      const codeSwitching = new CodeSwitching(lexicons);
      void codeSwitching.refresh();
      client.last('preview').reject(new LinguaLiftError('settings', 'A share is above 1.'));
      await settle();
      expect(codeSwitching.error?.message).toBe('A share is above 1.');
    });

    it('takes whole numbers from 0 for seeds', () => {
      expect([' 12 ', '0', '', '-1', '1.5', 'x'].map(readSeed)).toEqual([
        12,
        0,
        null,
        null,
        null,
        null,
      ]);
    });
  });
});
