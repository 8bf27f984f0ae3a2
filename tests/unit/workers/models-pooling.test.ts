// From a repository's 1_Pooling/config.json to the manifest of a bundle and to the sentence vectors of retrieval.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Bridge } from '../../../src/bridge/bridge.ts';
import { BundleStore } from '../../../src/bundle/hub/bundleStore.ts';
import { ModelStore } from '../../../src/bundle/hub/store.ts';
import { loadStoredBundle } from '../../../src/bundle/hub/storedBundle.ts';
import { sha256 } from '../../../src/bundle/integrity.ts';
import type { LoadedFiles } from '../../../src/bundle/load.ts';
import type { ModelPick, ModelsCalls } from '../../../workers/models-protocol.ts';
import { ModelsSession } from '../../../workers/models-session.ts';
import { MemoryDisk } from '../../hub/memoryDisk.ts';
import { HubServer } from '../../hub/server.ts';
import { writeTwin } from '../../twins/twin.ts';

const llmId = 'HuggingFaceTB/SmolLM2-135M-Instruct';
const plainId = 'Xenova/multilingual-e5-small';
const labseId = 'Xenova/LaBSE';
const poolingFile = '1_Pooling/config.json';

/** The plain encoder with a file of its own on pooling. */
const variants = {
  'tester/cls': '{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}',
  'tester/last': '{"pooling_mode_mean_tokens": false, "pooling_mode_lasttoken": true}',
  'tester/broken': '{"pooling_mode_cls_token": ',
  // The table of presets says otherwise: what the repository itself says counts.
  [labseId]: '{"pooling_mode": "max"}',
};

let root: string;
let server: HubServer;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lingualift-pooling-'));
  writeTwin('multilingual-e5-small', 'tiny', join(root, plainId), ['q8']);
  writeTwin('smollm2-135m-instruct', 'tiny', join(root, llmId), ['q4']);
  for (const id of Object.keys(variants)) {
    await cp(join(root, plainId), join(root, id), { recursive: true });
  }
  server = await HubServer.start(root);
}, 120_000);
afterAll(async () => {
  await server.stop();
  await rm(root, { recursive: true, force: true });
});

let stores: { models: ModelStore; bundles: BundleStore };
let session: ModelsSession;
beforeEach(async () => {
  for (const [id, text] of Object.entries(variants)) {
    const path = join(root, id, poolingFile);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  const bundlesDisk = new MemoryDisk();
  stores = { models: new ModelStore(new MemoryDisk()), bundles: new BundleStore(bundlesDisk) };
  session = new ModelsSession(stores, bundlesDisk, {
    adapter: null,
    wasm: { threads: 1, isolated: false, maxBytes: 2 ** 32 },
    provider: { kind: 'wasm', detail: '1 thread', reason: 'no adapter' },
  });
  await call('setHubAddress', { address: `${server.url}/` });
});

function call<Name extends keyof ModelsCalls>(
  name: Name,
  request: ModelsCalls[Name]['request'],
): Promise<ModelsCalls[Name]['result']> {
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  return session.handlers[name](request, context);
}

async function download<Dtype extends ModelPick['dtype']>(id: string, dtype: Dtype) {
  const { repository, revision, commit } = await call('look', { address: id });
  return { ...(await call('download', { repository, revision, commit, dtype })), dtype };
}

/** Puts an encoder together with the LLM, and loads the two. */
async function load(encoder: ModelPick): Promise<LoadedFiles> {
  const llm = await download(llmId, 'q4');
  const { id } = await call('putTogether', { name: 'Pair', encoder, llm, alignments: {} });
  return loadStoredBundle(id, stores);
}

const loadFromHub = async (id: string) => load(await download(id, 'q8'));

describe('the rule of an encoder', () => {
  it('is downloaded with the model, stands in the manifest, and is the one of retrieval', async () => {
    const { offers } = await call('look', { address: 'tester/cls' });
    expect(offers[0]?.files.map(({ path }) => path)).toContain(poolingFile);
    const { files } = await loadFromHub('tester/cls');
    expect(files.manifest.encoder.pooling).toBe('cls');
    const bridge = await Bridge.load(files, createNodeRuntime());
    try {
      const all = await bridge.encode('two and three', 'states');
      await bridge.withStates('encoder', async ({ read, pooling }) => {
        const states = await read('two and three');
        expect([pooling, states.length]).toEqual(['cls', 1]);
        expect(states.data).toEqual(all.data.slice(0, all.width));
      });
    } finally {
      await bridge.dispose();
    }
  }, 60_000);

  it('comes from a folder as well', async () => {
    const folder = join(root, 'tester/cls');
    const paths = await readdir(folder, { recursive: true });
    const files = await Promise.all(
      paths
        .filter((path) => /\.\w+$/.test(path))
        .map(async (path) => ({
          path: `mine/${path}`,
          file: new File([await readFile(join(folder, path))], path),
        })),
    );
    const encoder = await call('importFolder', { name: 'mine', files });
    const loaded = await load({ ...encoder, dtype: 'q8' });
    expect(loaded.files.manifest.encoder.pooling).toBe('cls');
  });

  it('is not in the manifest of a model that says nothing', async () => {
    const { files } = await loadFromHub(plainId);
    expect(files.manifest.encoder).not.toHaveProperty('pooling');
  });

  it('is the mean where the page lacks the right one, and the manifest says which that is', async () => {
    const { files } = await loadFromHub('tester/last');
    expect(files.manifest.encoder).toMatchObject({ pooling: 'mean', poolingAsked: 'lasttoken' });
  });

  it('is refused where its file is broken, and nothing is stored', async () => {
    await expect(loadFromHub('tester/broken')).rejects.toMatchObject({ code: 'file-invalid' });
    expect((await call('overview', {})).bundles).toEqual([]);
  });

  it('is that of the preset, unless the repository says it itself', async () => {
    const itself = await loadFromHub(labseId);
    expect(itself.files.manifest.encoder.pooling).toBe('max');
    await rm(join(root, labseId, poolingFile));
    const preset = await loadFromHub(labseId);
    expect(preset.files.manifest.encoder.pooling).toBe('cls');
  });

  it('leaves the hash that runs know a bundle by as it was before there were rules', async () => {
    await rm(join(root, labseId, poolingFile));
    const { files, manifestSha256 } = await loadFromHub(labseId);
    const { pooling, ...encoder } = files.manifest.encoder;
    expect(pooling).toBe('cls');
    // A loaded manifest names its graphs as external data too; the stored one does not.
    const part = <Part extends { externalData: string[] }>(one: Part) => ({
      ...one,
      externalData: one.externalData.filter((path) => !path.endsWith('.weights')),
    });
    const before = { ...files.manifest, encoder: part(encoder), llm: part(files.manifest.llm) };
    expect(manifestSha256).toBe(await sha256(new TextEncoder().encode(JSON.stringify(before))));
  });

  it('is not said while its file has not arrived; the bundle opens, and runs know it as they did', async () => {
    const encoder = await download('tester/cls', 'q8');
    const llm = await download(llmId, 'q4');
    const { id } = await call('putTogether', { name: 'Pair', encoder, llm, alignments: {} });
    const before = await loadStoredBundle(id, stores);
    expect(before.files.manifest.encoder.pooling).toBe('cls');
    const model = await stores.models.find(encoder.repository, encoder.commit);
    const files = model?.files.filter(({ path }) => path === poolingFile) ?? [];
    expect(files).toHaveLength(1);
    for (const file of files) await stores.models.contents.discard(file);
    const after = await loadStoredBundle(id, stores);
    expect(after.files.manifest.encoder).not.toHaveProperty('pooling');
    expect(after.manifestSha256).toBe(before.manifestSha256);
  });
});
