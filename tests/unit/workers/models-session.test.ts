// The Models room's worker with twins on a hub on this computer: from the list of files to an answer of the models.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Bridge } from '../../../src/bridge/bridge.ts';
import type { Dtype } from '../../../src/bundle/hub/dtypes.ts';
import { BundleStore } from '../../../src/bundle/hub/bundleStore.ts';
import { ModelStore } from '../../../src/bundle/hub/store.ts';
import { loadStoredBundle } from '../../../src/bundle/hub/storedBundle.ts';
import { encodeAlignment } from '../../../src/train/alignmentFile.ts';
import type {
  CapabilityReport,
  ModelOnDevice,
  ModelsCalls,
  TransferProgress,
} from '../../../workers/models-protocol.ts';
import { ModelsSession } from '../../../workers/models-session.ts';
import { MemoryDisk } from '../../hub/memoryDisk.ts';
import { HubServer } from '../../hub/server.ts';
import { writeTwin } from '../../twins/twin.ts';

const encoderId = 'Xenova/multilingual-e5-small';
const llmId = 'HuggingFaceTB/SmolLM2-135M-Instruct';
const externalId = 'onnx-community/Qwen3-0.6B-ONNX';

/** A computer without a graphics card. */
const capabilities: CapabilityReport = {
  adapter: null,
  wasm: { threads: 1, isolated: false, maxBytes: 2 ** 32 },
  provider: { kind: 'wasm', detail: '1 thread', reason: 'no adapter' },
};

let root: string;
let server: HubServer;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lingualift-models-'));
  writeTwin('multilingual-e5-small', 'tiny', join(root, encoderId), ['q8', 'fp16']);
  writeTwin('smollm2-135m-instruct', 'tiny', join(root, llmId), ['q4', 'fp32']);
  writeTwin('qwen3-0.6b', 'tiny', join(root, externalId), ['q4']);
  server = await HubServer.start(root);
}, 120_000);
afterEach(() => server.reset());
afterAll(async () => {
  await server.stop();
  await rm(root, { recursive: true, force: true });
});

let modelsDisk: MemoryDisk;
let bundlesDisk: MemoryDisk;
let session: ModelsSession;
/** Begins a session that knows only what is on the disks. */
function open(): void {
  session = new ModelsSession(stores(), bundlesDisk, capabilities);
}
const stores = () => ({
  models: new ModelStore(modelsDisk),
  bundles: new BundleStore(bundlesDisk),
});
beforeEach(async () => {
  [modelsDisk, bundlesDisk] = [new MemoryDisk(), new MemoryDisk()];
  open();
  await call('setHubAddress', { address: `${server.url}/` });
});

function call<Name extends keyof ModelsCalls>(
  name: Name,
  request: ModelsCalls[Name]['request'],
  onProgress: (progress: TransferProgress) => void = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Promise<ModelsCalls[Name]['result']> {
  return session.handlers[name](request, { signal, onProgress });
}

async function download(id: string, dtype: Dtype): Promise<ModelOnDevice> {
  const { repository, revision, commit } = await call('look', { address: id });
  return call('download', { repository, revision, commit, dtype });
}

async function putTogether(encoderDtype: Dtype = 'q8', llmId_ = llmId) {
  const encoder = await download(encoderId, encoderDtype);
  const llm = await download(llmId_, 'q4');
  return call('putTogether', {
    name: 'Small & quick',
    encoder: { ...encoder, dtype: encoderDtype },
    llm: { ...llm, dtype: 'q4' },
    alignments: {},
  });
}

/** Opens a stored bundle and asks it something. */
async function ask(id: string): Promise<string> {
  const { files } = await loadStoredBundle(id, stores());
  const bridge = await Bridge.load(files, createNodeRuntime());
  try {
    const answer = await bridge.answer('What is 2 + 3?', { route: 'direct', maxNewTokens: 3 });
    expect(answer.prompt.promptTokens).toBeGreaterThan(3);
    return answer.stop;
  } finally {
    await bridge.dispose();
  }
}

describe('a model of the hub', () => {
  it('is shown with its formats, the one that this device runs best first', async () => {
    const view = await call('look', { address: encoderId });
    expect(view).toMatchObject({ kind: 'encoder', licence: 'apache-2.0', stored: null });
    expect(view.offers.map(({ dtype }) => dtype)).toEqual(['q8', 'fp16']);
    expect(view.recommended).toBe('q8');
    const [offer] = view.offers;
    expect(offer?.files.map(({ path }) => path).toSorted()).toEqual([
      'config.json',
      'onnx/model_quantized.onnx',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    expect(offer?.missingBytes).toBe(offer?.bytes);
  });

  it('is downloaded in one format, with progress to the last byte, and is then known', async () => {
    const seen: TransferProgress[] = [];
    const view = await call('look', { address: llmId });
    const model = await call('download', { ...view, dtype: 'q4' }, (progress) =>
      seen.push(progress),
    );
    expect(model).toMatchObject({ kind: 'llm', whole: true, source: 'hub', usedBy: [] });
    expect(model.dtypes).toMatchObject([{ dtype: 'q4', whole: true }]);
    expect(model.totalBytes).toBe(view.offers[0]?.bytes);
    expect(seen.at(-1)?.doneBytes).toBe(model.totalBytes);
    open();
    const { models, presets } = await call('overview', {});
    expect(models).toEqual([model]);
    const preset = presets.find((each) => each.preset.repository === llmId);
    expect(preset).toMatchObject({ recommended: 'q4', stored: [model] });
    const again = await call('look', { address: llmId });
    expect(again.offers.find(({ dtype }) => dtype === 'q4')?.missingBytes).toBe(0);
  });

  it('answers through the direct route when an encoder is beside it', async () => {
    const bundle = await putTogether();
    expect(bundle).toMatchObject({ id: 'small-quick', whole: true, alignments: [] });
    expect(bundle.bytes).toBeGreaterThan(100_000);
    open();
    expect(await ask(bundle.id)).toBe('length');
  }, 60_000);

  it('answers with its weights in files beside the graph too', async () => {
    const bundle = await putTogether('q8', externalId);
    expect(await ask(bundle.id)).toBe('length');
  }, 60_000);

  it('goes on after a pause, in a new session, without asking for what is there', async () => {
    const view = await call('look', { address: llmId });
    const graph = 'onnx/model_q4.onnx';
    server.fail(graph, { stallAfter: 100_000 }, 1);
    const stop = new AbortController();
    const paused = call(
      'download',
      { ...view, dtype: 'q4' },
      ({ path, bytes }) => path === graph && bytes === 100_000 && stop.abort(),
      stop.signal,
    );
    await expect(paused).rejects.toMatchObject({ code: 'cancelled' });
    server.reset();
    open();
    const [partial] = (await call('overview', {})).models;
    expect(partial).toMatchObject({ whole: false });
    expect(partial?.dtypes).toMatchObject([{ keptBytes: 100_000, whole: false }]);
    const whole = await call('resume', view);
    expect(whole.whole).toBe(true);
    const ranges = server.requests.filter(({ at, path }) => at === 'cdn' && path === graph);
    expect(ranges.map(({ range }) => range)).toEqual(['bytes=100000-']);
  });

  it('leaves nothing of a download that was given up', async () => {
    const view = await call('look', { address: llmId });
    server.fail('onnx/model_q4.onnx', { status: 403 });
    await expect(call('download', { ...view, dtype: 'q4' })).rejects.toMatchObject({
      code: 'hub-gated',
    });
    await call('discardPartial', view);
    await call('deleteModel', view);
    const { models, modelBytes } = await call('overview', {});
    expect(models).toEqual([]);
    expect(modelBytes).toBe(0);
  });
});

describe('what goes wrong', () => {
  it('throws bytes away that are not those of the list, and puts no such model into a bundle', async () => {
    const encoder = await download(encoderId, 'q8');
    const view = await call('look', { address: llmId });
    server.fail('onnx/model_q4.onnx', { flipAt: 5000 });
    await expect(call('download', { ...view, dtype: 'q4' })).rejects.toMatchObject({
      code: 'file-hash',
    });
    const request = {
      name: 'broken',
      encoder: { ...encoder, dtype: 'q8' as const },
      llm: { ...view, dtype: 'q4' as const },
      alignments: {},
    };
    await expect(call('putTogether', request)).rejects.toMatchObject({ code: 'file-partial' });
    expect((await call('overview', {})).bundles).toEqual([]);
  });

  it('says when the storage is full, and goes on when there is room', async () => {
    const view = await call('look', { address: llmId });
    modelsDisk.quota = 200_000;
    await expect(call('download', { ...view, dtype: 'q4' })).rejects.toMatchObject({
      code: 'storage-full',
    });
    modelsDisk.quota = Infinity;
    expect((await call('resume', view)).whole).toBe(true);
  });

  it('keeps a model that a bundle needs', async () => {
    const bundle = await putTogether();
    await expect(call('deleteModel', bundle.llm)).rejects.toMatchObject({
      code: 'model-in-use',
      details: bundle.id,
    });
    await call('deleteBundle', bundle);
    const { models } = await call('deleteModel', bundle.llm);
    expect(models.map(({ repository }) => repository)).toEqual([encoderId]);
    await expect(loadStoredBundle(bundle.id, stores())).rejects.toMatchObject({
      code: 'bundle-missing',
    });
  });

  it('refuses a model in the other place', async () => {
    const llm = await download(llmId, 'q4');
    const pick = { ...llm, dtype: 'q4' as const };
    const request = { name: 'twice', encoder: pick, llm: pick, alignments: {} };
    await expect(call('putTogether', request)).rejects.toMatchObject({
      code: 'model-unsupported',
    });
  });

  it('refuses an address that is none, and keeps the old one', async () => {
    await expect(call('setHubAddress', { address: 'ftp://x' })).rejects.toMatchObject({
      code: 'hub-base',
    });
    expect(await call('overview', {})).toMatchObject({ hubAddress: server.url, isMirror: true });
    expect(await call('setHubAddress', { address: null })).toMatchObject({ isMirror: false });
  });
});

describe('an alignment', () => {
  const alignment = (encoder: string, encoderDim: number) => {
    const sizes = { encoderDim, llmDim: 288, hiddenDim: 0, latents: 0, heads: 0 };
    const values = {
      'linear.weight': new Float32Array(288 * encoderDim),
      'linear.bias': new Float32Array(288),
      end_of_prompt: new Float32Array(288),
    };
    const llm = `hf://${llmId}@main`;
    const rest = {
      inputs: 'states',
      normEpsilon: 1e-6,
      stage: 'lingualift-1',
      recipe: {},
    } as const;
    const bytes = encodeAlignment({ kind: 'linear', sizes, encoder, llm, values, ...rest });
    return { alignment: new Blob([bytes]), adapter: null };
  };

  it('opens its route once it is imported, and takes its bytes with it when it goes', async () => {
    const { id } = await putTogether();
    const before = bundlesDisk.files.size;
    const files = alignment(`hf://${encoderId}@main`, 64);
    const bundle = await call('addAlignment', { id, name: 'lingualift', files });
    expect(bundle.alignments).toEqual(['lingualift']);
    const loaded = await loadStoredBundle(id, stores());
    const bridge = await Bridge.load(loaded.files, createNodeRuntime());
    const options = { route: 'lingualift', maxNewTokens: 2 } as const;
    expect((await bridge.answer('two and three', options)).prompt.softPromptLength).toBeGreaterThan(
      2,
    );
    await bridge.dispose();
    await call('removeAlignment', { id, name: 'lingualift' });
    expect(bundlesDisk.files.size).toBe(before);
  }, 60_000);

  it.each([
    ['between other models', alignment('hf://Xenova/LaBSE@main', 64), 'other-models'],
    ['of another size', alignment(`hf://${encoderId}@main`, 32), 'other-models'],
    ['that is none', { alignment: new Blob(['none']), adapter: null }, 'file-invalid'],
  ])('%s is refused, and the bundle stays as it was', async (_, files, code) => {
    const { id } = await putTogether();
    const before = [...bundlesDisk.files.keys()];
    const added = call('addAlignment', { id, name: 'lingualift', files });
    await expect(added).rejects.toMatchObject({ code });
    expect([...bundlesDisk.files.keys()]).toEqual(before);
  });
});

describe('a folder', () => {
  /** What a browser gives for a folder that was picked. */
  async function filesOf(id: string, under: string): Promise<{ path: string; file: File }[]> {
    const folder = join(root, id);
    const paths = (await readdir(folder, { recursive: true })).filter((path) =>
      /\.\w+$/.test(path),
    );
    return Promise.all(
      paths.map(async (path) => ({
        path: `${under}${path}`,
        file: new File([await readFile(join(folder, path))], path),
      })),
    );
  }

  it('becomes a model like one of the hub, which answers', async () => {
    const files = await filesOf(llmId, 'Downloads/smol/');
    const notes = { path: 'Downloads/notes.txt', file: new File(['x'], 'notes.txt') };
    const llm = await call('importFolder', { name: 'My model', files: [notes, ...files] });
    expect(llm).toMatchObject({ source: 'folder', repository: '.local/My-model', whole: true });
    expect(llm.dtypes.map(({ dtype }) => dtype).toSorted()).toEqual(['fp32', 'q4']);
    expect(llm.files.map(({ path }) => path)).not.toContain('notes.txt');
    const encoder = await download(encoderId, 'q8');
    const bundle = await call('putTogether', {
      name: 'इ',
      encoder: { ...encoder, dtype: 'q8' },
      llm: { ...llm, dtype: 'q4' },
      alignments: {},
    });
    expect(bundle.id).toBe('bundle');
    expect(await ask(bundle.id)).toBe('length');
  }, 60_000);

  it.each([
    ['is full of other things', ['a/b.txt'], /^There is no config\.json/],
    ['has a config and no model', ['config.json'], /^Beside the config\.json/],
    ["is the builder's own", ['b/model.onnx', 'b/genai_config.json'], /Put the config\.json of/],
  ])('that %s is refused, and why is said', async (_, paths, message) => {
    const files = paths.map((path) => ({ path, file: new File(['{}'], path) }));
    await expect(call('importFolder', { name: 'x', files })).rejects.toMatchObject({
      code: 'folder-no-model',
      message: expect.stringMatching(message) as string,
    });
  });

  it('leaves nothing behind when it does not fit or is stopped', async () => {
    const files = await filesOf(llmId, '');
    modelsDisk.quota = 100_000;
    await expect(call('importFolder', { name: 'x', files })).rejects.toMatchObject({
      code: 'storage-full',
    });
    expect(modelsDisk.files.size).toBe(0);
    modelsDisk.quota = Infinity;
    const stop = new AbortController();
    const stopped = call(
      'importFolder',
      { name: 'x', files },
      ({ phase, bytes }) => phase === 'download' && bytes > 0 && stop.abort(),
      stop.signal,
    );
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(modelsDisk.files.size).toBe(0);
  });
});
