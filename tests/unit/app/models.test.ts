// How the page follows a load: progress, cancelling, failing, trying again, and another provider.
import { beforeEach, describe, expect, it } from 'vitest';
import { Models } from '../../../src/app/models/models.svelte.ts';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { bundle, FakeClient, settle } from './fakes.ts';

describe('Models', () => {
  let clients: FakeClient[];
  let models: Models;

  beforeEach(() => {
    clients = [];
    models = new Models('https://example.org/bundle.json', () => {
      const client = new FakeClient();
      clients.push(client);
      return client;
    });
  });

  const nthLoad = (index: number) => {
    const load = clients.flatMap((client) => client.loads)[index];
    if (load === undefined) throw new Error(`There is no load ${index}.`);
    return load;
  };

  it('shows the latest progress while it loads', () => {
    void models.load();
    expect(models.status).toEqual({ kind: 'loading', progress: null });
    const progress = { phase: 'download', item: 'a', loadedBytes: 1, totalBytes: 2 } as const;
    nthLoad(0).report(progress);
    expect(models.status).toEqual({ kind: 'loading', progress });
  });

  it('hands the client to everyone who waits once the bundle is loaded', async () => {
    const waiting = models.whenReady();
    void models.load();
    nthLoad(0).resolve(bundle);
    expect(await waiting).toBe(clients[0]);
    expect(await models.whenReady()).toBe(clients[0]);
    expect(models.bundle).toBe(bundle);
  });

  it('is cancelled, not failed, when the person cancels', async () => {
    const load = models.load();
    models.cancel();
    await load;
    expect(models.status).toEqual({ kind: 'cancelled' });
  });

  it('keeps waiting questions over a failed load and a retry in a new worker', async () => {
    const waiting = models.whenReady();
    const first = models.load();
    const error = new LinguaLiftError('file-hash', 'llm/onnx/model_q4.onnx is damaged.');
    nthLoad(0).reject(error);
    await first;
    expect(models.status).toEqual({ kind: 'failed', error });
    expect(clients[0]?.terminated).toBe(true);

    void models.load();
    nthLoad(1).resolve(bundle);
    expect(await waiting).toBe(clients[1]);
  });

  it('follows only the newest of two loads', async () => {
    void models.load('wasm');
    void models.load('webgpu');
    await settle();
    expect(models.choice).toBe('webgpu');
    expect(models.status.kind).toBe('loading');
    nthLoad(1).resolve(bundle);
    await settle();
    expect(models.status.kind).toBe('ready');
    expect(clients).toHaveLength(1);
  });

  describe('with a bridge that was learned', () => {
    const replacement = { alignment: new Uint8Array([1]), adapter: null };
    const learned = { id: 'run', name: 'Esperanto', replacement };

    it('answers over it, again after the next load, until the own one is put back', async () => {
      void models.load();
      nthLoad(0).resolve(bundle);
      await models.use(learned);
      expect(models.learned).toBe(learned);
      void models.load('wasm');
      nthLoad(1).resolve(bundle);
      await settle();
      await models.use(null);
      expect(clients[0]?.replacements).toEqual([replacement, replacement, null]);
      expect(models.learned).toBeNull();
    });

    it('keeps what was in use when it is refused', async () => {
      void models.load();
      nthLoad(0).resolve(bundle);
      await models.whenReady();
      const [client] = clients;
      if (client) client.refusal = new LinguaLiftError('other-models', 'It is for other models.');
      await expect(models.use(learned)).rejects.toThrow('It is for other models.');
      expect(models.learned).toBeNull();
    });

    it('goes back to the own one when a load cannot take it over', async () => {
      void models.load();
      nthLoad(0).resolve(bundle);
      await models.use(learned);
      const [client] = clients;
      if (client) client.refusal = new LinguaLiftError('session-failed', 'No memory.');
      void models.load();
      nthLoad(1).resolve(bundle);
      await settle();
      expect(models.status.kind).toBe('ready');
      expect(models.learned).toBeNull();
    });
  });

  it('starts a load for a question only when none is loaded or on its way', async () => {
    models.ensure();
    models.ensure();
    expect(clients[0]?.loads).toHaveLength(1);
    nthLoad(0).resolve(bundle);
    await settle();
    models.ensure();
    expect(clients[0]?.loads).toHaveLength(1);
  });
});
