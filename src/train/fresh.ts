// Parameters to start from scratch with. Deviations are those of training/models/alignment.py and lora.py: every
// layer keeps the size of its input, the last one brings it to that of the LLM's embeddings, and LoRA adds
// nothing at first.
import {
  toInputsEmbeds,
  type ExternalData,
  type LlamaConfig,
  type ModelProto,
} from '../onnx/index.ts';
import { projections, type ProjectionName } from './adapters.ts';
import { alignmentShapes, type AlignmentKind, type AlignmentSizes } from './alignment.ts';
import { TrainError } from './errors.ts';
import { Random } from './random.ts';
import type { Values } from './state.ts';
import { sizesOf } from './weights.ts';

/** Streams of a run's seed that no epoch will ever use. */
const alignmentStream = 2 ** 32 - 1;
const adapterStream = 2 ** 32 - 2;
export const wideningStream = 2 ** 32 - 3;

/** The layer whose output is the soft prompt. */
const lastLayers: Record<AlignmentKind, string> = {
  linear: 'linear.weight',
  mlp: 'fc2.weight',
  latent: 'fc2.weight',
};

/**
 * An alignment of random numbers, the same for the same seed.
 * @param embeddingRms root mean square of the LLM's token embeddings
 */
export function freshAlignment(
  kind: AlignmentKind,
  sizes: AlignmentSizes,
  embeddingRms: number,
  seed: number,
): Values {
  const random = Random.seeded(seed, alignmentStream);
  const deviation = (name: string, shape: readonly number[]): number => {
    if (name.endsWith('.bias')) return 0;
    if (name === 'end_of_prompt') return embeddingRms;
    // The latents are normalised before anything reads them.
    if (name === 'latents') return 1;
    const keeping = (shape[1] ?? 1) ** -0.5;
    return name === lastLayers[kind] ? embeddingRms * keeping : keeping;
  };
  return Object.fromEntries(
    Object.entries(alignmentShapes(kind, sizes)).map(([name, shape]) => [
      name,
      normals(random, shape, deviation(name, shape)),
    ]),
  );
}

/** LoRA branches: A random, B zero. */
export function freshAdapters(
  config: LlamaConfig,
  { targets, rank }: { targets: readonly ProjectionName[]; rank: number },
  seed: number,
): Values {
  const random = Random.seeded(seed, adapterStream);
  const sizes = sizesOf(config);
  const values: Record<string, Float32Array> = {};
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const target of targets) {
      const [outputs, inputs] = projections[target](sizes);
      const path = `model.layers.${layer}.${target}`;
      values[`${path}.lora_A.weight`] = normals(random, [rank, inputs], inputs ** -0.5);
      values[`${path}.lora_B.weight`] = new Float32Array(outputs * rank);
    }
  }
  return values;
}

/** As many rows of the table tell its size well enough. */
const sampledRows = 1024;

/**
 * The root mean square of an LLM's token embeddings.
 * @throws TrainError `unsupported-model` for a graph that holds no table of them
 */
export function embeddingRms(
  model: ModelProto,
  external: ExternalData,
  config: LlamaConfig,
): number {
  const { embeddings } = toInputsEmbeds(model, external, config);
  if (!embeddings) {
    throw new TrainError('unsupported-model', 'The LLM holds no table of token embeddings.');
  }
  const count = Math.min(sampledRows, config.vocab_size);
  const rows = embeddings.rows(Array.from({ length: count }, (_, id) => id));
  return Math.sqrt(rows.reduce((sum, x) => sum + x * x, 0) / rows.length);
}

/** Normally distributed numbers, two from two uniform ones (Box and Muller). */
export function normals(random: Random, shape: readonly number[], deviation: number): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if (deviation === 0) return values;
  for (let i = 0; i < values.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.nextFloat()));
    const angle = 2 * Math.PI * random.nextFloat();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}
