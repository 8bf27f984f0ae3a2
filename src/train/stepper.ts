// A planned step on the GPU, and what it changes: takes one optimizer step after the other, whatever the loss is, and
// tells where it stands. The plan has the phases `clear`, `forward`, `backward` (both once for each micro-batch) and
// `update`.
import { stepInputs, type AdamW } from '../wgsl/adamw.ts';
import type { Program } from '../wgsl/program.ts';
import type { Tensor } from '../wgsl/tensor.ts';
import { TrainError } from './errors.ts';
import {
  readParameters,
  readState,
  writeState,
  type TrainedTensors,
  type TrainerState,
} from './state.ts';

export type OptimizerSettings = Pick<AdamW, 'beta1' | 'beta2' | 'epsilon' | 'weightDecay'>;

/** What every planned step has. */
export interface Optimized {
  /** f32 [4], adamw's `stepInputs`. */
  inputs: Tensor;
  /** f32 [3]: loss, gradient norm, whether the step was taken. */
  status: Tensor;
  trained: TrainedTensors;
  /** By the names of the parameters. */
  gradients: Readonly<Record<string, Tensor>>;
  optimizer: OptimizerSettings;
  /** Gradients are scaled down to this norm; Infinity leaves them. */
  maxGradientNorm: number;
}

/** Gets the milliseconds of every phase; waiting for each costs a little. */
export type PhaseTimer = (phase: string, milliseconds: number) => void;

/** Refuses an optimizer that would step nowhere or backwards. @throws TrainError `bad-options` */
export function checkOptimizer(
  { beta1, beta2, epsilon, weightDecay }: OptimizerSettings,
  maxGradientNorm: number,
): void {
  const isRate = (beta: number) => beta >= 0 && beta < 1;
  const checks: [boolean, string][] = [
    [isRate(beta1) && isRate(beta2), 'The betas must be at least 0 and below 1.'],
    [epsilon > 0, 'Epsilon must be positive.'],
    [weightDecay >= 0, 'The weight decay must not be negative.'],
    [maxGradientNorm > 0, 'The largest gradient norm must be positive.'],
  ];
  for (const [holds, sentence] of checks) {
    if (!holds) throw new TrainError('bad-options', sentence);
  }
}

export class Stepper {
  readonly #program: Program;
  readonly #optimized: Optimized;
  #steps = 0;
  #stepping = false;

  constructor(program: Program, optimized: Optimized) {
    this.#program = program;
    this.#optimized = optimized;
  }

  /** Steps taken. */
  get steps(): number {
    return this.#steps;
  }

  /** Bytes of GPU memory that it holds. */
  get bytes(): number {
    return this.#program.bytes;
  }

  /**
   * One optimizer step.
   * @param microBatches each writes one into the step's inputs; their gradients add up
   * @throws TrainError, and nothing was changed: `not-finite` when loss or gradient norm is no number, `bad-options` for a
   *   learning rate that is none, `busy` while another step is being taken
   */
  async take(
    microBatches: readonly ((program: Program) => void)[],
    learningRate: number,
    time?: PhaseTimer,
  ): Promise<{ loss: number; gradientNorm: number }> {
    this.expectRest();
    if (!(learningRate >= 0 && learningRate < Infinity)) {
      throw new TrainError('bad-options', `The learning rate is ${learningRate}.`);
    }
    this.#stepping = true;
    try {
      return await this.#take(microBatches, learningRate, time);
    } finally {
      this.#stepping = false;
    }
  }

  /** What is trained, by the names of the safetensors files. */
  parameters(): Promise<Record<string, Float32Array>> {
    return readParameters(this.#program, this.#optimized.trained);
  }

  /**
   * All that the steps so far have changed, to be written down. The first time takes memory to read it through, three
   * times that of the parameters (`bytes`).
   * @throws TrainError `busy` while a step is being taken
   */
  async state(): Promise<TrainerState> {
    this.expectRest();
    return readState(this.#program, this.#optimized.trained, this.#steps);
  }

  /**
   * Goes on from a state that a step of the same plan gave. What is frozen is not in it.
   * @throws TrainError, and nothing was changed: `bad-weights` when it is the state of something else, `busy`
   *   while a step is being taken
   */
  restore(state: TrainerState): void {
    this.expectRest();
    writeState(this.#program, this.#optimized.trained, state);
    this.#steps = state.steps;
  }

  /** The gradients of the last step, before clipping. */
  async gradients(): Promise<Record<string, Float32Array>> {
    const read = Object.entries(this.#optimized.gradients).map(
      async ([name, tensor]) => [name, await this.#program.read(tensor)] as const,
    );
    return Object.fromEntries(await Promise.all(read));
  }

  /** Frees the GPU memory. */
  dispose(): void {
    this.#program.dispose();
  }

  /** Half a step is no state to read or to change. @throws TrainError `busy` */
  expectRest(): void {
    if (!this.#stepping) return;
    throw new TrainError('busy', `Step ${this.#steps + 1} is being taken; wait until it is done.`);
  }

  async #take(
    microBatches: readonly ((program: Program) => void)[],
    learningRate: number,
    time?: PhaseTimer,
  ): Promise<{ loss: number; gradientNorm: number }> {
    const { optimizer, maxGradientNorm, inputs, status } = this.#optimized;
    const program = this.#program;
    const run = async (phase: string): Promise<void> => {
      const begin = performance.now();
      await program.run(phase);
      if (!time) return;
      await program.finished();
      time(phase, performance.now() - begin);
    };
    const next = this.#steps + 1;
    program.write(inputs, stepInputs(next, learningRate, maxGradientNorm, optimizer));
    await run('clear');
    for (const write of microBatches) {
      write(program);
      await run('forward');
      await run('backward');
    }
    await run('update');
    const [loss = NaN, gradientNorm = NaN, taken] = await program.read(status);
    if (taken !== 1) {
      throw new TrainError(
        'not-finite',
        `Step ${next} was not taken: its loss is ${loss}, its gradient norm ${gradientNorm}. The weights are those of step ${this.#steps}.`,
      );
    }
    this.#steps = next;
    return { loss, gradientNorm };
  }
}
