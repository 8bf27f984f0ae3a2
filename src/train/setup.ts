// From a config and the networks of a bundle to a planned step: what is trained, from where, and what it takes.
import type { ExternalData, LlamaConfig, ModelProto } from '../onnx/index.ts';
import type { Plan } from '../wgsl/plan.ts';
import type { Profile } from '../wgsl/profile.ts';
import { sizeOf, type Tensor } from '../wgsl/tensor.ts';
import { projections } from './adapters.ts';
import type { AlignmentFile } from './alignmentFile.ts';
import type { BatchSizes } from './batch.ts';
import { TrainError } from './errors.ts';
import { embeddingRms, freshAdapters, freshAlignment } from './fresh.ts';
import type { RunConfig } from './run.ts';
import type { Values } from './state.ts';
import { planStep, type TrainerOptions } from './trainer.ts';
import { sizesOf } from './weights.ts';
import { planWordStep, type WordTrainerOptions } from './wordTrainer.ts';

/** What training needs to know of a bundle. */
export interface Networks {
  encoder: { id: string; hiddenSize: number };
  llm: {
    id: string;
    model: ModelProto;
    external: ExternalData;
    config: LlamaConfig;
    bosId: number;
  };
}

/** Of PyTorch's AdamW, as both papers leave them. */
const adamw = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
/** Of the bundle format's own alignments. */
const normEpsilon = 1e-6;
/** Vocabulary rows whose logits are in memory at once. */
const vocabularyChunk = 4096;

/**
 * A fresh alignment as the config wants it.
 * @throws TrainError `unsupported-model` when the LLM holds no embeddings
 */
export function alignmentFromScratch({ encoder, llm }: Networks, config: RunConfig): AlignmentFile {
  const { kind, hiddenDim, latents, heads } = config.alignment;
  const { hidden_size: llmDim } = llm.config;
  const sizes = { encoderDim: encoder.hiddenSize, llmDim, hiddenDim, latents, heads };
  const rms = embeddingRms(llm.model, llm.external, llm.config);
  return {
    ...{ kind, inputs: 'states', sizes, normEpsilon, encoder: encoder.id, llm: llm.id },
    ...{ stage: 'scratch', recipe: {} },
    values: freshAlignment(kind, sizes, rms, config.settings.seed),
  };
}

/**
 * Refuses an alignment between other networks.
 * @throws TrainError `other-models`, naming both pairs
 */
export function checkNetworks(
  alignment: Pick<AlignmentFile, 'encoder' | 'llm'>,
  networks: Networks,
): void {
  const { encoder, llm } = networks;
  if (alignment.encoder === encoder.id && alignment.llm === llm.id) return;
  throw new TrainError(
    'other-models',
    `This run begins with an alignment between the encoder "${alignment.encoder}" and the LLM "${alignment.llm}"; the open bundle has "${encoder.id}" and "${llm.id}". Open the bundle that it belongs to.`,
  );
}

/** Latents of a kind that has some. */
export function latentsOf({ kind, sizes }: AlignmentFile): number | null {
  return kind === 'latent' ? sizes.latents : null;
}

/**
 * The options of a trainer.
 * @throws TrainError `bad-options` where LoRA is to be trained and nothing says how
 */
export function trainerOptions(
  { llm }: Networks,
  config: RunConfig,
  { kind, sizes: alignmentSizes, normEpsilon: epsilon }: AlignmentFile,
  sizes: BatchSizes,
): TrainerOptions {
  const { trains, weightDecay, maxGradientNorm } = config.settings;
  if (trains === 'adapters' && config.adapters === null) {
    throw new TrainError('bad-options', 'This stage trains LoRA and needs its rank and places.');
  }
  const lora = trains === 'adapters' ? config.adapters : null;
  const { model, external, config: llmConfig, bosId } = llm;
  return {
    decoder: { model, external, config: llmConfig, bosId },
    alignment: { kind, sizes: alignmentSizes, normEpsilon: epsilon },
    ...(lora && {
      adapters: { targets: lora.targets, rank: lora.rank, scale: lora.alpha / lora.rank },
    }),
    sizes,
    optimizer: { ...adamw, weightDecay },
    ...{ maxGradientNorm, vocabularyChunk, checkpoint: config.recompute },
  };
}

/** The parameters that a trainer begins with. */
export function startValues(
  { llm }: Networks,
  config: RunConfig,
  { values }: AlignmentFile,
): { alignment: Values; adapters?: Values } {
  const { settings, adapters } = config;
  if (settings.trains === 'alignment' || adapters === null) return { alignment: values };
  return { alignment: values, adapters: freshAdapters(llm.config, adapters, settings.seed) };
}

/** Rows that a sentence has on average, with some to spare. */
const rowsOfSentence = 32;

/**
 * The options of a trainer of words.
 * @throws TrainError `unsupported-model` for an LLM that holds no table of embeddings
 */
export function wordTrainerOptions(
  { llm }: Networks,
  { settings, microBatch }: RunConfig,
  { kind, sizes, normEpsilon }: AlignmentFile,
): WordTrainerOptions {
  return {
    alignment: { kind, sizes, normEpsilon },
    rows: rowsOfSentence * Math.min(microBatch, settings.batch),
    embeddingMeanSquare: embeddingRms(llm.model, llm.external, llm.config) ** 2,
    optimizer: { ...adamw, weightDecay: settings.weightDecay },
    maxGradientNorm: settings.maxGradientNorm,
  };
}

export interface StepEstimate {
  /** Of GPU memory. */
  bytes: number;
  trainedParameters: number;
  /** Of LLM and alignment together. */
  frozenParameters: number;
  positions: number;
  positionsPerStep: number;
  flopsPerStep: number;
}

/** Parameters, first and second moments are read through memory of their own at a checkpoint. */
const readTensors = 3;

/**
 * What a step takes, without taking any of it.
 * @throws what `planStep` throws
 */
export function estimateStep(
  profile: Profile,
  options: TrainerOptions,
  { settings, microBatch }: RunConfig,
): StepEstimate {
  const { plan, alignment, adapters, bytes } = planStep(profile, options);
  const isLora = options.adapters !== undefined;
  const trained = parametersOf(isLora ? adapters : alignment);
  const microBatches = Math.ceil(settings.batch / microBatch);
  const flops = flopsOf(plan);
  const { positions, sequences } = options.sizes;
  return {
    bytes: bytes + readTensors * Float32Array.BYTES_PER_ELEMENT * trained,
    trainedParameters: trained,
    frozenParameters:
      llmParameters(options.decoder.config) + (isLora ? parametersOf(alignment) : 0),
    positions,
    positionsPerStep: positions * sequences * microBatches,
    flopsPerStep: microBatches * flops('forward', 'backward') + flops('clear', 'update'),
  };
}

/**
 * What a step that teaches words takes, without taking any of it.
 * @throws what `planWordStep` throws
 */
export function estimateWordStep(
  profile: Profile,
  options: WordTrainerOptions,
  { settings }: RunConfig,
): StepEstimate {
  const { plan, alignment, bytes } = planWordStep(profile, options);
  const trained = parametersOf(alignment);
  const microBatches = Math.ceil((rowsOfSentence * settings.batch) / options.rows);
  const flops = flopsOf(plan);
  return {
    bytes: bytes + readTensors * Float32Array.BYTES_PER_ELEMENT * trained,
    trainedParameters: trained,
    frozenParameters: 0,
    positions: options.rows,
    positionsPerStep: options.rows * microBatches,
    flopsPerStep: microBatches * flops('forward', 'backward') + flops('clear', 'update'),
  };
}

/** Sums up the floating-point operations of some phases of a plan. */
function flopsOf({ dispatches }: Plan): (...phases: string[]) => number {
  return (...phases) =>
    dispatches
      .filter(({ phase }) => phases.includes(phase))
      .reduce((sum, { flops }) => sum + flops, 0);
}

/** Of a Llama without biases, which a few of the family have and which count for little. */
function llmParameters(config: LlamaConfig): number {
  const sizes = sizesOf(config);
  const matrices = Object.values(projections).map((shape) => shape(sizes));
  const layer = matrices.reduce((sum, [outputs, inputs]) => sum + outputs * inputs, 0);
  const tables = config.tie_word_embeddings ? 1 : 2;
  const norms = 2 * config.num_hidden_layers + 1;
  return config.num_hidden_layers * layer + (tables * config.vocab_size + norms) * sizes.hiddenSize;
}

function parametersOf(tensors: Readonly<Record<string, Tensor>>): number {
  return Object.values(tensors).reduce((sum, tensor) => sum + sizeOf(tensor), 0);
}
