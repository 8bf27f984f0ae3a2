// The formats in which one model is published, and which of them a device runs best. Names and file endings are those of
// transformers.js: https://huggingface.co/docs/transformers.js/guides/dtypes

/** How weights are stored, as transformers.js calls it. */
export type Dtype = 'fp32' | 'fp16' | 'q8' | 'int8' | 'uint8' | 'q4' | 'q4f16' | 'bnb4';

/** What stands between the name of a graph and `.onnx`. */
export const dtypeSuffixes: Readonly<Record<Dtype, string>> = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
};

/** What decides on which format runs. */
export interface DtypeDevice {
  provider: 'webgpu' | 'wasm';
  /** Whether the graphics card computes in 16 bits. */
  f16: boolean;
}

export type ModelKind = 'encoder' | 'llm';

/**
 * Formats from best to worst, by kind of model. On WebGPU 8 bits are left out: `MatMulInteger` has no kernel there, so the
 * layers would run on the CPU. Without `shader-f16` no graph with 16-bit values starts. WebAssembly has no 16-bit
 * arithmetic either, but converts, which makes those formats the last resort.
 */
const orders: readonly (DtypeDevice & Record<ModelKind, readonly Dtype[]>)[] = [
  {
    provider: 'webgpu',
    f16: true,
    encoder: ['fp16', 'q4f16', 'q4', 'fp32'],
    llm: ['q4f16', 'q4', 'fp16', 'fp32'],
  },
  { provider: 'webgpu', f16: false, encoder: ['q4', 'fp32'], llm: ['q4', 'fp32'] },
  ...[true, false].map((f16) => ({
    provider: 'wasm' as const,
    f16,
    encoder: ['q8', 'int8', 'uint8', 'q4', 'fp32', 'fp16', 'q4f16'] as const,
    llm: ['q4', 'q8', 'int8', 'uint8', 'fp32', 'q4f16', 'fp16'] as const,
  })),
];

/** The formats that a device runs, the best first. */
export function dtypeOrder(kind: ModelKind, { provider, f16 }: DtypeDevice): readonly Dtype[] {
  return orders.find((row) => row.provider === provider && row.f16 === f16)?.[kind] ?? [];
}
