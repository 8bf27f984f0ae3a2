// Twins against what record.py and record_genai.py found in graphs of the real exporters, node for node.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { finish } from '../../twins/draft.ts';
import { digest, type Digest } from '../../twins/digest.ts';
import { genaiDraft, type GenaiModel } from '../../twins/genai.ts';
import { maskedLmNames, maskedLmTwin, type MaskedLmName } from '../../twins/maskedLm.ts';
import { Parameters } from '../../twins/parameters.ts';
import { presets } from '../../twins/presets.ts';
import type { Family } from '../../twins/recording.ts';
import { hasExports, readExport } from '../onnx/support.ts';
import type { Sizes } from '../../twins/sizes.ts';
import { optimumTwin, suffixes, type Dtype } from '../../twins/twin.ts';

function read<Content>(name: string): Content {
  const url = new URL(`../../twins/digests/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Content;
}

const optimum = read<Record<Family, { sizes: Sizes; files: Record<string, Digest> }>>('optimum');
const parameters = new Parameters(1);
const formats = Object.entries(suffixes) as [Dtype, string][];

const epsilons: Record<Family, number> = {
  bert: 1e-12,
  'xlm-roberta': 1e-5,
  mt5: 1e-6,
  llama: 1e-5,
  qwen2: 1e-6,
  qwen3: 1e-6,
};

describe.each(Object.keys(optimum) as Family[])(
  'the graph of %s as optimum exports it',
  (family) => {
    const { sizes, files } = optimum[family];

    it.each(Object.keys(files))('%s.onnx has the nodes and weights of the real export', (file) => {
      const numbers = { ropeTheta: 10000, normEpsilon: epsilons[family] };
      const [dtype] = formats.find(([, suffix]) => file === `model${suffix}`) ?? [];
      const draft = dtype && optimumTwin(family, dtype, { sizes, numbers, parameters });
      expect(draft && digest(finish(draft))).toEqual(files[file]);
    });
  },
);

const maskedLm =
  read<Record<MaskedLmName, { sizes: Sizes; files: Record<string, Digest> }>>('masked-lm');

describe.each(maskedLmNames)('the graph of %s with its head for masked words', (name) => {
  const { sizes, files } = maskedLm[name];

  it.each(formats)('has the nodes and weights of the real export in %s', (dtype, suffix) => {
    const numbers = { ropeTheta: 10000, normEpsilon: epsilons[presets[name].family] };
    const draft = maskedLmTwin(name, dtype, { sizes, numbers, parameters }, false);
    expect(digest(finish(draft))).toEqual(files[`model${suffix}`]);
  });
});

/** An export of optimum itself, of a trained Llama. */
const story: Sizes = {
  vocab: 2048,
  hidden: 128,
  inner: 384,
  heads: 8,
  keyValueHeads: 4,
  headSize: 16,
  layers: 2,
  positions: 512,
};

describe.skipIf(!hasExports)('a decoder that optimum exported', () => {
  it.each(formats)('has the nodes of its twin: %s, model%s.onnx', (dtype, suffix) => {
    const { model } = readExport(`gen-optimum-story/model${suffix}.onnx`);
    const numbers = { ropeTheta: 10000, normEpsilon: 1e-6 };
    const draft = optimumTwin('llama', dtype, { sizes: story, numbers, parameters });
    expect(digest(finish(draft))).toEqual(digest(model));
  });
});

type GenaiCase = Pick<GenaiModel, 'family' | 'format' | 'tied' | 'sizes'> & { digest: Digest };
const genai = read<Record<string, GenaiCase>>('genai');

describe('the graph of a decoder as onnxruntime-genai writes it', () => {
  it.each(Object.keys(genai))('is that of the real export %s', (name) => {
    const { digest: expected, ...form } = genai[name] as GenaiCase;
    const numbers = { ropeTheta: 10000, normEpsilon: 1e-6 };
    expect(digest(finish(genaiDraft({ ...form, numbers, parameters })))).toEqual(expected);
  });
});
