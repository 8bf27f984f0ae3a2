// Formats, verdicts and devices in words.
import type {
  CapabilityReport,
  Dtype,
  ModelKind,
  StoredBundle,
  Verdict,
} from '../../../workers/models-protocol.ts';
import type { Picked } from './pairing.svelte.ts';
import { shortName } from './choices.ts';
import { providerText } from './providers.ts';
import { formatSize } from './sizes.ts';

/** What the weights of a format are. */
export const dtypeNames: Readonly<Record<Dtype, string>> = {
  fp32: '32-bit',
  fp16: '16-bit',
  q8: '8-bit',
  int8: '8-bit, signed',
  uint8: '8-bit, unsigned',
  q4: '4-bit',
  q4f16: '4-bit and 16-bit',
  bnb4: '4-bit, NF4',
};

/** A format as people choose it: `4-bit (q4)`. */
export const dtypeName = (dtype: Dtype) => `${dtypeNames[dtype]} (${dtype})`;

/** Why a format is the one to take, by where the models run. */
const reasons: Readonly<Record<'webgpu' | 'wasm', Partial<Record<Dtype, string>>>> = {
  webgpu: {
    q4f16: 'the smallest, and this GPU computes in 16 bits',
    q4: 'the smallest that this GPU runs without 16-bit arithmetic',
    fp16: 'close to the original, and this GPU computes in 16 bits',
    fp32: 'the original; no smaller one runs on this GPU',
  },
  wasm: {
    q8: 'small, and the processor is quick with 8 bits',
    int8: 'small, and the processor is quick with 8 bits',
    uint8: 'small, and the processor is quick with 8 bits',
    q4: 'the smallest that the processor has kernels for',
    fp32: 'the original; no smaller one is there',
  },
};

/** Why a model has the format that it has, as a sentence. */
export function formatReason(
  { choice, format, isOwnFormat }: Picked,
  capabilities: CapabilityReport | null,
): string {
  const { recommended } = choice;
  if (recommended === null) return 'No format of it fits this device for certain.';
  if (isOwnFormat) return `Your choice. For this device ${dtypeName(recommended)} is recommended.`;
  if (format.verdict?.fit === 'unknown') return 'The only one that may fit.';
  const reason = capabilities && reasons[capabilities.provider.kind][format.dtype];
  return `Recommended: ${reason ?? 'the first that fits'}.`;
}

/** How a verdict looks: its mark, its colour, and the sentence. */
export function verdictText(verdict: Verdict | null): { fit: Verdict['fit']; text: string } {
  if (verdict === null) return { fit: 'unknown', text: 'Whether it fits is not known.' };
  const { fit, reason, needBytes } = verdict;
  if (fit === 'fits') return { fit, text: `Fits: takes ${formatSize(needBytes)} when open.` };
  const marks = { tight: 'Tight', 'too-large': 'Too large', unsupported: 'Not here', unknown: '' };
  const mark = marks[fit];
  return { fit, text: mark === '' ? capitalise(`${reason}.`) : `${mark}: ${reason}.` };
}

export const kindNames: Readonly<Record<ModelKind, string>> = { encoder: 'Encoder', llm: 'LLM' };

/** What a bundle is made of: `LaBSE (q8) and SmolLM2-135M-Instruct (q4)`. */
export function partsText({ encoder, llm }: StoredBundle): string {
  return [encoder, llm]
    .map(({ repository, dtype }) => `${shortName(repository)} (${dtype})`)
    .join(' and ');
}

export interface Capability {
  name: string;
  value: string;
  /** What it means for models, as a sentence. */
  meaning: string;
}

/** What this device can do, one line each. */
export function capabilityList({ adapter, wasm }: CapabilityReport): Capability[] {
  return [...(adapter ? adapterList(adapter) : [noAdapter]), threadsOf(wasm)];
}

/** Where models run and why, as a sentence. */
export function whereText({ provider }: CapabilityReport): string {
  return `Models run on ${providerText(provider)}. ${provider.reason}`;
}

const noAdapter: Capability = {
  name: 'Graphics card',
  value: 'none that this browser offers',
  meaning: 'Models run on the processor, and Fine-tune needs a browser with WebGPU.',
};

function adapterList(adapter: NonNullable<CapabilityReport['adapter']>): Capability[] {
  const largest = Math.min(adapter.maxBufferSize, adapter.maxStorageBufferBindingSize);
  return [
    {
      name: 'Graphics card',
      value: adapter.isSoftware ? `${adapter.name}, in software` : adapter.name,
      meaning: adapter.isSoftware
        ? 'The processor stands in for a graphics card here, which is slower than WASM.'
        : 'Models run on it, and Fine-tune trains on it.',
    },
    {
      name: '16-bit arithmetic',
      value: adapter.f16 ? 'yes' : 'no',
      meaning: adapter.f16
        ? 'Formats that compute in 16 bits run here and take half the memory.'
        : 'Formats that compute in 16 bits do not run here; 4-bit and 32-bit ones do.',
    },
    {
      name: 'Subgroups',
      value: adapter.subgroups ? 'yes' : 'no',
      meaning: adapter.subgroups
        ? 'Sums inside a model are quicker.'
        : 'Everything works without; sums inside a model are slower.',
    },
    {
      name: 'Largest tensor',
      value: formatSize(largest),
      meaning: 'A model with a larger table of words than this does not fit.',
    },
  ];
}

function threadsOf({ threads, isolated, maxBytes }: CapabilityReport['wasm']): Capability {
  return {
    name: 'WebAssembly',
    value: `${threads} ${threads === 1 ? 'thread' : 'threads'}, ${formatSize(maxBytes)}`,
    meaning: isolated
      ? 'On the processor a model and its work must fit into this memory.'
      : 'The server leaves out the headers that browsers ask for before they allow more threads.',
  };
}

const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
