// ONNX Runtime Web in Node, for the command line and for tests.
import * as ort from 'onnxruntime-web';
import { Runtime } from '../src/bridge/session.ts';

/**
 * The WebAssembly provider on one thread: models of a few million parameters gain nothing from a second.
 */
export function createNodeRuntime(): Runtime {
  ort.env.wasm.numThreads = 1;
  return new Runtime(ort, {
    kind: 'wasm',
    detail: '1 thread',
    reason: 'In Node, ONNX Runtime Web runs on WebAssembly.',
  });
}
