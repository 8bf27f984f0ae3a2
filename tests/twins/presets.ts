// The presets that twins are made of: what each model is, small and at true size, and how its files lie on the hub.
// Sizes are those of the published config.json files.
import type { Family, GraphNumbers } from './recording.ts';
import type { Sizes } from './sizes.ts';
import type { TokenizerKind } from './tokenizers.ts';

/**
 * Where a preset's graphs come from: `optimum` and `genai` as transformers.js lays them out (`onnx/model_q4.onnx`, the
 * second with external data), `builder` as onnxruntime-genai leaves them (`model.onnx` and `genai_config.json`).
 */
export type Layout = 'optimum' | 'genai' | 'builder';

export interface Preset {
  hubId: string;
  family: Family;
  layout: Layout;
  tokenizer: TokenizerKind;
  numbers: GraphNumbers;
  sizes: { tiny: Sizes; true: Sizes };
  /** Encoders: rows of the table of segments; absent where there is none. */
  segments?: number;
}

function encoder(
  hubId: string,
  family: Family,
  tokenizer: TokenizerKind,
  trueSizes: Sizes,
  rest: { normEpsilon: number; segments?: number },
): Preset {
  const { normEpsilon, ...more } = rest;
  const tiny = { ...trueSizes, vocab: 384, inner: 128, layers: 2, headSize: 16, positions: 66 };
  // mT5's heads are narrower than its hidden states, BERT's are just as wide.
  tiny.heads = family === 'mt5' ? 3 : 4;
  tiny.hidden = 64;
  const numbers = { normEpsilon, ropeTheta: 0 };
  return {
    hubId,
    family,
    layout: 'optimum',
    tokenizer,
    numbers,
    sizes: { tiny, true: trueSizes },
    ...more,
  };
}

function decoder(
  hubId: string,
  family: Family,
  layout: Layout,
  tokenizer: TokenizerKind,
  trueSizes: Sizes,
  numbers: GraphNumbers,
): Preset {
  const { heads } = trueSizes;
  const headSize = 32;
  // Qwen3's heads are wider together than its hidden states.
  const hidden = family === 'qwen3' ? (heads * headSize) / 2 : heads * headSize;
  const tiny = {
    ...trueSizes,
    vocab: 384,
    hidden,
    inner: 320,
    headSize,
    layers: 2,
    positions: 512,
  };
  return { hubId, family, layout, tokenizer, numbers, sizes: { tiny, true: trueSizes } };
}

const base = { inner: 3072, hidden: 768, heads: 12, headSize: 64, layers: 12 };

export const presets = {
  labse: encoder(
    'Xenova/LaBSE',
    'bert',
    'wordPiece',
    { ...base, vocab: 501153, positions: 512 },
    { normEpsilon: 1e-12, segments: 2 },
  ),
  'multilingual-e5-small': encoder(
    'Xenova/multilingual-e5-small',
    'bert',
    'xlm-roberta',
    {
      vocab: 250037,
      hidden: 384,
      inner: 1536,
      heads: 12,
      headSize: 32,
      layers: 12,
      positions: 512,
    },
    { normEpsilon: 1e-12, segments: 2 },
  ),
  'xlm-roberta-base': encoder(
    'Xenova/xlm-roberta-base',
    'xlm-roberta',
    'xlm-roberta',
    { ...base, vocab: 250002, positions: 514 },
    { normEpsilon: 1e-5, segments: 1 },
  ),
  mbert: encoder(
    'Xenova/bert-base-multilingual-cased',
    'bert',
    'wordPiece',
    { ...base, vocab: 119547, positions: 512 },
    { normEpsilon: 1e-12, segments: 2 },
  ),
  'mt5-small': encoder(
    'Xenova/mt5-small',
    'mt5',
    'mt5',
    { vocab: 250112, hidden: 512, inner: 1024, heads: 6, headSize: 64, layers: 8, positions: 512 },
    { normEpsilon: 1e-6 },
  ),
  'smollm2-135m-instruct': decoder(
    'HuggingFaceTB/SmolLM2-135M-Instruct',
    'llama',
    'optimum',
    'smollm2',
    {
      vocab: 49152,
      hidden: 576,
      inner: 1536,
      heads: 9,
      keyValueHeads: 3,
      headSize: 64,
      layers: 30,
      positions: 8192,
    },
    { ropeTheta: 100_000, normEpsilon: 1e-5 },
  ),
  'smollm2-360m-instruct': decoder(
    'HuggingFaceTB/SmolLM2-360M-Instruct',
    'llama',
    'optimum',
    'smollm2',
    {
      vocab: 49152,
      hidden: 960,
      inner: 2560,
      heads: 15,
      keyValueHeads: 5,
      headSize: 64,
      layers: 32,
      positions: 8192,
    },
    { ropeTheta: 100_000, normEpsilon: 1e-5 },
  ),
  'qwen2.5-0.5b-instruct': decoder(
    'onnx-community/Qwen2.5-0.5B-Instruct',
    'qwen2',
    'optimum',
    'qwen2.5',
    {
      vocab: 151936,
      hidden: 896,
      inner: 4864,
      heads: 14,
      keyValueHeads: 2,
      headSize: 64,
      layers: 24,
      positions: 32768,
    },
    { ropeTheta: 1_000_000, normEpsilon: 1e-6 },
  ),
  'qwen2.5-math-1.5b-instruct': decoder(
    'Qwen/Qwen2.5-Math-1.5B-Instruct',
    'qwen2',
    'builder',
    'qwen2.5-math',
    {
      vocab: 151936,
      hidden: 1536,
      inner: 8960,
      heads: 12,
      keyValueHeads: 2,
      headSize: 128,
      layers: 28,
      positions: 4096,
    },
    { ropeTheta: 10_000, normEpsilon: 1e-6 },
  ),
  'qwen3-0.6b': decoder(
    'onnx-community/Qwen3-0.6B-ONNX',
    'qwen3',
    'genai',
    'qwen3',
    {
      vocab: 151936,
      hidden: 1024,
      inner: 3072,
      heads: 16,
      keyValueHeads: 8,
      headSize: 128,
      layers: 28,
      positions: 40960,
    },
    { ropeTheta: 1_000_000, normEpsilon: 1e-6 },
  ),
} satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
