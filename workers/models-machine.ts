// What this device can do for models, asked of the browser once.
import { chooseProvider, isSoftware } from '../src/bridge/provider.ts';
import { wasmAddressBytes, type ModelDevice } from '../src/bundle/hub/verdict.ts';
import { readMachine } from './machine.ts';
import type { CapabilityReport } from './models-protocol.ts';

/** Asks the browser. */
export async function readCapabilities(): Promise<CapabilityReport> {
  const { adapter, machine } = await readMachine();
  return {
    adapter: adapter && {
      name: [adapter.info.vendor, adapter.info.architecture].join(' ').trim() || 'unnamed adapter',
      isSoftware: isSoftware(adapter.info),
      f16: adapter.features.has('shader-f16'),
      subgroups: adapter.features.has('subgroups'),
      maxBufferSize: adapter.limits.maxBufferSize,
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
    },
    wasm: {
      threads: machine.threads,
      isolated: machine.isolated,
      maxBytes: wasmAddressBytes,
    },
    provider: chooseProvider('auto', machine),
  };
}

/** What of it decides which models fit, where the page runs them if nobody says otherwise. */
export function modelDevice({ adapter, wasm, provider }: CapabilityReport): ModelDevice {
  if (provider.kind === 'wasm' || adapter === null) {
    return { provider: 'wasm', f16: false, maxTensorBytes: wasm.maxBytes, maxBytes: wasm.maxBytes };
  }
  const { f16, maxBufferSize, maxStorageBufferBindingSize } = adapter;
  const maxTensorBytes = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  // No browser tells how much memory a graphics card has.
  return { provider: 'webgpu', f16, maxTensorBytes, maxBytes: Infinity };
}
