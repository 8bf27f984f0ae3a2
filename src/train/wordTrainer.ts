// Trains an alignment word by word: what it makes of a foreign word shall lie where the LLM has the English one. No LLM is
// run, so a step takes a hundredth of the time and of the memory, and a language's words are there before its
// sentences are tried.
import { clear } from '../wgsl/add.ts';
import { adamw } from '../wgsl/adamw.ts';
import type { Gpu } from '../wgsl/device.ts';
import { Plan } from '../wgsl/plan.ts';
import type { Profile } from '../wgsl/profile.ts';
import { Program } from '../wgsl/program.ts';
import { squaredError, squaredErrorBackward } from '../wgsl/squaredError.ts';
import type { Tensor } from '../wgsl/tensor.ts';
import { align, alignmentShapes, type AlignmentKind, type AlignmentSizes } from './alignment.ts';
import { TrainError } from './errors.ts';
import { valuesOf, type TrainerState, type Values } from './state.ts';
import { checkOptimizer, Stepper, type OptimizerSettings, type PhaseTimer } from './stepper.ts';

export interface WordTrainerOptions {
  alignment: { kind: AlignmentKind; sizes: AlignmentSizes; normEpsilon: number };
  /** Rows of a micro-batch. */
  rows: number;
  /** Mean square of the LLM's embeddings: a loss of 1 is that of an alignment that says nothing. */
  embeddingMeanSquare: number;
  optimizer: OptimizerSettings;
  /** Gradients are scaled down to this norm; Infinity leaves them. */
  maxGradientNorm: number;
}

/** A token of a word, and where the LLM has what the word means. */
export interface WordRow {
  /** What the alignment reads, [d_in]. */
  state: Float32Array;
  /** [d_llm] */
  goal: Float32Array;
}

/** A step on paper: every tensor has its place, none has memory. */
export interface PlannedWordStep {
  plan: Plan;
  inputs: {
    states: Tensor;
    goals: Tensor;
    /** By row: 1 / (rows of the step × d_llm × embeddingMeanSquare), 0 for padding. */
    weight: Tensor;
    optimizer: Tensor;
  };
  status: Tensor;
  updated: { parameters: Tensor; firstMoment: Tensor; secondMoment: Tensor };
  /** By the names of the safetensors file. */
  alignment: Readonly<Record<string, Tensor>>;
  gradients: Readonly<Record<string, Tensor>>;
  /** What a trainer of it will hold on the GPU, to the byte, before anything is read back. */
  bytes: number;
}

/**
 * Plans a step.
 * @throws TrainError `bad-options`, for an alignment whose rows are not those of tokens too; WgslError when a tensor is
 *   above the device's limits
 */
export function planWordStep(
  profile: Profile,
  { alignment, rows, optimizer, maxGradientNorm }: WordTrainerOptions,
): PlannedWordStep {
  checkOptimizer(optimizer, maxGradientNorm);
  if (alignment.kind === 'latent') {
    throw new TrainError(
      'bad-options',
      'A latent alignment cannot be taught word by word: its soft prompt has no row for a word. Choose the kind mlp or linear, or teach it sentences.',
    );
  }
  const { encoderDim, llmDim } = alignment.sizes;
  const plan = new Plan(profile);
  const shapes = alignmentShapes(alignment.kind, alignment.sizes);
  const { whole: parameters, parts } = plan.pack('alignment', shapes);
  const { whole: allGradients, parts: gradients } = plan.pack('dalignment', shapes);
  const inputs = {
    states: plan.keep('states', [rows, encoderDim]),
    goals: plan.keep('goals', [rows, llmDim]),
    weight: plan.keep('weight', [rows]),
    optimizer: plan.keep('optimizer', [4]),
  };
  const loss = plan.keep('loss', [1]);
  const status = plan.keep('status', [3]);
  const aligned = plan.temporary('aligned', [rows, llmDim]);
  const compared = { y: aligned, goal: inputs.goals, weight: inputs.weight };
  plan.phase('clear', () => {
    clear(plan, allGradients);
    clear(plan, loss);
  });
  let backward: ReturnType<typeof align> | undefined;
  plan.phase('forward', () => {
    backward = align(plan, { ...alignment, parameters: parts, gradients }, inputs.states, aligned);
    squaredError(plan, { ...compared, loss });
  });
  plan.phase('backward', () => {
    const daligned = plan.temporary('daligned', aligned.shape);
    squaredErrorBackward(plan, { ...compared, dy: daligned });
    backward?.(daligned);
  });
  const updated = {
    parameters,
    firstMoment: plan.keep('firstMoment', parameters.shape),
    secondMoment: plan.keep('secondMoment', parameters.shape),
  };
  plan.phase('update', () =>
    adamw(plan, {
      ...{ ...optimizer, ...updated, gradients: allGradients },
      ...{ inputs: inputs.optimizer, loss, status },
    }),
  );
  const { bytes } = plan.memory();
  return { plan, inputs, status, updated, alignment: parts, gradients, bytes };
}

type Kept = Pick<WordTrainerOptions, 'rows' | 'embeddingMeanSquare'> & {
  inputs: PlannedWordStep['inputs'];
  sizes: AlignmentSizes;
};

export class WordTrainer {
  readonly #stepper: Stepper;
  readonly #kept: Kept;

  private constructor(stepper: Stepper, kept: Kept) {
    this.#stepper = stepper;
    this.#kept = kept;
  }

  /**
   * Compiles the kernels and uploads the alignment.
   * @throws what `planWordStep` throws; TrainError `bad-weights` when a parameter is missing or of another size
   */
  static async create(gpu: Gpu, options: WordTrainerOptions, start: Values): Promise<WordTrainer> {
    const planned = planWordStep(gpu.profile, options);
    const { plan, inputs, status, updated, alignment: parts, gradients } = planned;
    const values = valuesOf(parts, start);
    const program = await Program.compile(gpu, plan);
    for (const [tensor, data] of values) program.write(tensor, data);
    const { optimizer, maxGradientNorm, rows, embeddingMeanSquare } = options;
    const stepper = new Stepper(program, {
      ...{ inputs: inputs.optimizer, status, gradients, optimizer, maxGradientNorm },
      trained: { ...updated, parts },
    });
    const { sizes } = options.alignment;
    return new WordTrainer(stepper, { rows, embeddingMeanSquare, inputs, sizes });
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
   * One optimizer step over the tokens of some words, as many as there are.
   * @throws what `Stepper.take` throws; TrainError `bad-example`, and nothing was changed, when there are none
   */
  async step(
    words: readonly WordRow[],
    learningRate: number,
    time?: PhaseTimer,
  ): Promise<{ loss: number; gradientNorm: number }> {
    const { rows } = this.#kept;
    if (words.length === 0) {
      throw new TrainError('bad-example', 'The sentences of this step have no word to learn.');
    }
    const writes = [];
    for (let first = 0; first < words.length; first += rows) {
      const part = words.slice(first, first + rows);
      writes.push((program: Program) => this.#write(program, part, words.length));
    }
    return this.#stepper.take(writes, learningRate, time);
  }

  /** The alignment's parameters, by the names of the safetensors file. */
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

  #write(program: Program, words: readonly WordRow[], ofStep: number): void {
    const { inputs, rows, embeddingMeanSquare, sizes } = this.#kept;
    const { encoderDim, llmDim } = sizes;
    const states = new Float32Array(rows * encoderDim);
    const goals = new Float32Array(rows * llmDim);
    words.forEach(({ state, goal }, row) => {
      states.set(state, row * encoderDim);
      goals.set(goal, row * llmDim);
    });
    const weight = new Float32Array(rows);
    weight.fill(1 / (ofStep * llmDim * embeddingMeanSquare), 0, words.length);
    program.write(inputs.states, states);
    program.write(inputs.goals, goals);
    program.write(inputs.weight, weight);
  }
}
