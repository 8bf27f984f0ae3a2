// What a model needs of a device, made of the sizes of its files and of its config: estimates, before any of it is there.
import { isTooWide } from '../wasmMemory.ts';
import type { Dtype, ModelKind } from './dtypes.ts';
import type { ModelShape } from './presets.ts';

/** A model in one format. */
export interface SizedModel {
  kind: ModelKind;
  dtype: Dtype;
  /** Of graph and external data. */
  weightBytes: number;
  shape: ModelShape;
  /** The table of embeddings is a graph of its own, so it is not the LM head as well. */
  isTableApart?: boolean;
}

/** Bytes, between which the truth lies. */
export interface Range {
  least: number;
  most: number;
}

/** Positions whose keys and values are counted: a question, its reasoning and its answer. */
const countedPositions = 1024;
/** Positions of a prompt, each of which gets scores for the whole vocabulary. */
const countedPromptPositions = 256;
const floatBytes = 4;

/** Bytes of a value of the table of embeddings: 4-bit formats of transformers.js leave it in floats. */
const tableBytes: Readonly<Record<Dtype, number>> = {
  fp32: 4,
  fp16: 2,
  q8: 1,
  int8: 1,
  uint8: 1,
  q4: 4,
  q4f16: 2,
  bnb4: 4,
};

/** A block of 32 weights of 4 bits has 16 bytes and a scale of 2, of which widening makes 4. */
const widenedShareOfBlocks = 4 / 18;

/**
 * WebAssembly's memory never shrinks, so what counts is its peak while a model is opened: by so much more than the weights that
 * stay as they are, an LLM's more since its table may be there a second time, transposed; and by so much more than those that
 * are widened, which are inside the graph and are copied with it. Measured: docs/models.md.
 */
const peakOfStored: Readonly<Record<ModelKind, number>> = { encoder: 1.2, llm: 1.6 };
const peakOfWidened = 3;

/**
 * What a model takes when it is open:
 *
 *     bytes  = weights + 2 · layers · key width · 1024 positions · 4 + (LLM) vocabulary · 256 positions · 4
 *     tensor = vocabulary · hidden size · bytes of a value: the table of embeddings, or the head of the same shape;
 *              no more than the weights take, where that is packed too
 *
 * On WebAssembly `weights` is the peak while they are opened: 1.2 (encoder) or 1.6 times (LLM) those that stay as they are,
 * and 3 times what those come to that are widened.
 */
export function needsOf(
  model: SizedModel,
  provider: 'webgpu' | 'wasm' = 'webgpu',
): { bytes: number; tensorBytes: number } {
  const { kind, weightBytes, shape } = model;
  const cache = 2 * shape.layers * shape.keyWidth * countedPositions * floatBytes;
  const scores = kind === 'llm' ? shape.vocab * countedPromptPositions * floatBytes : 0;
  const weights = provider === 'wasm' ? openedBytes(model) : weightBytes;
  return { bytes: weights + cache + scores, tensorBytes: tableOf(model) };
}

function openedBytes(model: SizedModel): number {
  const { least, most } = widenedRange(model);
  // What is too wide is not opened at all.
  const widened = isTooWide(most) ? least : most;
  const kept = Math.max(0, model.weightBytes - widened / 2);
  return peakOfStored[model.kind] * kept + peakOfWidened * widened;
}

/**
 * What the 16-bit weights of a model take in 32 bits, as `widenedBytes` of src/onnx/widen.ts counts them in the graph: all but
 * tables that are only looked up. An encoder's table is. An LLM's may be the LM head as well, and then it is widened, or
 * the head has a copy or weights of its own; the sizes of files do not tell which.
 *
 *     fp16    2 · (weights − table) to 2 · weights
 *     q4f16   scales to scales + 2 · table, where scales = (weights − table) · 4 / 18
 */
export function widenedRange(model: SizedModel): Range {
  const { kind, dtype, weightBytes, isTableApart = false } = model;
  if (dtype !== 'fp16' && dtype !== 'q4f16') return { least: 0, most: 0 };
  const table = tableOf(model);
  const rest = weightBytes - table;
  const least = rest * (dtype === 'fp16' ? 2 : widenedShareOfBlocks);
  const isOnlyLookedUp = kind === 'encoder' || isTableApart;
  return { least, most: isOnlyLookedUp ? least : least + 2 * table };
}

function tableOf({ dtype, weightBytes, shape }: SizedModel): number {
  return Math.min(shape.vocab * shape.hidden * tableBytes[dtype], weightBytes);
}
