// Trains one part of the bridge while the rest stays frozen: the alignment (LangBridge, LinguaLIFT stage 1),
// or LoRA branches of the LLM (stage 2). The step is planned before the GPU is touched, so its memory is
// known; afterwards nothing is allocated.
import type { ExternalData, LlamaConfig, ModelProto } from '../onnx/index.ts';
import { stepInputs, type AdamW } from '../wgsl/adamw.ts';
import type { Gpu } from '../wgsl/device.ts';
import { Plan } from '../wgsl/plan.ts';
import type { Profile } from '../wgsl/profile.ts';
import { Program } from '../wgsl/program.ts';
import type { Tensor } from '../wgsl/tensor.ts';
import { declareAdapters, type Adapters, type ProjectionName } from './adapters.ts';
import { alignmentShapes, type AlignmentKind, type AlignmentSizes } from './alignment.ts';
import { layOut, type BatchArrays, type BatchSizes, type Example } from './batch.ts';
import { bridgeStep, writeBatch, type BridgeStep } from './bridgeStep.ts';
import { TrainError } from './errors.ts';
import {
  readParameters,
  readState,
  valuesOf,
  writeState,
  type TrainedTensors,
  type TrainerState,
  type Values,
} from './state.ts';
import { declareDecoder, type Uploads } from './weights.ts';

export interface TrainerOptions {
  /** The LLM, as the ONNX file that inference runs. */
  decoder: { model: ModelProto; external: ExternalData; config: LlamaConfig; bosId: number };
  alignment: { kind: AlignmentKind; sizes: AlignmentSizes; normEpsilon: number };
  /** LoRA branches; they are what is trained. Without, the alignment is. */
  adapters?: { targets: readonly ProjectionName[]; rank: number; scale: number };
  /** Of a micro-batch. */
  sizes: BatchSizes;
  optimizer: Pick<AdamW, 'beta1' | 'beta2' | 'epsilon' | 'weightDecay'>;
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
  const { beta1, beta2, epsilon, weightDecay } = optimizer;
  const latents = alignment.kind === 'latent' ? alignment.sizes.latents : undefined;
  const isRate = (beta: number) => beta >= 0 && beta < 1;
  const checks: [boolean, string][] = [
    [isRate(beta1) && isRate(beta2), 'The betas must be at least 0 and below 1.'],
    [epsilon > 0, 'Epsilon must be positive.'],
    [weightDecay >= 0, 'The weight decay must not be negative.'],
    [maxGradientNorm > 0, 'The largest gradient norm must be positive.'],
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
type Kept = Pick<PlannedStep, 'step' | 'gradients'> &
  Pick<TrainerOptions, 'sizes' | 'optimizer' | 'maxGradientNorm'> & {
    trained: TrainedTensors;
    tokens: { bosId: number; vocabSize: number };
  };

export class Trainer {
  readonly #program: Program;
  readonly #kept: Kept;
  #steps = 0;
  #stepping = false;

  private constructor(program: Program, kept: Kept) {
    this.#program = program;
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
    const { plan, uploads, vocabSize, ...planned } = planStep(gpu.profile, options);
    const values = [
      ...valuesOf(planned.alignment, start.alignment),
      ...valuesOf(planned.adapters, start.adapters ?? {}),
    ];
    const program = await Program.compile(gpu, plan);
    for (const [tensor, data] of [...uploads, ...values]) program.write(tensor, data);
    const { sizes, optimizer, maxGradientNorm, decoder, adapters } = options;
    return new Trainer(program, {
      ...{ step: planned.step, gradients: planned.gradients },
      ...{ sizes, optimizer, maxGradientNorm },
      trained: {
        ...planned.step.updated,
        parts: adapters ? planned.adapters : planned.alignment,
      },
      tokens: { bosId: decoder.bosId, vocabSize },
    });
  }

  /** Steps taken. */
  get steps(): number {
    return this.#steps;
  }

  /** Bytes of GPU memory that this trainer holds. */
  get bytes(): number {
    return this.#program.bytes;
  }

  /**
   * One optimizer step over some micro-batches, whose gradients add up.
   * @param time gets the milliseconds of every phase; waiting for each costs a little
   * @throws TrainError, and nothing was changed: `not-finite` when loss or gradient norm is no number,
   *   `bad-options` for a learning rate that is none, `bad-example` or `too-long` for examples, `busy` while
   *   another step is being taken
   */
  async step(
    microBatches: readonly (readonly Example[])[],
    learningRate: number,
    time?: (phase: string, milliseconds: number) => void,
  ): Promise<StepResult> {
    this.#expectRest();
    const { sizes, tokens } = this.#kept;
    const batches = microBatches.map((examples) => layOut(examples, sizes, tokens));
    const labels = batches.reduce((sum, { labelCount }) => sum + labelCount, 0);
    if (!(learningRate >= 0 && learningRate < Infinity)) {
      throw new TrainError('bad-options', `The learning rate is ${learningRate}.`);
    }
    if (labels === 0) {
      throw new TrainError('bad-example', 'The examples of this step have no target to learn.');
    }
    this.#stepping = true;
    try {
      return { ...(await this.#take(batches, labels, learningRate, time)), labels };
    } finally {
      this.#stepping = false;
    }
  }

  /** What is trained, by the names of the safetensors files. */
  parameters(): Promise<Record<string, Float32Array>> {
    return readParameters(this.#program, this.#kept.trained);
  }

  /**
   * All that the steps so far have changed, to be written down. The first time takes memory to read it through, three
   * times that of the parameters (`bytes`).
   * @throws TrainError `busy` while a step is being taken
   */
  async state(): Promise<TrainerState> {
    this.#expectRest();
    return readState(this.#program, this.#kept.trained, this.#steps);
  }

  /**
   * Goes on from a state that a trainer of the same options gave. What is frozen is not in it: it comes from `create`.
   * @throws TrainError, and nothing was changed: `bad-weights` when it is the state of something else, `busy`
   *   while a step is being taken
   */
  restore(state: TrainerState): void {
    this.#expectRest();
    writeState(this.#program, this.#kept.trained, state);
    this.#steps = state.steps;
  }

  /** The gradients of the last step, before clipping. */
  async gradients(): Promise<Record<string, Float32Array>> {
    const read = Object.entries(this.#kept.gradients).map(
      async ([name, tensor]) => [name, await this.#program.read(tensor)] as const,
    );
    return Object.fromEntries(await Promise.all(read));
  }

  /** Frees the GPU memory. */
  dispose(): void {
    this.#program.dispose();
  }

  /** A step over batches that were checked. */
  async #take(
    batches: readonly BatchArrays[],
    labels: number,
    learningRate: number,
    time?: (phase: string, milliseconds: number) => void,
  ): Promise<Omit<StepResult, 'labels'>> {
    const { step, optimizer, maxGradientNorm } = this.#kept;
    const program = this.#program;
    const run = async (phase: string): Promise<void> => {
      const begin = performance.now();
      await program.run(phase);
      if (!time) return;
      await program.finished();
      time(phase, performance.now() - begin);
    };
    program.write(step.inputs.weight, Float32Array.of(1 / labels));
    const next = this.#steps + 1;
    const inputs = stepInputs(next, learningRate, maxGradientNorm, optimizer);
    program.write(step.inputs.optimizer, inputs);
    await run('clear');
    for (const batch of batches) {
      writeBatch(program, step, batch);
      await run('forward');
      await run('backward');
    }
    await run('update');
    const [loss = NaN, gradientNorm = NaN, taken] = await program.read(step.status);
    if (taken !== 1) {
      throw new TrainError(
        'not-finite',
        `Step ${next} was not taken: its loss is ${loss}, its gradient norm ${gradientNorm}. The weights are those of step ${this.#steps}.`,
      );
    }
    this.#steps = next;
    return { loss, gradientNorm };
  }

  /** Half a step is no state to read or to change. */
  #expectRest(): void {
    if (!this.#stepping) return;
    throw new TrainError('busy', `Step ${this.#steps + 1} is being taken; wait until it is done.`);
  }
}
