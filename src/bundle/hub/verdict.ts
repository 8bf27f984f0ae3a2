// What a model needs of a device, and whether it fits, in a word for programs and in a sentence for people.
import { dtypeOrder, type Dtype, type DtypeDevice, type ModelKind } from './dtypes.ts';
import type { ModelShape } from './presets.ts';

/** `tight` works when little else needs the memory; `unknown` where the model's sizes are not known. */
export type Fit = 'fits' | 'tight' | 'too-large' | 'unsupported' | 'unknown';

export interface Verdict {
  fit: Fit;
  /** Such as "needs 2.1 GB in one buffer, this adapter allows 1 GB". Begins in lower case, ends without a full stop. */
  reason: string;
  /** Bytes that the open model takes, wherever they lie; approximate. */
  needBytes: number;
}

/** What matters of a device. */
export interface ModelDevice extends DtypeDevice {
  /** The largest tensor that it takes: the smaller one of WebGPU's two limits on buffers. */
  maxTensorBytes: number;
  /** What it can hold in all, where that is known: WebAssembly's address space. */
  maxBytes: number;
}

/** A model in one format. */
export interface SizedModel {
  kind: ModelKind;
  dtype: Dtype;
  /** Of graph and external data. */
  weightBytes: number;
  shape: ModelShape;
}

/** What WebAssembly addresses with 32 bits. */
export const wasmAddressBytes = 2 ** 32;

/** Positions whose keys and values are counted: a question, its reasoning and its answer. */
const countedPositions = 1024;
/** Positions of a prompt, each of which gets scores for the whole vocabulary. */
const countedPromptPositions = 256;
const floatBytes = 4;
/** More than this share of what there is fits only while nothing else grows. */
const tightShare = 0.75;

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

/**
 * What a model takes when it is open:
 *
 *     bytes  = weights + 2 · layers · key width · 1024 positions · 4 + (LLM) vocabulary · 256 positions · 4
 *     tensor = vocabulary · hidden size · bytes of a value: the table of embeddings, or the head of the same shape;
 *              no more than the weights take, where that is packed too
 */
export function needsOf({ kind, dtype, weightBytes, shape }: SizedModel): {
  bytes: number;
  tensorBytes: number;
} {
  const cache = 2 * shape.layers * shape.keyWidth * countedPositions * floatBytes;
  const scores = kind === 'llm' ? shape.vocab * countedPromptPositions * floatBytes : 0;
  const table = shape.vocab * shape.hidden * tableBytes[dtype];
  return { bytes: weightBytes + cache + scores, tensorBytes: Math.min(table, weightBytes) };
}

/** Whether a model fits a device. */
export function judge(model: SizedModel, device: ModelDevice): Verdict {
  const { bytes, tensorBytes } = needsOf(model);
  const say = (fit: Fit, reason: string): Verdict => ({ fit, reason, needBytes: bytes });
  if (!dtypeOrder(model.kind, device).includes(model.dtype)) {
    return say('unsupported', whyNot(model.dtype, device));
  }
  if (tensorBytes > device.maxTensorBytes) {
    return say(
      'too-large',
      `needs ${formatSize(tensorBytes)} in one buffer, this adapter allows ${formatSize(device.maxTensorBytes)}`,
    );
  }
  if (bytes > device.maxBytes) {
    return say(
      'too-large',
      `needs ${formatSize(bytes)}, WebAssembly can address ${formatSize(device.maxBytes)}`,
    );
  }
  if (bytes > device.maxBytes * tightShare || tensorBytes > device.maxTensorBytes * tightShare) {
    return say('tight', `needs ${formatSize(bytes)}, which is close to what this device allows`);
  }
  return say('fits', 'fits');
}

/** The verdict on a model of which only the size of its files is known. */
export function unknownVerdict(weightBytes: number): Verdict {
  return {
    fit: 'unknown',
    reason: 'its config does not tell its sizes, so only trying tells whether it fits',
    needBytes: weightBytes,
  };
}

/** The first format that fits, or that fits tightly where none does. */
export function recommend<Offer extends { dtype: Dtype; verdict: Verdict }>(
  offers: readonly Offer[],
): Offer | null {
  const first = (...fits: Fit[]) => offers.find(({ verdict }) => fits.includes(verdict.fit));
  return first('fits') ?? first('tight') ?? first('unknown') ?? null;
}

function whyNot(dtype: Dtype, { provider, f16 }: DtypeDevice): string {
  if (provider === 'webgpu' && !f16 && ['fp16', 'q4f16'].includes(dtype)) {
    return 'computes in 16 bits, which this adapter cannot';
  }
  return provider === 'webgpu'
    ? 'its layers have no WebGPU kernel and would run on the processor'
    : 'WebAssembly has no kernel for its layers';
}

/** Sizes as the page writes them: 10^9 bytes are a GB. */
function formatSize(bytes: number): string {
  return bytes >= 1e9 ? `${Number((bytes / 1e9).toFixed(1))} GB` : `${Math.round(bytes / 1e6)} MB`;
}
