// What this device can do for models, asked of the browser once.
import { chooseProvider, isSoftware, nameOf } from '../src/bridge/provider.ts';
import type { ModelDevice } from '../src/bundle/hub/verdict.ts';
import { wasmAddressBytes } from '../src/bundle/wasmMemory.ts';
import { readMachine } from './machine.ts';
import type { CapabilityReport } from './models-protocol.ts';
import type { ProviderChoice } from './protocol.ts';

/** Asks the browser. */
export async function readCapabilities(): Promise<CapabilityReport> {
  const { adapter, machine } = await readMachine();
  return {
    adapter: adapter && {
      name: nameOf(adapter.info),
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

/** The report for a person who has chosen where the models run, as `InferenceClient.load` takes the choice. */
export function withChoice(report: CapabilityReport, choice: ProviderChoice): CapabilityReport {
  const { adapter, wasm } = report;
  const info = adapter && {
    vendor: adapter.name,
    ...{ architecture: '', device: '', description: '' },
    isFallbackAdapter: adapter.isSoftware,
  };
  return { ...report, provider: chooseProvider(choice, { ...wasm, adapter: info }) };
}

/** What of it decides which models fit, where the page runs them. */
export function modelDevice({ adapter, wasm, provider }: CapabilityReport): ModelDevice {
  if (provider.kind === 'wasm' || adapter === null) {
    return { provider: 'wasm', f16: false, maxTensorBytes: wasm.maxBytes, maxBytes: wasm.maxBytes };
  }
  const { f16, maxBufferSize, maxStorageBufferBindingSize } = adapter;
  const maxTensorBytes = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  // No browser tells how much memory a graphics card has.
  return { provider: 'webgpu', f16, maxTensorBytes, maxBytes: Infinity };
}
