// The English LLM over embeddings: a prompt is read once (prefill), then one token a step, with the keys
// and values of everything before kept in the cache, on the GPU where there is one.
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { LinguaLiftError } from '../bundle/errors.ts';
import {
  applyLora,
  describeDecoder,
  toInputsEmbeds,
  type DecoderConfig,
  type DecoderDescription,
  type EmbeddingTable,
  type ExternalData,
  type LoraAdapter,
  type ModelProto,
} from '../onnx/index.ts';
import type { Continuation } from './decode.ts';
import type { Vectors } from './encoder.ts';
import { readFloats, type Runtime, type Session } from './session.ts';

export interface LlmFiles {
  /** The model's path, for error messages. */
  path: string;
  /** As `Runtime.suit` gives it. */
  model: ModelProto;
  external: ExternalData;
  /** The parsed `config.json`. */
  config: DecoderConfig;
  /** A LoRA adapter that goes beside the model's projections. */
  adapter: LoraAdapter | null;
}

export class Llm {
  readonly #runtime: Runtime;
  readonly #session: Session;
  readonly #description: DecoderDescription;
  readonly #embeddings: EmbeddingTable;

  private constructor(
    runtime: Runtime,
    session: Session,
    description: DecoderDescription,
    embeddings: EmbeddingTable,
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#description = description;
    this.#embeddings = embeddings;
  }

  /**
   * Rewrites a decoder to take embeddings, adds the adapter and opens it.
   * @throws LinguaLiftError `model-unsupported` for graphs without a token table or with 16-bit inputs
   */
  static async open(runtime: Runtime, files: LlmFiles): Promise<Llm> {
    const { model, embeddings } = toInputsEmbeds(files.model, files.external, files.config);
    const adapted = files.adapter ? applyLora(model, files.adapter) : model;
    const description = describeDecoder(adapted, files.config);
    if (embeddings === null) throw unsupported(files.path, 'it holds no table of token embeddings');
    const { embeddingType, logitsType, cacheType } = description;
    if ([embeddingType, logitsType, cacheType].includes('float16')) {
      throw unsupported(files.path, 'it takes and gives 16-bit floats');
    }
    const session = await runtime.open(files.path, adapted, {
      external: files.external,
      stayingOutputs: description.cache.map(({ present }) => present),
    });
    return new Llm(runtime, session, description, embeddings);
  }

  /** The embeddings of some tokens, [ids.length, d_llm]. */
  embed(ids: readonly number[]): Vectors {
    const { hiddenSize } = this.#description;
    return { data: this.#embeddings.rows(ids), length: ids.length, width: hiddenSize };
  }

  /** Reads a prompt [P, d_llm] and stands ready to write on. */
  async prefill(prompt: Vectors): Promise<CachedContinuation> {
    const { cache, numKeyValueHeads, headSize } = this.#description;
    const empty = cache.map(({ past }) => [
      past,
      this.#runtime.floats(new Float32Array(0), [1, numKeyValueHeads, 0, headSize]),
    ]);
    const start = { length: 0, past: Object.fromEntries(empty) };
    return CachedContinuation.start(this, start, prompt);
  }

  /**
   * One pass over some embeddings that follow what the cache holds.
   * @returns scores [V] after the last of them, and the longer cache; the old one is disposed of
   */
  async step(
    cache: KeyValueCache,
    { data, length, width }: Vectors,
  ): Promise<{ logits: Float32Array; cache: KeyValueCache }> {
    const { needsPositionIds, vocabSize, cache: slots } = this.#description;
    const total = cache.length + length;
    const positions = Array.from({ length }, (_, index) => cache.length + index);
    const outputs = await this.#session.run({
      inputs_embeds: this.#runtime.floats(data, [1, length, width]),
      attention_mask: this.#runtime.integers(new Array<number>(total).fill(1), [1, total]),
      ...(needsPositionIds && { position_ids: this.#runtime.integers(positions, [1, length]) }),
      ...cache.past,
    });
    disposeCache(cache);
    const logits = await readFloats(outputs, 'logits');
    return {
      logits: logits.subarray(logits.length - vocabSize),
      cache: { length: total, past: bindPast(slots, outputs) },
    };
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}

/** Keys and values of the positions read so far, by the input that takes them. */
interface KeyValueCache {
  length: number;
  past: Readonly<Record<string, Tensor>>;
}

function bindPast(
  slots: DecoderDescription['cache'],
  outputs: InferenceSession.OnnxValueMapType,
): Record<string, Tensor> {
  return Object.fromEntries(slots.map(({ past, present }) => [past, outputs[present] as Tensor]));
}

function disposeCache({ past }: KeyValueCache): void {
  for (const tensor of Object.values(past)) tensor.dispose();
}

/** A text in the making, with its cache. Dispose of it at the end: the cache may hold GPU memory. */
export class CachedContinuation implements Continuation {
  readonly #llm: Llm;
  #cache: KeyValueCache;
  #logits: Float32Array;

  private constructor(llm: Llm, cache: KeyValueCache, logits: Float32Array) {
    this.#llm = llm;
    this.#cache = cache;
    this.#logits = logits;
  }

  static async start(llm: Llm, empty: KeyValueCache, prompt: Vectors): Promise<CachedContinuation> {
    const { logits, cache } = await llm.step(empty, prompt);
    return new CachedContinuation(llm, cache, logits);
  }

  get logits(): Float32Array {
    return this.#logits;
  }

  async append(token: number): Promise<void> {
    const { logits, cache } = await this.#llm.step(this.#cache, this.#llm.embed([token]));
    this.#logits = logits;
    this.#cache = cache;
  }

  dispose(): void {
    disposeCache(this.#cache);
  }
}

function unsupported(path: string, why: string): LinguaLiftError {
  return new LinguaLiftError(
    'model-unsupported',
    `The model ${path} cannot be bridged: ${why}. Use an export with 32-bit inputs that takes token ids.`,
  );
}
