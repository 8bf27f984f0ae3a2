// Whether a model fits a device, in a word for programs and in a sentence for people.
import { isTooWide, largestWidenedBytes } from '../wasmMemory.ts';
import { dtypeOrder, type Dtype, type DtypeDevice } from './dtypes.ts';
import { needsOf, widenedRange, type Range, type SizedModel } from './needs.ts';

/** `tight` works when little else needs the memory; `unknown` where the model's sizes do not tell. */
export type Fit = 'fits' | 'tight' | 'too-large' | 'unsupported' | 'unknown';

export interface Verdict {
  fit: Fit;
  /** Such as "needs 2.1 GB in one buffer, this adapter allows 1 GB". Begins in lower case, ends without a full stop. */
  reason: string;
  /** Bytes that the open model takes, wherever they lie; approximate. On WebAssembly, what opening it takes at most. */
  needBytes: number;
}

/** What matters of a device. */
export interface ModelDevice extends DtypeDevice {
  /** The largest tensor that it takes: the smaller one of WebGPU's two limits on buffers. */
  maxTensorBytes: number;
  /** What it can hold in all, where that is known: WebAssembly's address space. */
  maxBytes: number;
}

/** More than this share of what there is fits only while nothing else grows. */
const tightShare = 0.75;

/**
 * Whether a model fits a device.
 * @param others the same model in other formats, of which one is named where this one is refused for its 16 bits
 */
export function judge(
  model: SizedModel,
  device: ModelDevice,
  others: readonly SizedModel[] = [],
): Verdict {
  const { bytes, tensorBytes } = needsOf(model, device.provider);
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
  // Loading refuses these, whatever memory there is (src/bridge/suit.ts).
  const widened = device.provider === 'wasm' ? widenedRange(model) : { least: 0, most: 0 };
  if (isTooWide(widened.least)) {
    return say('too-large', whyTooWide(widened, formatInstead(others, device)));
  }
  if (bytes > device.maxBytes) {
    return say(
      'too-large',
      `needs ${formatSize(bytes)}, WebAssembly can address ${formatSize(device.maxBytes)}`,
    );
  }
  if (isTooWide(widened.most)) {
    return say('unknown', whyTooWide(widened, formatInstead(others, device)));
  }
  if (bytes > device.maxBytes * tightShare || tensorBytes > device.maxTensorBytes * tightShare) {
    return say('tight', `needs ${formatSize(bytes)}, which is close to what this device allows`);
  }
  return say('fits', 'fits');
}

/** @param instead the format to take in the place of this one; empty where none is known */
function whyTooWide({ least, most }: Range, instead: string): string {
  const what = 'for its 16-bit weights, with which WebAssembly computes in 32 bits';
  const limit = `this page opens up to ${formatSize(largestWidenedBytes)} of them`;
  return isTooWide(least)
    ? `needs at least ${formatSize(least)} ${what}; ${limit}${instead && `, so take ${instead} in its place`}`
    : `needs ${formatSize(least)} to ${formatSize(most)} ${what}; ${limit}, so only trying tells${instead && `, and ${instead} needs no trying`}`;
}

/** The format that a device would best have in the place of another; empty where none fits for certain. */
function formatInstead(others: readonly SizedModel[], device: ModelDevice): string {
  const [first] = others;
  const order = first === undefined ? [] : dtypeOrder(first.kind, device);
  const fitting = others.filter((other) => ['fits', 'tight'].includes(judge(other, device).fit));
  return order.find((dtype) => fitting.some((other) => other.dtype === dtype)) ?? '';
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
