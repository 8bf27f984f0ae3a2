// Makes a model fit the place where it runs, or says why it cannot, before a session is made.
import { LinguaLiftError } from '../bundle/errors.ts';
import { isTooWide } from '../bundle/wasmMemory.ts';
import {
  hasHalves,
  unpackedBytes,
  unpackLinears,
  widenedBytes,
  widenHalves,
  type ExternalData,
  type ModelProto,
} from '../onnx/index.ts';
import type { Provider } from './types.ts';

/**
 * Models whose float weights take no more than this are unpacked for WebAssembly. There MatMulNBits expands
 * its weights anew in every run: an LLM of 6 M parameters takes 14 ms (4 bits) or 25 ms (8 bits) a token
 * packed and 1.4 ms unpacked, on one core in Node.
 */
const largestUnpackedBytes = 256 * 2 ** 20;

/**
 * The model in the form that runs fastest on a provider.
 * @param path the model's file, for error messages
 * @throws LinguaLiftError `model-unsupported` for 16-bit models where nothing computes in 16 bits
 */
export async function suitModel(
  kind: Provider['kind'],
  path: string,
  model: ModelProto,
  external: ExternalData,
): Promise<ModelProto> {
  if (kind === 'webgpu') {
    if (hasHalves(model) && !(await adapterHasHalves())) {
      throw noHalves(
        path,
        'This graphics card does not offer that to web pages.',
        'a file in 4 bits (_q4) or 32 bits in its place, or run it on WebAssembly',
      );
    }
    return model;
  }
  const bytes = widenedBytes(model);
  if (isTooWide(bytes)) {
    const size = (bytes / 1e9).toFixed(1);
    throw noHalves(
      path,
      `WebAssembly does not, and in 32 bits its weights would take ${size} GB of memory.`,
      'a file in 4 bits (_q4) or 8 bits (_quantized) in its place',
    );
  }
  const wide = hasHalves(model) ? widenHalves(model, external) : model;
  const isSmall = unpackedBytes(wide, external) <= largestUnpackedBytes;
  return isSmall ? unpackLinears(wide, external) : wide;
}

/** ONNX Runtime asks for the same adapter, and for all of its features. */
async function adapterHasHalves(): Promise<boolean> {
  const adapter = await navigator.gpu.requestAdapter();
  return adapter?.features.has('shader-f16') ?? false;
}

function noHalves(path: string, why: string, instead: string): LinguaLiftError {
  return new LinguaLiftError(
    'model-unsupported',
    `The model ${path} computes in 16-bit floats. ${why} Use ${instead}.`,
  );
}
