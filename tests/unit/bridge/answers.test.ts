// What writing an answer asks of the LLM before it begins, on a tiny bundle with random weights.
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Bridge } from '../../../src/bridge/bridge.ts';
import { Llm } from '../../../src/bridge/llm.ts';
import type { BundleFiles } from '../../../src/bundle/files.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import { makeTinyBundle, MemorySource } from '../../support/tiny-bundle.ts';

const runtime = createNodeRuntime();
let files: BundleFiles;

beforeAll(async () => {
  ({ files } = await loadBundle(new MemorySource(await makeTinyBundle())));
});
afterEach(() => vi.restoreAllMocks());

describe('an answer', () => {
  const options = { route: 'direct', maxNewTokens: 2 } as const;

  /** How often an open bundle asks whether its LLM can batch, which takes two prefills the first time. */
  async function trials(of: BundleFiles, ask: (bridge: Bridge) => Promise<unknown>) {
    const bridge = await Bridge.load(of, runtime);
    const canBatch = vi.spyOn(Llm.prototype, 'canBatch').mockClear();
    await ask(bridge);
    await bridge.dispose();
    return canBatch.mock.calls.length;
  }

  it('to one question with digits does not wait to learn what the LLM can do side by side', async () => {
    const digits = files.as({ ...files.manifest, numerals: 'digits', slots: undefined });
    expect(await trials(digits, (bridge) => bridge.answer('maembe 3', options))).toBe(0);
    expect(await trials(digits, (bridge) => bridge.answerAll(['maembe 3'], options))).toBe(0);
    const two = ['maembe 3', 'maembe 4'];
    expect(await trials(digits, (bridge) => bridge.answerAll(two, options))).toBe(1);
  });

  it('with slots waits where a step may be taken back: with the calculator', async () => {
    expect(await trials(files, (bridge) => bridge.answer('maembe 3', options))).toBe(1);
    const off = { ...options, calculator: false };
    expect(await trials(files, (bridge) => bridge.answer('maembe 3', off))).toBe(0);
  });
});
