// ONNX Runtime as the bridge sees it: sessions on one execution provider, whose runs take turns.
//
// Which build of ONNX Runtime Web is used is decided where the bridge is started (workers/, cli/) and handed
// in, because a browser and Node need different ones and a bundle should hold only one.
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { LinguaLiftError } from '../bundle/errors.ts';
import {
  encodeModel,
  unpackedBytes,
  unpackLinears,
  type ExternalData,
  type ModelProto,
} from '../onnx/index.ts';
import type { Provider } from './types.ts';

/** The part of the `onnxruntime-web` module that is used. */
export type OrtModule = Pick<typeof import('onnxruntime-common'), 'InferenceSession' | 'Tensor'>;

export interface SessionOptions {
  external?: ExternalData;
  /** Outputs that stay on the GPU where there is one, because only the next run reads them. */
  stayingOutputs?: readonly string[];
}

/**
 * Models whose float weights take no more than this are unpacked for WebAssembly. There MatMulNBits expands
 * its weights anew in every run: an LLM of 6 M parameters takes 14 ms (4 bits) or 25 ms (8 bits) a token
 * packed and 1.4 ms unpacked, on one core in Node.
 */
const largestUnpackedBytes = 256 * 2 ** 20;

type Feeds = Readonly<Record<string, Tensor>>;

/** ONNX Runtime on one execution provider. */
export class Runtime {
  readonly provider: Provider;
  readonly #ort: OrtModule;
  /** The end of the queue of runs: ONNX Runtime Web refuses a run while another is going on. */
  #lastRun: Promise<unknown> = Promise.resolve();

  constructor(ort: OrtModule, provider: Provider) {
    this.#ort = ort;
    this.provider = provider;
  }

  /** The model in the form that runs fastest on this provider. */
  suit(model: ModelProto, external: ExternalData = new Map()): ModelProto {
    const isSmall = unpackedBytes(model, external) <= largestUnpackedBytes;
    return this.provider.kind === 'wasm' && isSmall ? unpackLinears(model, external) : model;
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
    const options: InferenceSession.SessionOptions = {
      executionProviders: [this.provider.kind],
      externalData: Array.from(external, ([path, data]) => ({ path, data })),
      // Warnings say that shape operations run on the CPU, which is how ONNX Runtime wants them.
      logSeverityLevel: 3,
    };
    if (this.provider.kind === 'webgpu') {
      options.preferredOutputLocation = Object.fromEntries(
        stayingOutputs.map((name) => [name, 'gpu-buffer' as const]),
      );
    }
    try {
      const session = await this.#inTurn(() =>
        this.#ort.InferenceSession.create(encodeModel(model), options),
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

  /** A float32 tensor. */
  floats(data: Float32Array, dims: readonly number[]): Tensor {
    return new this.#ort.Tensor('float32', data, dims);
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

  /** Runs the model once. The caller disposes of what comes back. */
  run(feeds: Feeds): Promise<InferenceSession.OnnxValueMapType> {
    return this.#inTurn(() => this.#session.run(feeds));
  }

  /** Frees the model's memory, once the runs before are done. */
  dispose(): Promise<void> {
    return this.#inTurn(() => this.#session.release());
  }
}

/**
 * The values of an output in main memory.
 * @throws LinguaLiftError `session-failed` when the model has no such float32 output
 */
export async function readFloats(
  outputs: InferenceSession.OnnxValueMapType,
  name: string,
): Promise<Float32Array> {
  const data = await (outputs[name] as Tensor | undefined)?.getData(true);
  if (data instanceof Float32Array) return data;
  throw new LinguaLiftError(
    'session-failed',
    `A model of the bundle does not give "${name}" as 32-bit floats, which this page needs.`,
    `outputs: ${Object.keys(outputs).join(', ')}`,
  );
}
