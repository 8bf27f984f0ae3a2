// An alignment as a file: safetensors with the metadata of docs/bundle-format.md, read for training to start from
// and written as its result.
import { alignmentInputsOf, type AlignmentInputs } from '../onnx/alignment.ts';
import {
  floatSafetensor,
  readSafetensors,
  requireFloat,
  writeSafetensors,
} from '../onnx/safetensors.ts';
import {
  alignmentKinds,
  alignmentShapes,
  type AlignmentKind,
  type AlignmentSizes,
} from './alignment.ts';
import { TrainError } from './errors.ts';
import type { Values } from './state.ts';

const format = 'lingualift-alignment-1';

export interface AlignmentFile {
  kind: AlignmentKind;
  /** What it reads: with words twice as much as the encoder's states, which `sizes.encoderDim` counts. */
  inputs: AlignmentInputs;
  sizes: AlignmentSizes;
  normEpsilon: number;
  /** Ids of the networks that it connects. */
  encoder: string;
  llm: string;
  /** What it was trained by, and how: anything that JSON can hold. */
  stage: string;
  recipe: unknown;
  values: Values;
}

/** The file of an alignment. */
export function encodeAlignment(alignment: AlignmentFile): Uint8Array<ArrayBuffer> {
  const { kind, inputs, sizes, normEpsilon, encoder, llm, stage, recipe, values } = alignment;
  const metadata = {
    format,
    kind,
    inputs,
    encoder_dim: String(sizes.encoderDim),
    llm_dim: String(sizes.llmDim),
    ...(kind !== 'linear' && { hidden_dim: String(sizes.hiddenDim) }),
    ...(kind === 'latent' && { heads: String(sizes.heads), latents: String(sizes.latents) }),
    input_norm: 'rms',
    norm_eps: String(normEpsilon),
    encoder_id: encoder,
    llm_id: llm,
    stage,
    recipe: JSON.stringify(recipe),
  };
  const tensors = Object.entries(alignmentShapes(kind, sizes)).map(
    ([name, shape]) => [name, floatSafetensor(values[name] as Float32Array, [...shape])] as const,
  );
  return writeSafetensors({ tensors: new Map(tensors), metadata }) as Uint8Array<ArrayBuffer>;
}

/**
 * Reads an alignment, whoever it belongs to.
 * @throws OnnxError for what is no safetensors file or lacks a tensor; TrainError `unsupported-model` for an
 *   alignment that training does not know
 */
export function decodeAlignment(file: Uint8Array): AlignmentFile {
  const weights = readSafetensors(file);
  const { metadata } = weights;
  const field = (name: string): string => metadata[name] ?? '';
  const number = (name: string): number => Number(metadata[name] ?? 0);
  const kind = alignmentKinds.find((known) => known === field('kind'));
  if (field('format') !== format || kind === undefined || field('input_norm') !== 'rms') {
    throw new TrainError(
      'unsupported-model',
      `Training knows alignments of the format ${format}, of the kinds ${alignmentKinds.join(', ')}, whose input is normalised. This one says format "${field('format')}", kind "${field('kind')}", input_norm "${field('input_norm')}".`,
    );
  }
  const sizes = {
    encoderDim: number('encoder_dim'),
    llmDim: number('llm_dim'),
    hiddenDim: number('hidden_dim'),
    latents: number('latents'),
    heads: number('heads'),
  };
  const values = Object.entries(alignmentShapes(kind, sizes)).map(
    ([name, shape]) => [name, requireFloat(weights, name, shape)] as const,
  );
  return {
    kind,
    inputs: alignmentInputsOf(metadata),
    sizes,
    normEpsilon: number('norm_eps'),
    encoder: field('encoder_id'),
    llm: field('llm_id'),
    stage: field('stage'),
    recipe: JSON.parse(metadata['recipe'] ?? '{}') as unknown,
    values: Object.fromEntries(values),
  };
}
