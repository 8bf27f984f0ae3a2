// Trains one part of the bridge while the rest stays frozen: the alignment (LangBridge, LinguaLIFT stage 1),
// or LoRA branches of the LLM (stage 2). The step is planned before the GPU is touched, so its memory is
// known; afterwards nothing is allocated.
import type { ExternalData, LlamaConfig, ModelProto } from '../onnx/index.ts';
import type { Gpu } from '../wgsl/device.ts';
import { Plan } from '../wgsl/plan.ts';
import type { Profile } from '../wgsl/profile.ts';
import { Program } from '../wgsl/program.ts';
import type { Tensor } from '../wgsl/tensor.ts';
import { declareAdapters, type Adapters, type ProjectionName } from './adapters.ts';
import { alignmentShapes, type AlignmentKind, type AlignmentSizes } from './alignment.ts';
import { layOut, type BatchSizes, type Example } from './batch.ts';
import { bridgeStep, writeBatch, type BridgeStep } from './bridgeStep.ts';
import { TrainError } from './errors.ts';
import { valuesOf, type TrainerState, type Values } from './state.ts';
import { checkOptimizer, Stepper, type OptimizerSettings, type PhaseTimer } from './stepper.ts';
import { declareDecoder, type Uploads } from './weights.ts';

export interface TrainerOptions {
  /** The LLM, as the ONNX file that inference runs. */
  decoder: { model: ModelProto; external: ExternalData; config: LlamaConfig; bosId: number };
  alignment: { kind: AlignmentKind; sizes: AlignmentSizes; normEpsilon: number };
  /** LoRA branches; they are what is trained. Without, the alignment is. */
  adapters?: { targets: readonly ProjectionName[]; rank: number; scale: number };
  /** Of a micro-batch. */
  sizes: BatchSizes;
  optimizer: OptimizerSettings;
  /** Gradients are scaled down to this norm; Infinity leaves them. */
  maxGradientNorm: number;
  /** Vocabulary rows per chunk of the loss. */
  vocabularyChunk: number;
  /** Keeps only what goes into each layer and computes the rest twice: slower, a fraction of the memory. */
  checkpoint: boolean;
}

/** A step on paper: every tensor has its place, none has memory. */
export interface PlannedStep {
  plan: Plan;
  step: BridgeStep;
  /** What is to be written before the first step: the LLM's weights. */
  uploads: Uploads;
  /** Tokens of the LLM. */
  vocabSize: number;
  /** By the names of the safetensors files. */
  alignment: Readonly<Record<string, Tensor>>;
  adapters: Readonly<Record<string, Tensor>>;
  gradients: Readonly<Record<string, Tensor>>;
  /** What a trainer of it will hold on the GPU, to the byte, before anything is read back. */
  bytes: number;
}

/**
 * Plans a step.
 * @throws TrainError, WgslError when the model is not supported, shapes do not fit, or a tensor is above the
 *   device's limits
 */
export function planStep(profile: Profile, options: TrainerOptions): PlannedStep {
  checkOptions(options);
  const { decoder, sizes, alignment, optimizer, vocabularyChunk, checkpoint } = options;
  const plan = new Plan(profile);
  const branches = options.adapters && declareAdapters(plan, decoder.config, options.adapters);
  const { llama, table, head, uploads, vocabSize } = declareDecoder(
    plan,
    decoder.model,
    decoder.external,
    decoder.config,
    sizes.positions,
    branches?.byLayer,
  );
  const shapes = alignmentShapes(alignment.kind, alignment.sizes);
  const { whole, parts: parameters } = plan.pack('alignment', shapes);
  const trained = branches ?? trainedAlignment(plan, shapes, whole);
  const alignmentGradients = branches ? {} : trained.gradients;
  const step = bridgeStep(
    plan,
    {
      llama,
      table,
      head: [head],
      alignment: { ...alignment, parameters, gradients: alignmentGradients },
    },
    { parameters: trained.allParameters, gradients: trained.allGradients, alignment: !branches },
    { sizes, optimizer, vocabularyChunk, checkpoint },
  );
  return {
    plan,
    step,
    uploads,
    vocabSize,
    alignment: parameters,
    adapters: branches?.parameters ?? {},
    gradients: trained.gradients,
    bytes: plan.memory().bytes,
  };
}

/** Refuses what would train nothing, or something else than inference runs. */
function checkOptions({
  alignment,
  adapters,
  sizes,
  optimizer,
  maxGradientNorm,
}: TrainerOptions): void {
  checkOptimizer(optimizer, maxGradientNorm);
  const latents = alignment.kind === 'latent' ? alignment.sizes.latents : undefined;
  const checks: [boolean, string][] = [
    [adapters?.targets.length !== 0, 'LoRA needs a projection to stand beside.'],
    [
      !adapters || (Number.isInteger(adapters.rank) && adapters.rank > 0),
      'The rank must be 1 or more.',
    ],
    [
      sizes.resampler?.latents === latents,
      `A step for ${sizes.resampler?.latents ?? 'no'} latents does not fit an alignment with ${latents ?? 'none'}.`,
    ],
    [
      sizes.encoderDim === alignment.sizes.encoderDim,
      `A step for encoder states of ${sizes.encoderDim} does not fit an alignment of ${alignment.sizes.encoderDim}.`,
    ],
  ];
  for (const [holds, sentence] of checks) {
    if (!holds) throw new TrainError('bad-options', sentence);
  }
}

function trainedAlignment(
  plan: Plan,
  shapes: Readonly<Record<string, readonly number[]>>,
  allParameters: Tensor,
): Pick<Adapters, 'allParameters' | 'allGradients' | 'gradients'> {
  const { whole: allGradients, parts: gradients } = plan.pack('dalignment', shapes);
  return { allParameters, allGradients, gradients };
}

export interface StepResult {
  /** Mean cross-entropy over all labels of the step, in nats. */
  loss: number;
  /** Before clipping. */
  gradientNorm: number;
  labels: number;
}

/** What a trainer keeps of its plan: not the weights, which are on the GPU by then. */
type Kept = Pick<PlannedStep, 'step'> &
  Pick<TrainerOptions, 'sizes'> & { tokens: { bosId: number; vocabSize: number } };

export class Trainer {
  readonly #stepper: Stepper;
  readonly #kept: Kept;

  private constructor(stepper: Stepper, kept: Kept) {
    this.#stepper = stepper;
    this.#kept = kept;
  }

  /**
   * Compiles the kernels and uploads the weights.
   * @param start the alignment's parameters and, where branches are trained, those of LoRA, by name
   * @throws what `planStep` throws; TrainError `bad-weights` when a parameter is missing or of another size
   */
  static async create(
    gpu: Gpu,
    options: TrainerOptions,
    start: { alignment: Values; adapters?: Values },
  ): Promise<Trainer> {
    const { plan, uploads, vocabSize, step, gradients, ...planned } = planStep(
      gpu.profile,
      options,
    );
    const values = [
      ...valuesOf(planned.alignment, start.alignment),
      ...valuesOf(planned.adapters, start.adapters ?? {}),
    ];
    const program = await Program.compile(gpu, plan);
    await program.upload([...uploads, ...values]);
    const { sizes, optimizer, maxGradientNorm, decoder, adapters } = options;
    const parts = adapters ? planned.adapters : planned.alignment;
    const stepper = new Stepper(program, {
      ...{ inputs: step.inputs.optimizer, status: step.status, gradients },
      ...{ trained: { ...step.updated, parts }, optimizer, maxGradientNorm },
    });
    return new Trainer(stepper, { step, sizes, tokens: { bosId: decoder.bosId, vocabSize } });
  }

  /** Steps taken. */
  get steps(): number {
    return this.#stepper.steps;
  }

  /** Bytes of GPU memory that this trainer holds. */
  get bytes(): number {
    return this.#stepper.bytes;
  }

  /**
   * One optimizer step over some micro-batches, whose gradients add up.
   * @throws what `Stepper.take` throws; TrainError, and nothing was changed: `bad-example` or `too-long` for examples
   */
  async step(
    microBatches: readonly (readonly Example[])[],
    learningRate: number,
    time?: PhaseTimer,
  ): Promise<StepResult> {
    this.#stepper.expectRest();
    const { step, sizes, tokens } = this.#kept;
    const batches = microBatches.map((examples) => layOut(examples, sizes, tokens));
    const labels = batches.reduce((sum, { labelCount }) => sum + labelCount, 0);
    if (labels === 0) {
      throw new TrainError('bad-example', 'The examples of this step have no target to learn.');
    }
    const weight = Float32Array.of(1 / labels);
    const writes = batches.map((batch) => (program: Program) => {
      program.write(step.inputs.weight, weight);
      writeBatch(program, step, batch);
    });
    return { ...(await this.#stepper.take(writes, learningRate, time)), labels };
  }

  /** What is trained, by the names of the safetensors files. */
  parameters(): Promise<Record<string, Float32Array>> {
    return this.#stepper.parameters();
  }

  /** As `Stepper.state`. */
  state(): Promise<TrainerState> {
    return this.#stepper.state();
  }

  /** As `Stepper.restore`. */
  restore(state: TrainerState): void {
    this.#stepper.restore(state);
  }

  /** The gradients of the last step, before clipping. */
  gradients(): Promise<Record<string, Float32Array>> {
    return this.#stepper.gradients();
  }

  /** Frees the GPU memory. */
  dispose(): void {
    this.#stepper.dispose();
  }
}
