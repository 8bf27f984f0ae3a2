// Trains one part of the bridge while the rest stays frozen: the alignment (LangBridge, LinguaLIFT stage 1),
// or LoRA branches of the LLM (stage 2). The step is planned before the GPU is touched, so its memory is
// known; afterwards nothing is allocated.
import type { ExternalData, LlamaConfig, ModelProto } from '../onnx/index.ts';
import { stepInputs, type AdamW } from '../wgsl/adamw.ts';
import type { Gpu } from '../wgsl/device.ts';
import { Plan } from '../wgsl/plan.ts';
import type { Profile } from '../wgsl/profile.ts';
import { Program } from '../wgsl/program.ts';
import { sizeOf, type Tensor } from '../wgsl/tensor.ts';
import { declareAdapters, type Adapters, type ProjectionName } from './adapters.ts';
import { alignmentShapes, type AlignmentKind, type AlignmentSizes } from './alignment.ts';
import { layOut, type BatchSizes, type Example } from './batch.ts';
import { bridgeStep, writeBatch, type BridgeStep } from './bridgeStep.ts';
import { TrainError } from './errors.ts';
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
  uploads: Uploads;
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
  const { decoder, sizes, alignment, optimizer, vocabularyChunk, checkpoint } = options;
  const plan = new Plan(profile);
  const branches = options.adapters && declareAdapters(plan, decoder.config, options.adapters);
  const { llama, table, head, uploads } = declareDecoder(
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
    alignment: parameters,
    adapters: branches?.parameters ?? {},
    gradients: trained.gradients,
    bytes: plan.memory().bytes,
  };
}

function trainedAlignment(
  plan: Plan,
  shapes: Readonly<Record<string, readonly number[]>>,
  allParameters: Tensor,
): Pick<Adapters, 'allParameters' | 'allGradients' | 'gradients'> {
  const { whole: allGradients, parts: gradients } = plan.pack('dalignment', shapes);
  return { allParameters, allGradients, gradients };
}

/** Parameters by the names of a safetensors file. */
export type Values = Readonly<Record<string, Float32Array>>;

/** What is written to the given tensors. */
function startValues(
  tensors: Readonly<Record<string, Tensor>>,
  values: Values,
): [Tensor, Float32Array][] {
  return Object.entries(tensors).map(([name, tensor]) => {
    const data = values[name];
    if (data?.length !== sizeOf(tensor)) {
      throw new TrainError(
        'bad-weights',
        `"${name}" should have ${sizeOf(tensor)} numbers [${tensor.shape.join(', ')}], it has ${data?.length ?? 'none'}.`,
      );
    }
    return [tensor, data];
  });
}

export interface StepResult {
  /** Mean cross-entropy over all labels of the step, in nats. */
  loss: number;
  /** Before clipping. */
  gradientNorm: number;
  labels: number;
}

export class Trainer {
  readonly #program: Program;
  readonly #planned: PlannedStep;
  readonly #options: TrainerOptions;
  #steps = 0;

  private constructor(program: Program, planned: PlannedStep, options: TrainerOptions) {
    this.#program = program;
    this.#planned = planned;
    this.#options = options;
  }

  /**
   * Compiles the kernels and uploads the weights.
   * @param start the alignment's parameters and, where branches are trained, those of LoRA, by name
   * @throws TrainError `bad-weights` when a parameter is missing or of another size
   */
  static async create(
    gpu: Gpu,
    options: TrainerOptions,
    start: { alignment: Values; adapters?: Values },
  ): Promise<Trainer> {
    const planned = planStep(gpu.profile, options);
    const values = [
      ...startValues(planned.alignment, start.alignment),
      ...startValues(planned.adapters, start.adapters ?? {}),
    ];
    const program = await Program.compile(gpu, planned.plan);
    for (const [tensor, data] of [...planned.uploads, ...values]) program.write(tensor, data);
    return new Trainer(program, planned, options);
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
   * @throws TrainError `not-finite` when loss or gradient norm is no number: nothing was changed
   */
  async step(
    microBatches: readonly (readonly Example[])[],
    learningRate: number,
    time?: (phase: string, milliseconds: number) => void,
  ): Promise<StepResult> {
    const { sizes, decoder, optimizer, maxGradientNorm } = this.#options;
    const { step } = this.#planned;
    const program = this.#program;
    const batches = microBatches.map((examples) => layOut(examples, sizes, decoder.bosId));
    const labels = batches.reduce((sum, { labelCount }) => sum + labelCount, 0);
    const run = async (phase: string): Promise<void> => {
      const begin = performance.now();
      await program.run(phase);
      if (!time) return;
      await program.finished();
      time(phase, performance.now() - begin);
    };
    program.write(step.inputs.weight, Float32Array.of(1 / Math.max(1, labels)));
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
    return { loss, gradientNorm, labels };
  }

  /** What is trained, by the names of the safetensors files. */
  parameters(): Promise<Record<string, Float32Array>> {
    const { adapters, alignment } = this.#planned;
    return this.#read(this.#options.adapters ? adapters : alignment);
  }

  /** The gradients of the last step, before clipping. */
  gradients(): Promise<Record<string, Float32Array>> {
    return this.#read(this.#planned.gradients);
  }

  /** Frees the GPU memory. */
  dispose(): void {
    this.#program.dispose();
  }

  async #read(tensors: Readonly<Record<string, Tensor>>): Promise<Record<string, Float32Array>> {
    const read = Object.entries(tensors).map(
      async ([name, tensor]) => [name, await this.#program.read(tensor)] as const,
    );
    return Object.fromEntries(await Promise.all(read));
  }
}
