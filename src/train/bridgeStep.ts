// One training step through the whole bridge, as a plan: encoder states -> alignment -> frozen LLM -> loss,
// and back. What is trained is the alignment (LangBridge, stage 1), or LoRA branches of the LLM (stage 2).
//
// Phases: `clear` zeroes gradients and loss; `forward` and `backward` run once per micro-batch and add up;
// `update` clips and steps.
import { addBias, addBiasBackward, clear } from '../wgsl/add.ts';
import { adamw, type AdamW } from '../wgsl/adamw.ts';
import { crossEntropy, crossEntropyBackward } from '../wgsl/crossEntropy.ts';
import type { BlockMatrix } from '../wgsl/operand.ts';
import type { Plan } from '../wgsl/plan.ts';
import type { Program } from '../wgsl/program.ts';
import { embed, placeRows, takeRows } from '../wgsl/rows.ts';
import type { Tensor } from '../wgsl/tensor.ts';
import { align, type Alignment } from './alignment.ts';
import { softRowsOf, type BatchArrays, type BatchSizes } from './batch.ts';
import { llama, llamaBackward, type Llama } from './llama.ts';
import type { Grid } from './resampler.ts';

export interface BridgeModel {
  llama: Llama;
  /** Token embeddings [V, D]. */
  table: Tensor | BlockMatrix;
  /** The LM head in one part or several; the table itself when they are tied. */
  head: readonly (Tensor | BlockMatrix)[];
  alignment: Alignment;
}

/** All that is trained, and its gradients, each in one piece (plan.pack). */
export interface Trained {
  parameters: Tensor;
  gradients: Tensor;
  /** Whether the alignment is among them; else its gradients are not computed. */
  alignment: boolean;
}

export interface BridgeStepOptions {
  sizes: BatchSizes;
  optimizer: Pick<AdamW, 'beta1' | 'beta2' | 'epsilon' | 'weightDecay'>;
  /** Vocabulary rows per chunk of the loss. */
  vocabularyChunk: number;
  checkpoint: boolean;
}

/** The tensors to write before a step and to read after it. */
export interface BridgeStep {
  inputs: Record<Exclude<keyof BatchArrays, 'labelCount' | 'grid'>, Tensor> & {
    grid?: Grid;
    /** f32 [1], 1 / labels of all micro-batches. */
    weight: Tensor;
    /** f32 [4], adamw's `stepInputs`. */
    optimizer: Tensor;
  };
  /** f32 [3]: loss, gradient norm, whether the step was taken. */
  status: Tensor;
  /** What the update changes: with the number of steps, all that it takes to go on after a break. */
  updated: Pick<AdamW, 'parameters' | 'firstMoment' | 'secondMoment'>;
}

/** Records a step. */
export function bridgeStep(
  plan: Plan,
  model: BridgeModel,
  trained: Trained,
  { sizes, optimizer, vocabularyChunk, checkpoint }: BridgeStepOptions,
): BridgeStep {
  const { sequences, positions, examples, stateRows, labelRows, encoderDim } = sizes;
  const softRows = softRowsOf(sizes);
  const rows = sequences * positions;
  const D = model.llama.sizes.hiddenSize;
  const grid = declareGrid(plan, sizes);
  const inputs = {
    encoderStates: plan.keep('encoderStates', [stateRows, encoderDim]),
    softTo: plan.keep('softTo', [softRows], 'u32'),
    endTo: plan.keep('endTo', [examples], 'u32'),
    tokenIds: plan.keep('tokenIds', [rows], 'u32'),
    positionIds: plan.keep('positionIds', [rows], 'u32'),
    segments: plan.keep('segments', [rows], 'u32'),
    labelFrom: plan.keep('labelFrom', [labelRows], 'u32'),
    labels: plan.keep('labels', [labelRows], 'u32'),
    weight: plan.keep('weight', [1]),
    optimizer: plan.keep('optimizer', [4]),
    ...(grid && { grid }),
  };
  const loss = plan.keep('loss', [1]);
  const status = plan.keep('status', [3]);
  const batch = {
    rows,
    positions,
    positionIds: inputs.positionIds,
    segments: inputs.segments,
  };
  const { alignment, llama: llm, table, head } = model;
  const endOfPrompt = alignment.parameters['end_of_prompt'] as Tensor;

  plan.phase('clear', () => {
    clear(plan, trained.gradients);
    clear(plan, loss);
  });

  const softPrompt = plan.temporary('softPrompt', [softRows, D]);
  const ends = plan.temporary('ends', [examples, D]);
  const embeddings = plan.temporary('embeddings', [rows, D]);
  const h = plan.temporary('labelStates', [labelRows, D]);
  const forward = () => {
    const alignBackward = align(plan, alignment, inputs.encoderStates, softPrompt, grid);
    clear(plan, ends);
    addBias(plan, { bias: endOfPrompt, y: ends });
    // Padding must hold numbers: zeros, not what was in the memory before.
    clear(plan, embeddings);
    embed(plan, { table, ids: inputs.tokenIds, out: embeddings });
    placeRows(plan, { x: softPrompt, to: inputs.softTo, out: embeddings });
    placeRows(plan, { x: ends, to: inputs.endTo, out: embeddings });
    const { states, state } = llama(plan, llm, batch, embeddings, { checkpoint });
    takeRows(plan, { x: states, from: inputs.labelFrom, out: h });
    const lossOptions = {
      h,
      head,
      labels: inputs.labels,
      weight: inputs.weight,
      loss,
      chunk: vocabularyChunk,
    };
    return { alignBackward, state, lossOptions, lossState: crossEntropy(plan, lossOptions) };
  };
  let kept: ReturnType<typeof forward> | undefined;
  plan.phase('forward', () => {
    kept = forward();
  });
  plan.phase('backward', () => {
    if (!kept) return;
    const dh = plan.temporary('dlabelStates', h.shape);
    const dstates = plan.temporary('dstates', [rows, D]);
    const stream = plan.temporary('stream', [rows, D]);
    crossEntropyBackward(plan, { ...kept.lossOptions, ...kept.lossState, dh });
    clear(plan, dstates);
    placeRows(plan, { x: dh, to: inputs.labelFrom, out: dstates });
    clear(plan, stream);
    llamaBackward(plan, llm, batch, { state: kept.state, dstates, stream });
    if (!trained.alignment) return;
    const dsoftPrompt = plan.temporary('dsoftPrompt', softPrompt.shape);
    takeRows(plan, { x: stream, from: inputs.softTo, out: dsoftPrompt });
    kept.alignBackward(dsoftPrompt);
    const dends = plan.temporary('dends', ends.shape);
    takeRows(plan, { x: stream, from: inputs.endTo, out: dends });
    addBiasBackward(plan, {
      dy: dends,
      dbias: alignment.gradients['end_of_prompt'] as Tensor,
    });
  });

  const { parameters, gradients } = trained;
  const updated = {
    parameters,
    firstMoment: plan.keep('firstMoment', parameters.shape),
    secondMoment: plan.keep('secondMoment', parameters.shape),
  };
  plan.phase('update', () =>
    adamw(plan, {
      ...{ ...optimizer, ...updated, gradients },
      ...{ inputs: inputs.optimizer, loss, status },
    }),
  );
  return { inputs, status, updated };
}

const inputNames = [
  'encoderStates',
  'softTo',
  'endTo',
  'tokenIds',
  'positionIds',
  'segments',
  'labelFrom',
  'labels',
] as const;
const gridNames = ['segments', 'statesTo', 'latentsTo'] as const;

/** Writes a batch into the inputs of a step. */
export function writeBatch(program: Program, step: BridgeStep, arrays: BatchArrays): void {
  const { grid, ...inputs } = step.inputs;
  for (const name of inputNames) program.write(inputs[name], arrays[name]);
  if (!grid || !arrays.grid) return;
  for (const name of gridNames) program.write(grid[name], arrays.grid[name]);
}

/** The grid of a `latent` alignment. */
function declareGrid(plan: Plan, sizes: BatchSizes): Grid | undefined {
  const { examples, stateRows, resampler } = sizes;
  return (
    resampler && {
      positions: resampler.positions,
      segments: plan.keep('grid.segments', [examples * resampler.positions], 'u32'),
      statesTo: plan.keep('grid.statesTo', [stateRows], 'u32'),
      latentsTo: plan.keep('grid.latentsTo', [softRowsOf(sizes)], 'u32'),
    }
  );
}
