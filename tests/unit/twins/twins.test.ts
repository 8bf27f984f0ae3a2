// What the house makes of every twin: it is read as what it is, rewritten to take embeddings, computes the same in
// every format, and gives its weights back.
import { describe, expect, it } from 'vitest';
import {
  decodeModel,
  describeDecoder,
  externalLocations,
  readPackedWeights,
  readWeights,
  toInputsEmbeds,
  type DecoderConfig,
  type ExternalData,
  type LlamaConfig,
  type ModelProto,
} from '../../../src/onnx/index.ts';
import { planStep } from '../../../src/train/trainer.ts';
import { finish } from '../../twins/draft.ts';
import { genaiDraft, type GenaiFamily } from '../../twins/genai.ts';
import { Parameters } from '../../twins/parameters.ts';
import { presets, type Preset, type PresetName } from '../../twins/presets.ts';
import { dtypesOf, makeTwin, modelPath, optimumTwin, type Dtype } from '../../twins/twin.ts';
import { Decoder, int64, largestDifference, logitsOf, runOnce } from '../onnx/support.ts';
import { smallestDevice } from '../wgsl/profile.ts';

const names = Object.keys(presets) as PresetName[];
const isDecoder = (name: PresetName) => 'keyValueHeads' in presets[name].sizes.tiny;
const cases = (wanted: PresetName[]) =>
  wanted.flatMap((name) => dtypesOf(name).map((dtype) => ({ name, dtype })));
const encoders = cases(names.filter((name) => !isDecoder(name)));
const decoders = cases(names.filter(isDecoder));

const ids = [5, 300, 17, 42, 8, 201, 99];
/** Of the largest value of the float32 result: rounding of weights, and for q8 of activations too. */
const tolerances: Record<Dtype, number> = { fp32: 1e-5, fp16: 0.01, q4: 0.5, q4f16: 0.5, q8: 0.2 };

/** Of the largest weight. Symmetric blocks have one step more below zero than above: a whole step of eight. */
const weightTolerances: Record<Dtype, number> = {
  fp32: 1e-6,
  fp16: 1e-3,
  q4: 0.13,
  q4f16: 0.13,
  q8: 0.005,
};

interface Loaded {
  model: ModelProto;
  external: ExternalData;
  config: DecoderConfig;
}

const twins = new Map<PresetName, Map<string, Uint8Array>>();

function load(name: PresetName, dtype: Dtype): Loaded {
  const files = twins.get(name) ?? makeTwin(name, 'tiny');
  twins.set(name, files);
  const path = modelPath(name, dtype);
  const bytes = (file: string) => files.get(file) ?? new Uint8Array(0);
  const model = decodeModel(bytes(path));
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const external = new Map(
    externalLocations(model).map((location) => [location, bytes(folder + location)]),
  );
  const config = JSON.parse(new TextDecoder().decode(bytes('config.json'))) as DecoderConfig;
  return { model, external, config };
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

async function states(name: PresetName, dtype: Dtype, mask: number[]): Promise<Float32Array> {
  const { model } = load(name, dtype);
  const dims = [1, mask.length];
  const feeds = {
    input_ids: int64(ids.slice(0, mask.length), dims),
    attention_mask: int64(mask, dims),
    ...(model.graph?.input.some((input) => input.name === 'token_type_ids') && {
      token_type_ids: int64(
        mask.map(() => 0),
        dims,
      ),
    }),
  };
  return runOnce(model, feeds, 'last_hidden_state');
}

describe.each(encoders)('the encoder $name in $dtype', ({ name, dtype }) => {
  it('puts out what it does in float32', async () => {
    const mask = ids.map(() => 1);
    const expected = await states(name, 'fp32', mask);
    const actual = await states(name, dtype, mask);
    expect(actual.length).toBe(ids.length * presets[name].sizes.tiny.hidden);
    expect(largest(actual)).toBeGreaterThan(0.1);
    expect(largestDifference(actual, expected)).toBeLessThan(tolerances[dtype] * largest(expected));
  });

  it('does not look at what the mask hides', async () => {
    const { hidden } = presets[name].sizes.tiny;
    const alone = await states(name, dtype, [1, 1, 1, 1]);
    const padded = await states(name, dtype, [1, 1, 1, 1, 0, 0, 0]);
    const difference = largestDifference(padded.subarray(0, 4 * hidden), alone);
    // Dynamic quantization takes its range from the padding too.
    expect(difference).toBeLessThan((dtype === 'q8' ? 0.2 : 0.01) * largest(alone));
  });
});

describe.each(encoders)('the weights of $name in $dtype', ({ name, dtype }) => {
  // mT5 turns the table of relative positions over before it dequantizes it, which the reader does not know.
  const isRead = !(presets[name].family === 'mt5' && dtype === 'q8');

  it.runIf(isRead)('are read, packed and in float32', () => {
    const { model } = load(name, dtype);
    const { hidden, inner, vocab } = presets[name].sizes.tiny;
    const isT5 = presets[name].family === 'mt5';
    const expected = {
      [isT5 ? 'encoder.shared.weight' : 'embeddings.word_embeddings.weight']: [vocab, hidden],
      [isT5
        ? 'encoder.block.1.layer.1.DenseReluDense.wo.weight'
        : 'encoder.layer.1.output.dense.weight']: [hidden, inner],
    };
    const floats = readWeights(model);
    expect([...readPackedWeights(model).keys()].sort()).toEqual([...floats.keys()].sort());
    for (const [key, dims] of Object.entries(expected)) {
      const values = new Parameters(7).values(key.replace('encoder.shared', 'shared'), dims);
      expect(floats.get(key)?.dims, key).toEqual(dims);
      const difference = largestDifference(floats.get(key)?.data ?? [], values);
      const tolerance = { ...weightTolerances, q8: 0.01 }[dtype];
      expect(difference, key).toBeLessThan(tolerance * largest(values));
    }
  });
});

it('src/onnx refuses the weights of an mT5 in q8, naming the node', () => {
  const { model } = load('mt5-small', 'q8');
  expect(() => readWeights(model)).toThrow(
    /relative_attention_bias\/Gather" \(Gather\) gathers quantized rows, but nothing dequantizes them/,
  );
});

describe.each(decoders)('the decoder $name in $dtype', ({ name, dtype }) => {
  it('is described as what its preset says', () => {
    const { model, config } = load(name, dtype);
    const { layers, vocab, hidden, headSize, keyValueHeads } = presets[name].sizes
      .tiny as Preset['sizes']['tiny'];
    expect(describeDecoder(model, config)).toMatchObject({
      numLayers: layers,
      vocabSize: vocab,
      hiddenSize: hidden,
      headSize,
      numKeyValueHeads: keyValueHeads,
      takesInputsEmbeds: false,
    });
  });

  it('takes embeddings, and computes token by token what it does at once and in float32', async () => {
    const { model, external, config } = load(name, dtype);
    const { model: rewritten, embeddings } = toInputsEmbeds(model, external, config);
    const embed = (tokens: readonly number[]) => embeddings?.rows(tokens) ?? new Float32Array(0);
    const decoder = await Decoder.load(rewritten, external);
    const parts = [];
    for (const tokens of [ids.slice(0, 3), [ids[3] ?? 0], ids.slice(4)]) {
      parts.push(...(await decoder.step(tokens, embed)));
    }
    await decoder.release();
    const expected = referenceLogits(name);
    const actual = Float32Array.from(parts);
    expect(largestDifference(actual, await expected)).toBeLessThan(
      tolerances[dtype] * largest(await expected),
    );
    const again = await Decoder.load(rewritten, external);
    const whole = await again.step(ids, embed);
    await again.release();
    const slack = { fp32: 1e-5, fp16: 0.01, q4: 0.01, q4f16: 0.02, q8: 0.1 }[dtype];
    expect(largestDifference(actual, whole)).toBeLessThan(slack * largest(whole));
  });

  it('gives its weights back, packed and in float32', () => {
    const { model, external } = load(name, dtype);
    const preset: Preset = presets[name];
    const { hidden, inner, heads, headSize, vocab } = preset.sizes.tiny;
    const parameters = new Parameters(7);
    const expected = {
      'model.embed_tokens.weight': [vocab, hidden],
      'model.layers.1.self_attn.q_proj.weight': [heads * headSize, hidden],
      'model.layers.1.mlp.down_proj.weight': [hidden, inner],
      'model.layers.0.input_layernorm.weight': [hidden],
      'model.norm.weight': [hidden],
    };
    const floats = readWeights(model, external);
    const packed = readPackedWeights(model, external);
    expect([...packed.keys()].sort()).toEqual([...floats.keys()].sort());
    for (const [key, dims] of Object.entries(expected)) {
      const values = parameters.values(key, dims);
      const read = floats.get(key);
      expect(read?.dims, key).toEqual(dims);
      const tolerance = weightTolerances[dtype];
      expect(largestDifference(read?.data ?? [], values), key).toBeLessThan(
        tolerance * largest(values),
      );
    }
  });
});

describe.each(decoders)('a training step through $name in $dtype', ({ name, dtype }) => {
  it('can be planned, over every weight of the graph', () => {
    const { model, external, config } = load(name, dtype);
    const decoder = { model, external, config: config as LlamaConfig, bosId: 1 };
    const { step, uploads } = planStep(smallestDevice, {
      decoder,
      alignment: {
        kind: 'mlp',
        sizes: {
          ...{ encoderDim: 24, llmDim: decoder.config.hidden_size, hiddenDim: 16 },
          ...{ latents: 4, heads: 2 },
        },
        normEpsilon: 1e-6,
      },
      sizes: {
        ...{ sequences: 2, positions: 16, examples: 2 },
        ...{ stateRows: 12, labelRows: 8, encoderDim: 24 },
      },
      optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
      maxGradientNorm: 1,
      vocabularyChunk: 1024,
      checkpoint: false,
    });
    expect(step).toBeDefined();
    expect(uploads.size).toBeGreaterThan(decoder.config.num_hidden_layers * 9);
  });
});

/** The logits of a preset's network in float32, as the layout that it does not have computes them. */
function referenceLogits(name: PresetName): Promise<Float32Array> {
  const { family, sizes, numbers, layout }: Preset = presets[name];
  const model = { sizes: sizes.tiny, numbers, parameters: new Parameters(7) };
  const draft =
    layout === 'optimum'
      ? genaiDraft({ ...model, family: family as GenaiFamily, format: 'fp32', tied: true })
      : optimumTwin(family, 'fp32', model);
  return logitsOf(finish(draft), ids);
}
