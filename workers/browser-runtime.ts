// ONNX Runtime Web in a browser: looks at the machine, picks the provider, and serves the WebAssembly files
// from this site. Nothing is ever fetched from a CDN.
import * as ort from 'onnxruntime-web/webgpu';
import webgpuGlue from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import webgpuBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import wasmGlue from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { chooseProvider } from '../src/bridge/provider.ts';
import { Runtime } from '../src/bridge/session.ts';
import type { ProviderChoice } from '../src/bridge/types.ts';
import { readMachine } from './machine.ts';

/**
 * ONNX Runtime's files by provider. The build with WebGPU (27 MB) could do both, but the other one (14 MB) is
 * downloaded and compiled in half the time.
 */
const builds = {
  webgpu: { mjs: absolute(webgpuGlue), wasm: absolute(webgpuBinary) },
  wasm: { mjs: absolute(wasmGlue), wasm: absolute(wasmBinary) },
};

/** Looks at what the browser offers and prepares ONNX Runtime for it. */
export async function createBrowserRuntime(choice: ProviderChoice): Promise<Runtime> {
  const { machine } = await readMachine();
  ort.env.wasm.numThreads = machine.threads;
  const provider = chooseProvider(choice, machine);
  ort.env.wasm.wasmPaths = builds[provider.kind];
  return new Runtime(ort, provider);
}

/** The GPU device that ONNX Runtime works on; `null` before it has opened a session on WebGPU. */
export async function runtimeDevice(runtime: Runtime): Promise<GPUDevice | null> {
  const opened = ort.env.webgpu.device as Promise<GPUDevice> | undefined;
  return (await runtime.givenDevice()) ?? (await opened) ?? null;
}

function absolute(url: string): string {
  return new URL(url, import.meta.url).href;
}
