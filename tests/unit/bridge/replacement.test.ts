// An alignment from elsewhere in the place of the bundle's own, on a tiny bundle with random weights.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Bridge } from '../../../src/bridge/bridge.ts';
import type { Replacement } from '../../../src/bridge/replacement.ts';
import type { BundleFiles } from '../../../src/bundle/files.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import { readSafetensors, writeSafetensors } from '../../../src/onnx/index.ts';
import { alignmentFile, makeTinyBundle, MemorySource } from '../../support/tiny-bundle.ts';

const question = 'Ana ana maembe 12 na machungwa 5. Je, ana jumla ya matunda mangapi?';
const runtime = createNodeRuntime();
let files: BundleFiles;
let bridge: Bridge;
let own: string;

beforeAll(async () => {
  ({ files } = await loadBundle(new MemorySource(await makeTinyBundle())));
  bridge = await Bridge.load(files, runtime);
  own = await answer(bridge);
});
afterAll(() => bridge.dispose());

const answer = async (asked: Bridge) =>
  (await asked.answer(question, { route: 'lingualift' })).text;

/** What a bundle answers that ships this alignment, with its adapter or none. */
async function shipped(alignment: Uint8Array<ArrayBuffer>, adapter: string | null) {
  const { alignments } = files.manifest;
  const file = alignments.lingualift?.file ?? '';
  const manifest = { ...files.manifest, alignments: { lingualift: { file, adapter } } };
  const other = await Bridge.load(files.as(manifest).with(file, alignment), runtime);
  const text = await answer(other);
  await other.dispose();
  return text;
}

function adapterFiles(): NonNullable<Replacement['adapter']> {
  const paths = files.manifest.adapters['lingualift'];
  const bytes = (path = '') => files.bytes(path);
  return { config: bytes(paths?.config), weights: bytes(paths?.weights) };
}

describe('Bridge.replaceAlignment', () => {
  it('answers as a bundle does that ships the alignment, with its adapter or none', async () => {
    const alignment = alignmentFile(500);
    for (const [adapter, name] of [
      [adapterFiles(), 'lingualift'],
      [null, null],
    ] as const) {
      await bridge.replaceAlignment({ alignment, adapter });
      const text = await answer(bridge);
      expect(text).toBe(await shipped(alignment, name));
      expect(text).not.toBe(own);
    }
    await bridge.replaceAlignment(null);
    expect(await answer(bridge)).toBe(own);
  });

  it('leaves the other routes as they are', async () => {
    const before = await bridge.answer(question, { route: 'langbridge' });
    await bridge.replaceAlignment({ alignment: alignmentFile(500), adapter: null });
    const after = await bridge.answer(question, { route: 'langbridge' });
    expect(after.text).toBe(before.text);
    await bridge.replaceAlignment(null);
  });

  it('lets an answer go on with what it began with', async () => {
    let replaced: Promise<void> | undefined;
    const begun = await bridge.answer(question, { route: 'lingualift' }, (event) => {
      if (event.type !== 'text' || event.tokens !== 2) return;
      const alignment = alignmentFile(500);
      replaced = bridge
        .replaceAlignment({ alignment, adapter: adapterFiles() })
        .then(() => bridge.replaceAlignment(null));
    });
    expect(begun.text).toBe(own);
    await replaced;
    expect(await answer(bridge)).toBe(own);
  });

  it('refuses an alignment between other networks, naming both pairs, and keeps its own', async () => {
    const { tensors, metadata } = readSafetensors(alignmentFile(500));
    const other = { ...metadata, encoder_id: 'xlm-r', llm_id: 'qwen' };
    const alignment = new Uint8Array(writeSafetensors({ tensors, metadata: other }));
    await expect(bridge.replaceAlignment({ alignment, adapter: null })).rejects.toMatchObject({
      code: 'other-models',
      message: expect.stringMatching(/"xlm-r".*"qwen".*"tiny-encoder".*"tiny-llm"/),
    });
    expect(await answer(bridge)).toBe(own);
  });

  it('refuses what is no alignment or no adapter, naming the file', async () => {
    const bytes = new TextEncoder().encode('not safetensors');
    await expect(bridge.replaceAlignment({ alignment: bytes, adapter: null })).rejects.toThrow(
      'The file alignment.safetensors cannot be used.',
    );
    const adapter = { ...adapterFiles(), weights: bytes };
    await expect(
      bridge.replaceAlignment({ alignment: alignmentFile(500), adapter }),
    ).rejects.toThrow('The file adapter_model.safetensors cannot be used.');
    expect(await answer(bridge)).toBe(own);
  });
});

describe('Bridge.encode', () => {
  it('cuts a text that is longer than the encoder reads, and keeps its end', async () => {
    const { length, width } = await bridge.encode('ana '.repeat(200), 'states');
    expect([length, width]).toEqual([64, 32]);
    expect((await bridge.encode('ana', 'states')).length).toBeLessThan(10);
  });
});
