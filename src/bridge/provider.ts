// Where the models run: WebGPU on a real adapter, WebAssembly where there is none or only a software one.
// SwiftShader and its like compute shaders on the CPU, about thirty times slower than WebAssembly does.
import type { Provider, ProviderChoice } from './types.ts';

/** What matters of `GPUAdapterInfo`. */
export type AdapterInfo = Pick<
  GPUAdapterInfo,
  'vendor' | 'architecture' | 'device' | 'description' | 'isFallbackAdapter'
>;

export interface Machine {
  /** `null` where the browser offers no adapter. */
  adapter: AdapterInfo | null;
  /** Whether the page may share memory between threads. */
  isolated: boolean;
  /** Threads that WebAssembly may use. */
  threads: number;
}

const softwareAdapters = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render/i;

/** An adapter as it names itself. */
export function nameOf({ vendor, architecture, device, description }: AdapterInfo): string {
  return [vendor, architecture].join(' ').trim() || description || device || 'unnamed adapter';
}

/** Whether shaders on this adapter run on the CPU. */
export function isSoftware(adapter: AdapterInfo): boolean {
  const { vendor, architecture, device, description } = adapter;
  return (
    adapter.isFallbackAdapter ||
    softwareAdapters.test([vendor, architecture, device, description].join(' '))
  );
}

/**
 * Picks the execution provider.
 * @param choice what the person asked for
 */
export function chooseProvider(
  choice: ProviderChoice,
  { adapter, isolated, threads }: Machine,
): Provider {
  const software = adapter !== null && isSoftware(adapter);
  if (adapter !== null && (choice === 'webgpu' || (choice === 'auto' && !software))) {
    const reason = software
      ? 'You chose WebGPU; this adapter is a software one, so expect it to be slower than WebAssembly.'
      : 'The browser offers a graphics card.';
    return { kind: 'webgpu', detail: nameOf(adapter), reason };
  }
  const missingThreads = isolated
    ? ''
    : '; it has one thread, because the page was not served as cross-origin isolated';
  return {
    kind: 'wasm',
    detail: threads === 1 ? '1 thread' : `${threads} threads`,
    reason: `${whyWasm(choice, adapter)}${missingThreads}.`,
  };
}

function whyWasm(choice: ProviderChoice, adapter: AdapterInfo | null): string {
  if (choice === 'wasm') return 'You chose WebAssembly';
  if (adapter === null) {
    return 'This browser offers no WebGPU adapter, so the models run on WebAssembly';
  }
  return `The only WebGPU adapter here is a software one (${nameOf(adapter)}), which is slower than WebAssembly`;
}
