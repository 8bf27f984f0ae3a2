// Which models fit by where the person has them run: the Models room's worker on a computer with a graphics card.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BundleStore } from '../../../src/bundle/hub/bundleStore.ts';
import { ModelStore } from '../../../src/bundle/hub/store.ts';
import type { CapabilityReport, ModelsCalls, Overview } from '../../../workers/models-protocol.ts';
import { modelDevice, withChoice } from '../../../workers/models-machine.ts';
import { ModelsSession } from '../../../workers/models-session.ts';
import { viewRepository } from '../../../workers/models-views.ts';
import { MemoryDisk } from '../../hub/memoryDisk.ts';
import { HubServer } from '../../hub/server.ts';
import { writeTwin } from '../../twins/twin.ts';

const encoderId = 'Xenova/multilingual-e5-small';

/** A card that computes in 16 bits. */
const withCard: CapabilityReport = {
  adapter: {
    ...{ name: 'nvidia ampere', isSoftware: false, f16: true, subgroups: true },
    ...{ maxBufferSize: 4e9, maxStorageBufferBindingSize: 4e9 },
  },
  wasm: { threads: 2, isolated: true, maxBytes: 2 ** 32 },
  provider: { kind: 'webgpu', detail: 'nvidia ampere', reason: 'a card' },
};

let root: string;
let server: HubServer;
let session: ModelsSession;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lingualift-verdicts-'));
  writeTwin('multilingual-e5-small', 'tiny', join(root, encoderId), ['q8', 'fp16']);
  server = await HubServer.start(root);
  const stores = {
    models: new ModelStore(new MemoryDisk()),
    bundles: new BundleStore(new MemoryDisk()),
  };
  session = new ModelsSession(stores, new MemoryDisk(), withCard);
  await call('setHubAddress', { address: `${server.url}/` });
});
afterEach(async () => {
  await server.stop();
  await rm(root, { recursive: true, force: true });
});

function call<Name extends keyof ModelsCalls>(
  name: Name,
  request: ModelsCalls[Name]['request'],
): Promise<ModelsCalls[Name]['result']> {
  const { signal } = new AbortController();
  return session.handlers[name](request, { signal, onProgress: () => undefined });
}

/** On Qwen3-0.6B in 16 bits, which is 2.4 GB in 32. */
function verdictOf({ presets }: Overview) {
  const view = presets.find(({ preset }) => preset.id === 'qwen3-0.6b');
  return view?.dtypes.find(({ dtype }) => dtype === 'fp16')?.verdict;
}

it('presets are judged by the card until the person chooses WebAssembly, and from then on by that', async () => {
  expect(verdictOf(await call('overview', {}))?.fit).toBe('fits');
  const { overview, capabilities } = await call('runOn', { choice: 'wasm' });
  expect(verdictOf(overview)).toMatchObject({
    fit: 'too-large',
    reason: expect.stringMatching(/take q4 in its place$/) as string,
  });
  expect(capabilities.provider).toMatchObject({ kind: 'wasm', detail: '2 threads' });
  expect(await call('capabilities', {})).toEqual(capabilities);
  expect(verdictOf(await call('overview', {}))?.fit).toBe('too-large');
});

it('the choice goes back to the card', async () => {
  await call('runOn', { choice: 'wasm' });
  const { overview, capabilities } = await call('runOn', { choice: 'auto' });
  expect(capabilities.provider).toMatchObject({ kind: 'webgpu', detail: 'nvidia ampere' });
  expect(verdictOf(overview)?.fit).toBe('fits');
});

it('what was looked up is judged anew without asking the hub', async () => {
  expect((await call('look', { address: encoderId })).recommended).toBe('fp16');
  await server.stop();
  const { views } = await call('runOn', { choice: 'wasm' });
  server = await HubServer.start(root);
  expect(views).toMatchObject([{ repository: encoderId, recommended: 'q8' }]);
});

it('what another hub told is forgotten with it', async () => {
  await call('look', { address: encoderId });
  await call('setHubAddress', { address: null });
  expect((await call('runOn', { choice: 'wasm' })).views).toEqual([]);
});

it.each([
  [{ 'onnx/model_q4f16.onnx': 1210e6, 'onnx/model_q4.onnx': 1760e6 }, 'unknown'],
  [{ 'onnx/decoder_model_merged_q4f16.onnx': 743e6, 'onnx/embed_tokens_fp16.onnx': 467e6 }, 'fits'],
] as const)(
  'of a repository, files tell whether the table is the LM head too: %o',
  (graphs, fit) => {
    const shared = { 'config.json': 1, 'tokenizer.json': 1, 'tokenizer_config.json': 1 };
    const files = Object.entries({ ...shared, ...graphs }).map(([path, bytes]) => ({
      ...{ path, bytes },
      checksum: { algorithm: 'sha256' as const, hex: '' },
    }));
    const listing = { repository: 'a/b', commit: 'c', revision: 'main', licence: null, files };
    const shape = { vocab: 151_936, hidden: 1536, layers: 28, keyWidth: 256, positions: 4096 };
    const device = modelDevice(withChoice(withCard, 'wasm'));
    const { offers } = viewRepository(listing, { kind: 'llm', shape }, null, device);
    expect(offers.find(({ dtype }) => dtype === 'q4f16')?.verdict.fit).toBe(fit);
  },
);
