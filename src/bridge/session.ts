// ONNX Runtime as the bridge sees it: sessions on one execution provider, whose runs take turns.
//
// Which build of ONNX Runtime Web is used is decided where the bridge is started (workers/, cli/) and handed
// in, because a browser and Node need different ones and a bundle should hold only one.
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { LinguaLiftError } from '../bundle/errors.ts';
import {
  encodeModel,
  floatToHalf,
  halfToFloat,
  transposeApart,
  type ExternalData,
  type FloatType,
  type ModelProto,
} from '../onnx/index.ts';
import { suitModel } from './suit.ts';
import type { Provider } from './types.ts';

/** The part of the `onnxruntime-web` module that is used. */
export type OrtModule = Pick<typeof import('onnxruntime-common'), 'InferenceSession' | 'Tensor'>;

export interface SessionOptions {
  external?: ExternalData;
  /** Outputs that stay on the GPU where there is one, because only the next run reads them. */
  stayingOutputs?: readonly string[];
}

type Feeds = Readonly<Record<string, Tensor>>;

/** ONNX Runtime on one execution provider. */
export class Runtime {
  readonly provider: Provider;
  readonly #ort: OrtModule;
  /** The end of the queue of runs: ONNX Runtime Web refuses a run while another is going on. */
  #lastRun: Promise<unknown> = Promise.resolve();
  /** One for all sessions, which hand each other what stays on the GPU. */
  #givenDevice: Promise<GPUDevice | null> | null = null;

  constructor(ort: OrtModule, provider: Provider) {
    this.#ort = ort;
    this.provider = provider;
  }

  /**
   * The model in the form that runs fastest on this provider (suit.ts).
   * @throws LinguaLiftError `model-unsupported`
   */
  suit(path: string, model: ModelProto, external: ExternalData = new Map()): Promise<ModelProto> {
    return suitModel(this.provider.kind, path, model, external);
  }

  /**
   * Opens a model.
   * @param part for error messages: the file, or what was built from it
   * @throws LinguaLiftError `session-failed`
   */
  async open(
    part: string,
    model: ModelProto,
    { external = new Map(), stayingOutputs = [] }: SessionOptions = {},
  ): Promise<Session> {
    const apart = transposeApart(model, external);
    const options: InferenceSession.SessionOptions = {
      externalData: Array.from(apart.external, ([path, data]) => ({ path, data })),
      // Warnings say that shape operations run on the CPU, which is how ONNX Runtime wants them.
      logSeverityLevel: 3,
    };
    if (this.provider.kind === 'webgpu') {
      options.preferredOutputLocation = Object.fromEntries(
        stayingOutputs.map((name) => [name, 'gpu-buffer' as const]),
      );
    }
    try {
      const executionProviders = [await this.#executionProvider()];
      const session = await this.#inTurn(() =>
        this.#ort.InferenceSession.create(encodeModel(apart.model), {
          ...options,
          executionProviders,
        }),
      );
      return new Session(session, (run) => this.#inTurn(run));
    } catch (thrown) {
      throw new LinguaLiftError(
        'session-failed',
        `The model ${part} could not be started on ${this.provider.kind === 'webgpu' ? 'WebGPU' : 'WebAssembly'}. There may be too little memory, or the file may be damaged.`,
        String(thrown),
        { cause: thrown },
      );
    }
  }

  /** The provider, with a device of our own where ONNX Runtime's would compute attention wrongly. */
  async #executionProvider(): Promise<InferenceSession.ExecutionProviderConfig> {
    const { kind } = this.provider;
    if (kind !== 'webgpu') return kind;
    this.#givenDevice ??= deviceWithoutSmallSubgroups();
    const device = await this.#givenDevice;
    return device === null ? kind : { name: kind, device };
  }

  /** The device that ONNX Runtime was given; `null` where it opens one itself, or has no session on WebGPU yet. */
  async givenDevice(): Promise<GPUDevice | null> {
    return this.#givenDevice;
  }

  /** A tensor of floats, in the type that a model takes. */
  floats(data: Float32Array, dims: readonly number[], type: FloatType = 'float32'): Tensor {
    return type === 'float32'
      ? new this.#ort.Tensor(type, data, dims)
      : new this.#ort.Tensor(type, floatToHalf(data), dims);
  }

  /** Some of the rows of a float tensor [B, ...] in main memory, in the order of `rows`. */
  pickRows(tensor: Tensor, rows: readonly number[]): Tensor {
    const [batch = 1, ...rowDims] = tensor.dims;
    const elements = elementsOf(tensor);
    const size = elements.length / batch;
    // An array of the same kind; every element is written.
    const picked = elements.slice(0, rows.length * size);
    rows.forEach((row, place) => {
      picked.set(elements.subarray(row * size, (row + 1) * size), place * size);
    });
    const dims = [rows.length, ...rowDims];
    return picked instanceof Float32Array
      ? new this.#ort.Tensor('float32', picked, dims)
      : new this.#ort.Tensor('float16', picked, dims);
  }

  /** An int64 tensor. */
  integers(values: readonly number[], dims: readonly number[]): Tensor {
    return new this.#ort.Tensor('int64', BigInt64Array.from(values, BigInt), dims);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#lastRun.then(work);
    this.#lastRun = result.catch(() => undefined);
    return result;
  }
}

/**
 * ONNX Runtime's attention over 32 positions and more steps over the keys by the subgroup, of 8 lanes at least: with
 * fewer it counts keys twice and reads others from lanes that are not there (1.30, flash_attention.wgsl). A device
 * without subgroups gets a kernel that does without.
 */
const fewestSubgroupLanes = 8;

/**
 * A device with all that the adapter offers but subgroups.
 * @returns `null` where ONNX Runtime's own device is right: no subgroups, or large enough ones
 */
async function deviceWithoutSmallSubgroups(): Promise<GPUDevice | null> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter?.features.has('subgroups')) return null;
  if (adapter.info.subgroupMinSize >= fewestSubgroupLanes) return null;
  const features = [...adapter.features].filter((name) => !name.includes('subgroup'));
  const limits: Record<string, number> = {};
  for (const name in adapter.limits) {
    limits[name] = adapter.limits[name as keyof GPUSupportedLimits] as number;
  }
  return adapter.requestDevice({
    requiredFeatures: features as GPUFeatureName[],
    requiredLimits: limits,
  });
}

/** One model, ready to run. */
export class Session {
  readonly #session: InferenceSession;
  readonly #inTurn: <Result>(run: () => Promise<Result>) => Promise<Result>;

  constructor(
    session: InferenceSession,
    inTurn: <Result>(run: () => Promise<Result>) => Promise<Result>,
  ) {
    this.#session = session;
    this.#inTurn = inTurn;
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputNames(): readonly string[] {
    return this.#session.outputNames;
  }

  /** Runs the model once, for all of its outputs or those that are named. The caller disposes of what comes back. */
  run(feeds: Feeds, outputs?: readonly string[]): Promise<InferenceSession.OnnxValueMapType> {
    return this.#inTurn(() => this.#session.run(feeds, outputs ?? this.#session.outputNames));
  }

  /** Frees the model's memory, once the runs before are done. */
  dispose(): Promise<void> {
    return this.#inTurn(() => this.#session.release());
  }
}

/** The elements of a float tensor in main memory: numbers, or the bit patterns of 16-bit ones. */
function elementsOf({ type, data }: Tensor): Float32Array | Uint16Array {
  if (type === 'float32') return data as Float32Array;
  // ONNX Runtime Web gives these as a Float16Array where the browser knows it, else as a Uint16Array.
  const { buffer, byteOffset, length } = data as Uint16Array;
  return new Uint16Array(buffer, byteOffset, length);
}

/** Floats of an output, as float32 from wherever they are asked for. */
export type FloatReader = (start?: number, end?: number) => Float32Array;

/**
 * Brings an output into main memory, to read parts of it.
 * @throws LinguaLiftError `session-failed` when the model has no such output of floats
 */
export async function openFloats(
  outputs: InferenceSession.OnnxValueMapType,
  name: string,
): Promise<FloatReader> {
  const tensor = outputs[name] as Tensor | undefined;
  if (tensor?.type !== 'float32' && tensor?.type !== 'float16') {
    throw new LinguaLiftError(
      'session-failed',
      `A model of the bundle does not give "${name}" as floats, which this page needs.`,
      `outputs: ${Object.keys(outputs).join(', ')}`,
    );
  }
  await tensor.getData(true);
  const elements = elementsOf(tensor);
  return (start, end) => {
    const part = elements.subarray(start, end);
    return part instanceof Float32Array ? part : halfToFloat(part);
  };
}

/**
 * All values of an output in main memory.
 * @throws LinguaLiftError `session-failed` as `openFloats`
 */
export async function readFloats(
  outputs: InferenceSession.OnnxValueMapType,
  name: string,
): Promise<Float32Array> {
  return (await openFloats(outputs, name))();
}
