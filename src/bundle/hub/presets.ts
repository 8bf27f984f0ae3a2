// Models that the page offers, each with what is worth knowing before a download.
//
// Where a commit stands, it is one that others have pinned in public code; where `main` stands, none was found, and the commit
// that the hub answers with is what is downloaded, stored and written into bundles. The hub could not be asked when this
// was written: sizes are approximate (those of SmolLM2, e5, XLM-R and Qwen3 as published, the others from the number of
// parameters), and a repository may have more or fewer formats. What counts is the list of files at download time.
import type { Pooling } from '../manifest.ts';
import type { Dtype, ModelKind } from './dtypes.ts';

/** What the needs of a model follow from; the names are those of config.json, put in our words. */
export interface ModelShape {
  /** Rows of the table of embeddings. */
  vocab: number;
  /** Width of hidden states. */
  hidden: number;
  layers: number;
  /** LLMs: width of the keys of one token in one layer. */
  keyWidth: number;
  /** Positions that the model knows. */
  positions: number;
}

export interface Preset {
  id: string;
  name: string;
  /** What it is good for, in a few words. */
  about: string;
  kind: ModelKind;
  repository: string;
  /** A commit, or `main`. */
  revision: string;
  licence: string;
  shape: ModelShape;
  /** Graph and external data of each format, in 10^6 bytes, approximate. */
  megabytes: Readonly<Partial<Record<Dtype, number>>>;
  /** Of an encoder that was trained with it and whose repository has no `1_Pooling/config.json` to say so. */
  pooling?: Pooling;
}

const base = { hidden: 768, layers: 12, keyWidth: 0 };

export const presets: readonly Preset[] = [
  {
    id: 'multilingual-e5-small',
    name: 'multilingual-e5-small',
    about: '94 languages, small and quick',
    kind: 'encoder',
    repository: 'Xenova/multilingual-e5-small',
    revision: '761b726dd34fb83930e26aab4e9ac3899aa1fa78',
    licence: 'mit',
    shape: { vocab: 250_037, hidden: 384, layers: 12, keyWidth: 0, positions: 512 },
    megabytes: { fp32: 471, fp16: 236, q8: 118, q4: 398, q4f16: 204 },
  },
  {
    id: 'labse',
    name: 'LaBSE',
    about: '109 languages, sentences of the same meaning lie close together',
    kind: 'encoder',
    repository: 'Xenova/LaBSE',
    revision: 'main',
    licence: 'apache-2.0',
    shape: { ...base, vocab: 501_153, positions: 512 },
    megabytes: { fp32: 1880, fp16: 942, q8: 473, q4: 1600, q4f16: 820 },
    // As in 1_Pooling/config.json of sentence-transformers/LaBSE.
    pooling: 'cls',
  },
  {
    id: 'xlm-roberta-base',
    name: 'XLM-R base',
    about: '100 languages, trained on text alone',
    kind: 'encoder',
    repository: 'Xenova/xlm-roberta-base',
    revision: '84bead0eb70f8445a827edba1736f9182c49aab6',
    licence: 'mit',
    shape: { ...base, vocab: 250_002, positions: 512 },
    // What is known to be at that commit.
    megabytes: { fp32: 1113, fp16: 557, q8: 280 },
  },
  {
    id: 'mbert',
    name: 'mBERT',
    about: '104 languages, the oldest of them',
    kind: 'encoder',
    repository: 'Xenova/bert-base-multilingual-cased',
    revision: '17016e764a76e30ed904bc251df4510f27b7f23f',
    licence: 'apache-2.0',
    shape: { ...base, vocab: 119_547, positions: 512 },
    megabytes: { fp32: 711, fp16: 356, q8: 179, q4: 421, q4f16: 232 },
  },
  {
    id: 'mt5-small',
    name: 'mT5-small, encoder',
    about: '101 languages; the family that LangBridge is built on',
    kind: 'encoder',
    repository: 'Xenova/mt5-small',
    revision: 'main',
    licence: 'apache-2.0',
    shape: { vocab: 250_112, hidden: 512, layers: 8, keyWidth: 0, positions: 512 },
    megabytes: { fp32: 588, fp16: 294, q8: 147, q4: 525, q4f16: 267 },
  },
  {
    id: 'smollm2-135m-instruct',
    name: 'SmolLM2 135M Instruct',
    about: 'the smallest; writes English, calculates badly',
    kind: 'llm',
    repository: 'HuggingFaceTB/SmolLM2-135M-Instruct',
    revision: '12fd25f77366fa6b3b4b768ec3050bf629380bac',
    licence: 'apache-2.0',
    shape: { vocab: 49_152, hidden: 576, layers: 30, keyWidth: 192, positions: 8192 },
    megabytes: { fp32: 654, fp16: 327, q8: 164, q4: 200, q4f16: 134 },
  },
  {
    id: 'smollm2-360m-instruct',
    name: 'SmolLM2 360M Instruct',
    about: 'small; solves simple problems',
    kind: 'llm',
    repository: 'HuggingFaceTB/SmolLM2-360M-Instruct',
    revision: 'a10cc1512eabd3dde888204e902eca88bddb4951',
    licence: 'apache-2.0',
    shape: { vocab: 49_152, hidden: 960, layers: 32, keyWidth: 320, positions: 8192 },
    megabytes: { fp32: 1640, fp16: 818, q8: 365, q4: 388, q4f16: 273 },
  },
  {
    id: 'qwen2.5-0.5b-instruct',
    name: 'Qwen2.5 0.5B Instruct',
    about: 'solves school problems in English and Chinese',
    kind: 'llm',
    repository: 'onnx-community/Qwen2.5-0.5B-Instruct',
    revision: '516c8d04add8a80c5228f32102b57953b8d421a9',
    licence: 'apache-2.0',
    shape: { vocab: 151_936, hidden: 896, layers: 24, keyWidth: 128, positions: 32_768 },
    megabytes: { fp32: 1980, fp16: 990, q8: 502, q4: 786, q4f16: 483 },
  },
  {
    id: 'qwen3-0.6b',
    name: 'Qwen3 0.6B',
    about: 'the best of the small ones; can think before it answers',
    kind: 'llm',
    repository: 'onnx-community/Qwen3-0.6B-ONNX',
    revision: '558750086ed49d78cb701ed6fa85af33fd16453f',
    licence: 'apache-2.0',
    shape: { vocab: 151_936, hidden: 1024, layers: 28, keyWidth: 1024, positions: 40_960 },
    megabytes: { fp32: 2390, fp16: 1200, q8: 618, q4: 919, q4f16: 570 },
  },
  {
    id: 'qwen2.5-math-1.5b-instruct',
    name: 'Qwen2.5-Math 1.5B Instruct',
    about: 'made for math problems in English and Chinese; large',
    kind: 'llm',
    repository: 'onnx-community/Qwen2.5-Math-1.5B-Instruct',
    revision: 'main',
    licence: 'apache-2.0',
    shape: { vocab: 151_936, hidden: 1536, layers: 28, keyWidth: 256, positions: 4096 },
    megabytes: { fp32: 6180, fp16: 3090, q8: 1550, q4: 1760, q4f16: 1210 },
  },
];
