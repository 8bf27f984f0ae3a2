// The English LLM over embeddings: prompts are read once (prefill), then one token of each a step, with the keys
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
import { tryBatch } from './batch.ts';
import {
  disposeCache,
  forget,
  isInMainMemory,
  keepRows,
  readBy,
  type KeyValueCache,
} from './cache.ts';
import type { Continuation, NextToken } from './decode.ts';
import type { Vectors } from './encoder.ts';
import { openFloats, type Runtime, type Session } from './session.ts';

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

/** The graph gives scores for every position of a prompt, though only the last is read. */
const mostScoreBytes = 256 * 2 ** 20;

export class Llm {
  readonly #runtime: Runtime;
  readonly #session: Session;
  readonly #description: DecoderDescription;
  readonly #embeddings: EmbeddingTable;
  #canBatch: Promise<boolean> | null = null;

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
   * @throws LinguaLiftError `model-unsupported` for graphs without a token table
   */
  static async open(runtime: Runtime, files: LlmFiles): Promise<Llm> {
    const { model, embeddings } = toInputsEmbeds(files.model, files.external, files.config);
    const adapted = files.adapter ? applyLora(model, files.adapter) : model;
    const description = describeDecoder(adapted, files.config);
    if (embeddings === null) throw unsupported(files.path, 'it holds no table of token embeddings');
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

  /** Reads prompts [P, d_llm] side by side and stands ready to write on. */
  async prefill(prompts: readonly Vectors[]): Promise<CachedContinuation> {
    const { cache, cacheType, numKeyValueHeads, headSize } = this.#description;
    const dims = [prompts.length, numKeyValueHeads, 0, headSize];
    const empty = cache.map(({ past }) => [
      past,
      this.#runtime.floats(new Float32Array(0), dims, cacheType),
    ]);
    const start = { mask: prompts.map(() => []), past: Object.fromEntries(empty) };
    return CachedContinuation.start(this, start, prompts);
  }

  /**
   * One pass over embeddings that follow what the cache holds.
   * @param rows one run of vectors for each row of the cache; it may be empty
   * @returns scores [V] after the last vector of each row, and the longer cache; the old one is disposed of
   */
  async step(
    cache: KeyValueCache,
    rows: readonly Vectors[],
  ): Promise<{ scores: Float32Array[]; cache: KeyValueCache }> {
    const {
      needsPositionIds,
      vocabSize,
      hiddenSize,
      embeddingType,
      cache: slots,
    } = this.#description;
    const length = Math.max(...rows.map((row) => row.length));
    const dims = [rows.length, length];
    const embeddings = new Float32Array(rows.length * length * hiddenSize);
    rows.forEach(({ data }, row) => embeddings.set(data, row * length * hiddenSize));
    const places = Array.from({ length }, (_, place) => place);
    const mask = rows.map((row, index) => [
      ...(cache.mask[index] ?? []),
      ...places.map((place) => (place < row.length ? 1 : 0)),
    ]);
    const positions = rows.flatMap((row, index) => {
      const before = readBy(cache.mask[index] ?? []);
      return places.map((place) => (place < row.length ? before + place : 0));
    });
    const outputs = await this.#session.run({
      inputs_embeds: this.#runtime.floats(embeddings, [...dims, hiddenSize], embeddingType),
      attention_mask: this.#runtime.integers(mask.flat(), [rows.length, mask[0]?.length ?? 0]),
      ...(needsPositionIds && { position_ids: this.#runtime.integers(positions, dims) }),
      ...cache.past,
    });
    disposeCache(cache);
    const logits = await openFloats(outputs, 'logits');
    const scores = rows.map((row, index) => {
      const end = index * length + row.length;
      return logits((end - Math.min(1, row.length)) * vocabSize, end * vocabSize);
    });
    return { scores, cache: { mask, past: bindPast(slots, outputs) } };
  }

  /** A cache in main memory with some of its rows only; the old one is disposed of. */
  keepRows(cache: KeyValueCache, rows: readonly number[]): KeyValueCache {
    return keepRows(cache, rows, this.#runtime);
  }

  /** Whether texts of different lengths come out side by side as they do one by one, gaps and all; tried once. */
  canBatch(): Promise<boolean> {
    this.#canBatch ??= tryBatch(this);
    return this.#canBatch;
  }

  /** Positions that prompts may take side by side, padding included, before their scores take too much memory. */
  get mostPromptPositions(): number {
    return Math.floor(
      mostScoreBytes / (this.#description.vocabSize * Float32Array.BYTES_PER_ELEMENT),
    );
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}

function bindPast(
  slots: DecoderDescription['cache'],
  outputs: InferenceSession.OnnxValueMapType,
): Record<string, Tensor> {
  return Object.fromEntries(slots.map(({ past, present }) => [past, outputs[present] as Tensor]));
}

/** Texts in the making, with their cache. Dispose of it at the end: the cache may hold GPU memory. */
export class CachedContinuation implements Continuation {
  readonly #llm: Llm;
  /** The rows that the cache still has, in its order. */
  #rows: readonly number[];
  #cache: KeyValueCache;
  #scores: readonly Float32Array[];

  private constructor(llm: Llm, cache: KeyValueCache, scores: readonly Float32Array[]) {
    this.#llm = llm;
    this.#rows = scores.map((_, row) => row);
    this.#cache = cache;
    this.#scores = scores;
  }

  static async start(
    llm: Llm,
    empty: KeyValueCache,
    prompts: readonly Vectors[],
  ): Promise<CachedContinuation> {
    const { scores, cache } = await llm.step(empty, prompts);
    return new CachedContinuation(llm, cache, scores);
  }

  scores(row: number): Float32Array {
    return this.#scores[this.#rows.indexOf(row)] ?? new Float32Array(0);
  }

  async append(tokens: readonly (NextToken | null)[]): Promise<void> {
    this.#dropEnded(tokens);
    const next = this.#rows.map((row) => tokens[row] ?? null);
    const { mask, past } = this.#cache;
    const left = mask.map((read, place) => forget(read, next[place]?.back ?? 0));
    const rows = next.map((each) => this.#llm.embed(each ? [each.token] : []));
    const { scores, cache } = await this.#llm.step({ mask: left, past }, rows);
    this.#scores = scores;
    this.#cache = cache;
  }

  dispose(): void {
    disposeCache(this.#cache);
  }

  /** On a graphics card ended rows stay to the end of the batch: they cost little there, and copying them does. */
  #dropEnded(tokens: readonly (NextToken | null)[]): void {
    const places = this.#rows.flatMap((row, place) => (tokens[row] === null ? [] : [place]));
    if (places.length === this.#rows.length || !isInMainMemory(this.#cache)) return;
    this.#cache = this.#llm.keepRows(this.#cache, places);
    this.#rows = places.flatMap((place) => this.#rows[place] ?? []);
  }
}

function unsupported(path: string, why: string): LinguaLiftError {
  return new LinguaLiftError(
    'model-unsupported',
    `The model ${path} cannot be bridged: ${why}. Use an export that takes token ids.`,
  );
}
