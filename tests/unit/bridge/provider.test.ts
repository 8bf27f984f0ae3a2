// Which provider is picked, and how the choice is explained.
import { describe, expect, it } from 'vitest';
import { chooseProvider, isSoftware, type AdapterInfo } from '../../../src/bridge/provider.ts';

const adapter = (info: Partial<AdapterInfo>): AdapterInfo => ({
  vendor: '',
  architecture: '',
  device: '',
  description: '',
  isFallbackAdapter: false,
  ...info,
});
const card = adapter({ vendor: 'nvidia', architecture: 'hopper' });
const software = adapter({ vendor: 'google', architecture: 'swiftshader' });
const machine = { isolated: true, threads: 4 };

describe('chooseProvider', () => {
  it('takes a real graphics card', () => {
    expect(chooseProvider('auto', { ...machine, adapter: card })).toMatchObject({
      kind: 'webgpu',
      detail: 'nvidia hopper',
    });
  });

  it('takes WebAssembly where there is no adapter, or only a software one', () => {
    const none = chooseProvider('auto', { ...machine, adapter: null });
    expect(none).toMatchObject({ kind: 'wasm', detail: '4 threads' });
    expect(none.reason).toMatch(/no WebGPU adapter/);
    const slow = chooseProvider('auto', { ...machine, adapter: software });
    expect(slow.kind).toBe('wasm');
    expect(slow.reason).toContain('google swiftshader');
  });

  it('does as it is told, and warns of a software adapter', () => {
    expect(chooseProvider('wasm', { ...machine, adapter: card })).toMatchObject({
      kind: 'wasm',
      reason: 'You chose WebAssembly.',
    });
    const slow = chooseProvider('webgpu', { ...machine, adapter: software });
    expect(slow.kind).toBe('webgpu');
    expect(slow.reason).toMatch(/slower/);
    expect(chooseProvider('webgpu', { ...machine, adapter: null }).kind).toBe('wasm');
  });

  it('says why there are no threads', () => {
    const alone = { isolated: false, threads: 1, adapter: null };
    expect(chooseProvider('auto', alone)).toMatchObject({ detail: '1 thread' });
    expect(chooseProvider('auto', alone).reason).toMatch(/cross-origin isolated/);
    const twoCores = { isolated: true, threads: 1, adapter: null };
    expect(chooseProvider('auto', twoCores).reason).not.toMatch(/cross-origin isolated/);
  });
});

describe('isSoftware', () => {
  it('knows software adapters by flag and by name', () => {
    expect(isSoftware(adapter({ vendor: 'intel', isFallbackAdapter: true }))).toBe(true);
    expect(isSoftware(adapter({ description: 'llvmpipe (LLVM 15.0.6)' }))).toBe(true);
    expect(isSoftware(card)).toBe(false);
  });
});
