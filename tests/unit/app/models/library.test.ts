// The models of this device without a page: downloads that are paused, cancelled, damaged and taken up again, bundles.
import { beforeEach, describe, expect, it } from 'vitest';
import { Library } from '../../../../src/app/models/library.svelte.ts';
import { Pairing } from '../../../../src/app/models/pairing.svelte.ts';
import { LinguaLiftError } from '../../../../src/bundle/errors.ts';
import { addressOf, type Overview } from '../../../../workers/models-protocol.ts';
import { settle } from '../fakes.ts';
import {
  capabilities,
  commit,
  FakeModelsService,
  modelOf,
  overviewOf,
  storedBundle,
  viewOf,
} from './fakes.ts';

const damaged = new LinguaLiftError('file-hash', 'The checksums differ.');
const wanted = { repository: 'owner/l', revision: 'main', dtype: 'q4' } as const;
const file = 'onnx/model_q4.onnx';

describe('Library', () => {
  let service: FakeModelsService;
  let library: Library;
  let opened: string[];

  beforeEach(() => {
    service = new FakeModelsService();
    opened = [];
    library = new Library(service, {
      address: addressOf(storedBundle),
      embedded: 'https://example.org/bundle.json',
      open: (address) => Promise.resolve(void opened.push(address)),
    });
  });

  const tell = async (changes: Partial<Overview> = {}) => {
    service.last('overview').resolve(overviewOf(changes));
    await settle();
  };
  const load = async (changes: Partial<Overview> = {}) => {
    void library.load();
    service.last('capabilities').resolve(capabilities);
    await tell(changes);
  };
  const begin = async () => {
    void library.download(wanted);
    service.last('look').resolve(viewOf('owner/l'));
    await settle();
  };

  it('asks once what there is, and again after a failure', async () => {
    void library.load();
    service.last('capabilities').reject(new LinguaLiftError('no-storage', 'Storage is off.'));
    await tell();
    expect(library.failures).toMatchObject([{ error: { code: 'no-storage' } }]);
    await load();
    await library.load();
    expect(service.count('capabilities')).toBe(2);
    expect(library.failures).toEqual([]);
    expect(library.overview?.presets).toHaveLength(2);
  });

  it('is judged anew when the person has the models run elsewhere, with what was looked up', async () => {
    await load();
    void library.look('owner/l');
    service.last('look').resolve(viewOf('owner/l'));
    await settle();
    await library.runOn('auto');
    expect(service.count('runOn')).toBe(0);
    const done = library.runOn('wasm');
    await settle();
    expect(service.last('runOn').request).toEqual({ choice: 'wasm' });
    const provider = { kind: 'wasm', detail: '4 threads', reason: 'You chose it.' } as const;
    service.last('runOn').resolve({
      capabilities: { ...capabilities, provider },
      overview: overviewOf({ modelBytes: 7 }),
      views: [{ ...viewOf('owner/l'), recommended: null }],
    });
    await done;
    expect(library.overview?.modelBytes).toBe(7);
    expect(library.capabilities?.provider.kind).toBe('wasm');
    expect(library.listed['owner/l']?.recommended).toBeNull();
    expect(library.looked?.recommended).toBeNull();
    await library.runOn('wasm');
    expect(service.count('runOn')).toBe(1);
  });

  it('is asked again where the models run after a worker that did not answer', async () => {
    await load();
    for (const times of [1, 2]) {
      const done = library.runOn('wasm');
      await settle();
      expect(service.count('runOn')).toBe(times);
      service.last('runOn').reject(new LinguaLiftError('worker-crash', 'It stopped.'));
      await done;
    }
    expect(library.failures).toMatchObject([{ error: { code: 'worker-crash' } }]);
  });

  describe('a download', () => {
    beforeEach(() => load());

    it('asks the hub for the commit first, then names every file before it moves', async () => {
      void library.download(wanted);
      expect(service.last('look').request).toEqual({ address: 'owner/l@main' });
      expect(library.transferOf('owner/l')?.hasBegun).toBe(false);
      service.last('look').resolve(viewOf('owner/l'));
      await settle();
      expect(service.last('download').request).toEqual({ ...wanted, commit });
      expect(library.transferOf('owner/l')).toMatchObject({ doneBytes: 0, totalBytes: 1000 });
      expect(library.transferOf('owner/l')?.files).toMatchObject([
        { path: file, state: 'waiting' },
      ]);
    });

    it('shows each file and the sum, and ends when the worker says so', async () => {
      await begin();
      const { report, resolve } = service.last('download');
      const moved = { path: file, fileBytes: 1000, totalBytes: 1000 };
      report({ ...moved, phase: 'download', bytes: 400, doneBytes: 400 });
      expect(library.transfers).toMatchObject([
        { doneBytes: 400, files: [{ state: 'download', doneBytes: 400 }] },
      ]);
      report({ ...moved, phase: 'check', bytes: 500, doneBytes: 1000 });
      expect(library.transfers).toMatchObject([{ files: [{ state: 'check' }] }]);
      report({ ...moved, phase: 'check', bytes: 1000, doneBytes: 1000 });
      expect(library.transfers).toMatchObject([{ files: [{ state: 'done' }] }]);
      resolve(modelOf('owner/l'));
      await settle();
      await tell({ models: [modelOf('owner/l')] });
      expect(library).toMatchObject({ transfers: [], partials: [], failures: [] });
    });

    it('goes on once, however often it is asked for', async () => {
      await begin();
      await library.download(wanted);
      expect(service.count('look')).toBe(1);
    });

    it('keeps its part when it is paused, and goes on from there', async () => {
      await begin();
      library.transferOf('owner/l')?.stop(false);
      await settle();
      await tell({ models: [modelOf('owner/l', 400)] });
      expect(library.failures).toEqual([]);
      const [part] = library.partials;
      if (part === undefined) throw new Error('There is no part.');
      void library.resume(part);
      expect(library.partials).toEqual([]);
      expect(library.transferOf('owner/l')).toMatchObject({ doneBytes: 400, totalBytes: 1000 });
      expect(service.last('resume').request).toEqual({ repository: 'owner/l', commit });
    });

    it('throws its part away when it is cancelled', async () => {
      await begin();
      library.transferOf('owner/l')?.stop(true);
      await settle();
      await tell({ models: [modelOf('owner/l', 400)] });
      expect(service.last('discardPartial').request).toEqual({ repository: 'owner/l', commit });
      service.last('discardPartial').resolve(overviewOf());
      await settle();
      expect(library).toMatchObject({ transfers: [], partials: [], failures: [] });
    });

    it('says which file was damaged, until it is tried again', async () => {
      await begin();
      service.last('download').reject(damaged);
      await settle();
      await tell({ models: [modelOf('owner/l', 0)] });
      expect(library.failures).toEqual([{ title: 'l was not downloaded', error: damaged }]);
      const [part] = library.partials;
      if (part) void library.resume(part);
      expect(library.failures).toEqual([]);
    });

    it('names the formats that the repository has where the wanted one is not among them', async () => {
      void library.download({ ...wanted, dtype: 'fp16' });
      service.last('look').resolve(viewOf('owner/l'));
      await settle();
      await tell();
      expect(library.failures[0]?.error.message).toContain('It has q4');
      expect(service.count('download')).toBe(0);
    });
  });

  it('knows after a download that what was looked up is on the device', async () => {
    await load();
    void library.look('owner/other');
    service.last('look').resolve(viewOf('owner/other'));
    await settle();
    void library.download({ ...wanted, repository: 'owner/other' });
    service.last('look').resolve(viewOf('owner/other'));
    await settle();
    service.last('download').resolve(modelOf('owner/other'));
    await settle();
    await tell({ models: [modelOf('owner/other')] });
    expect(library.looked?.stored?.whole).toBe(true);
  });

  it('imports a folder under its name', async () => {
    await load();
    const files = [{ path: 'mine/config.json', file: new File(['{}'], 'config.json') }];
    void library.importFolder({ name: 'mine', files });
    expect(library.transferOf('mine')?.kind).toBe('import');
    service.last('importFolder').reject(new LinguaLiftError('folder-no-model', 'No graph.'));
    await settle();
    await tell();
    expect(library.failures).toMatchObject([{ title: 'The folder mine was not taken' }]);
  });

  it('puts a pair together and opens it', async () => {
    await load({ models: [modelOf('owner/e'), modelOf('owner/l')] });
    const pairing = new Pairing(library);
    pairing.pick('encoder', 'owner/e');
    pairing.pick('llm', 'owner/l');
    const made = library.putTogether(pairing);
    expect(service.last('putTogether').request).toEqual({
      name: 'e + l',
      encoder: storedBundle.encoder,
      llm: storedBundle.llm,
      alignments: {},
    });
    service.last('putTogether').resolve(storedBundle);
    await settle();
    await tell({ bundles: [storedBundle] });
    expect(await made).toBe(true);
    expect(opened).toEqual(['stored:pair']);
  });

  it('opens the built-in models when the open bundle is deleted', async () => {
    await load({ bundles: [storedBundle] });
    const deleted = library.deleteBundle(storedBundle);
    service.last('deleteBundle').resolve(overviewOf());
    expect(await deleted).toBe(true);
    expect(opened).toEqual(['https://example.org/bundle.json']);
  });

  it('says why a model cannot be deleted', async () => {
    await load();
    const deleted = library.deleteModel(modelOf('owner/l'));
    service.last('deleteModel').reject(new LinguaLiftError('model-in-use', 'A part of “Pair”.'));
    expect(await deleted).toBe(false);
    expect(library.failures).toMatchObject([{ title: 'l was not deleted' }]);
  });

  it('forgets what the hub listed when its address is another', async () => {
    await load();
    void library.look('owner/other');
    service.last('look').resolve(viewOf('owner/other'));
    await settle();
    const set = library.setHubAddress('https://mirror.example');
    expect(library).toMatchObject({ looked: null, listed: {} });
    const mirror = { hubAddress: 'https://mirror.example', isMirror: true };
    service.last('setHubAddress').resolve(overviewOf(mirror));
    await set;
    expect(library.overview).toMatchObject(mirror);
  });

  it('tells whether the browser promised to keep what is stored', async () => {
    await load();
    service.promises = false;
    const promised = library.persist();
    await settle();
    await tell();
    expect(await promised).toBe(false);
  });

  it('imports an alignment into a bundle, and opens it again where it is open', async () => {
    await load({ bundles: [storedBundle] });
    const done = library.addAlignment(storedBundle, 'lingualift', [
      new File(['weights'], 'lingualift.safetensors'),
      new File(['{}'], 'adapter_config.json'),
      new File(['factors'], 'adapter_model.safetensors'),
    ]);
    await settle();
    const { request, resolve } = service.last('addAlignment');
    expect(request).toMatchObject({ id: storedBundle.id, name: 'lingualift' });
    expect(await request.files.alignment.text()).toBe('weights');
    expect(await request.files.adapter?.weights.text()).toBe('factors');
    resolve({ ...storedBundle, alignments: ['lingualift'] });
    await settle();
    await tell({ bundles: [{ ...storedBundle, alignments: ['lingualift'] }] });
    expect(await done).toBe(true);
    expect(library.overview?.bundles[0]?.alignments).toEqual(['lingualift']);
    expect(opened).toEqual([addressOf(storedBundle)]);
  });

  it('asks for nothing where the files are no alignment, and says so', async () => {
    await load({ bundles: [storedBundle] });
    const files = [new File(['{}'], 'adapter_config.json')];
    expect(await library.addAlignment(storedBundle, 'langbridge', files)).toBe(false);
    expect(service.count('addAlignment')).toBe(0);
    expect(library.failures).toMatchObject([{ error: { code: 'no-alignment' } }]);
  });

  it('takes an alignment out', async () => {
    await load({ bundles: [storedBundle] });
    const done = library.removeAlignment(storedBundle, 'lingualift');
    service.last('removeAlignment').resolve({ ...storedBundle, alignments: [] });
    await settle();
    await tell({ bundles: [{ ...storedBundle, alignments: [] }] });
    expect(await done).toBe(true);
  });
});
