// Where the models can run, as people see it.
import type { Provider } from '../../bridge/types.ts';
import type { ProviderChoice } from '../../../workers/protocol.ts';

export const providerNames: Record<Provider['kind'], string> = { webgpu: 'WebGPU', wasm: 'WASM' };

/** The switch: what a person can choose. */
export const providerChoices: readonly { value: ProviderChoice; name: string }[] = [
  { value: 'auto', name: 'Automatic' },
  { value: 'webgpu', name: 'WebGPU' },
  { value: 'wasm', name: 'WASM' },
];

/** A provider in a few words: `WASM, 4 threads`. */
export function providerText({ kind, detail }: Provider): string {
  return detail === '' ? providerNames[kind] : `${providerNames[kind]}, ${detail}`;
}
