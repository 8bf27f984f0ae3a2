// Opening bundles of this device: which is open next time, the phases, the check of the GPU, and training on them.
import { beforeEach, describe, expect, it } from 'vitest';
import type { TrainingService } from '../../../../src/app/finetune/training.svelte.ts';
import { shortMemory, type Memory } from '../../../../src/app/models/memory.ts';
import { Models } from '../../../../src/app/models/models.svelte.ts';
import { loadSteps } from '../../../../src/app/models/phases.ts';
import { onOpenModels } from '../../../../src/app/models/trainedModels.ts';
import { LinguaLiftError } from '../../../../src/bundle/errors.ts';
import type { LoadedBundle } from '../../../../workers/protocol.ts';
import { answerWith, bundle, FakeClient, settle } from '../fakes.ts';

const embedded = 'https://example.org/bundle.json';
const stored = 'stored:pair';
const onGpu: LoadedBundle = {
  ...bundle,
  provider: { kind: 'webgpu', detail: 'nvidia ampere', reason: 'It is a real GPU.' },
};

describe('Models with bundles of this device', () => {
  let clients: FakeClient[];
  let memory: Memory;
  let models: Models;

  const visit = () =>
    new Models(
      embedded,
      () => {
        const client = new FakeClient();
        clients.push(client);
        return client;
      },
      memory,
    );
  const client = (index: number) => {
    const found = clients[index];
    if (found === undefined) throw new Error(`There is no client ${index}.`);
    return found;
  };
  const lastLoad = (index = 0) => {
    const load = client(index).loads.at(-1);
    if (load === undefined) throw new Error('Nothing was loaded.');
    return load;
  };

  beforeEach(() => {
    clients = [];
    memory = shortMemory();
    models = visit();
  });

  it('begin the next visit with the bundle that was open', async () => {
    void models.open(stored);
    expect(lastLoad().address).toBe(stored);
    lastLoad().resolve(bundle);
    await settle();
    expect(visit().address).toBe(stored);
  });

  it('begin it with the one of the page where the other did not come to its end', async () => {
    void models.open(stored);
    expect(visit().address).toBe(embedded);
    lastLoad().reject(new LinguaLiftError('session-failed', 'No memory.'));
    await settle();
    expect(visit().address).toBe(embedded);
  });

  it('show that files of this device are read, not downloaded', () => {
    void models.open(stored);
    lastLoad().report({ phase: 'download', item: 'a', loadedBytes: 5e8, totalBytes: 1e9 });
    const steps = loadSteps(models.status, models.isStored, models.check);
    expect(steps.map(({ name, state }) => [name, state])).toEqual([
      ['Download', 'done'],
      ['Read', 'now'],
      ['Compile', 'waiting'],
      ['Warm up', 'waiting'],
      ['Self-check', 'waiting'],
      ['Ready', 'waiting'],
    ]);
    expect(steps[1]?.note).toBe('50 %');
  });

  it('leave the check out on WebAssembly', async () => {
    void models.open(stored);
    lastLoad().resolve(bundle);
    await settle();
    expect(models.status.kind).toBe('ready');
    const steps = loadSteps(models.status, true, models.check);
    expect(steps.find(({ phase }) => phase === 'self-check')?.state).toBe('left-out');
  });

  describe('on the GPU', () => {
    beforeEach(async () => {
      void models.open(stored);
      lastLoad().resolve(onGpu);
      await settle();
    });

    /** Has both clients write a text to every question. */
    const write = async (gpu: string, wasm: string) => {
      lastLoad(1).resolve(bundle);
      await settle();
      const texts: [FakeClient, string][] = [
        [client(0), gpu],
        [client(1), wasm],
      ];
      for (const [each, text] of texts) {
        const batch = each.batches.at(-1);
        batch?.resolve(batch.questions.map(() => answerWith(text, 'direct')));
      }
      await settle();
    };

    it('are compared with WebAssembly before they are ready, once on an adapter', async () => {
      expect(models.status).toMatchObject({ progress: { phase: 'self-check' } });
      expect(lastLoad(1)).toMatchObject({ address: stored, provider: 'wasm' });
      await write('17', '17');
      expect(models.status.kind).toBe('ready');
      expect(models.check).toMatchObject({ kind: 'done', result: { differing: [] } });
      expect(client(1).terminated).toBe(true);
      void models.load();
      lastLoad().resolve(onGpu);
      await settle();
      expect(models.check.kind).toBe('known');
      expect(clients).toHaveLength(2);
    });

    it('are ready with a warning where the texts differ, and compared again next time', async () => {
      await write('17', '!!!');
      expect(models.status.kind).toBe('ready');
      expect(models.check).toMatchObject({ result: { differing: [{}, {}] } });
      void models.load();
      lastLoad().resolve(onGpu);
      await settle();
      expect(clients).toHaveLength(3);
    });

    it('are ready at once when the check is skipped', async () => {
      const waiting = lastLoad(1);
      models.cancel();
      expect(client(1).terminated).toBe(true);
      waiting.reject(new LinguaLiftError('cancelled', 'The models were unloaded.'));
      await settle();
      expect(models.status.kind).toBe('ready');
      expect(models.check.kind).toBe('skipped');
    });

    it('are ready where the second copy does not start', async () => {
      lastLoad(1).reject(new LinguaLiftError('session-failed', 'No memory.'));
      await settle();
      expect(models.status.kind).toBe('ready');
      expect(models.check).toEqual({ kind: 'failed', reason: 'No memory.' });
    });
  });

  it('are not compared where two copies are too large', async () => {
    void models.open(stored);
    const files = { a: { bytes: 2e9, sha256: '' } };
    lastLoad().resolve({ ...onGpu, manifest: { ...onGpu.manifest, files } });
    await settle();
    expect(models.check.kind).toBe('too-large');
  });
});

describe('onOpenModels', () => {
  const serviceOver = (opened: string[], open: (url: string) => Promise<void>) =>
    ({
      open: (url) => {
        opened.push(url);
        return open(url);
      },
      resume: () => Promise.reject(new Error('not asked here')),
      pause: () => Promise.resolve(),
    }) as Partial<TrainingService> as TrainingService;

  it('opens the models of Ask before it trains, and others only when they are others', async () => {
    const opened: string[] = [];
    let address = embedded;
    const service = onOpenModels(
      serviceOver(opened, () => Promise.resolve()),
      () => address,
    );
    await service.open('ignored');
    await expect(service.resume('run')).rejects.toThrow('not asked');
    expect(opened).toEqual([embedded]);
    address = stored;
    await service.pause();
    expect(opened).toEqual([embedded]);
    await expect(service.resume('run')).rejects.toThrow('not asked');
    expect(opened).toEqual([embedded, stored]);
  });

  it('opens again what could not be opened', async () => {
    const opened: string[] = [];
    const service = onOpenModels(
      serviceOver(opened, () => Promise.reject(new Error('offline'))),
      () => stored,
    );
    await expect(service.open('')).rejects.toThrow('offline');
    await expect(service.open('')).rejects.toThrow('offline');
    expect(opened).toEqual([stored, stored]);
  });
});
