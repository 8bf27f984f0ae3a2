// A run of one stage, step by step: which sentences come next, how they are switched, encoded and laid out.
// All that is drawn comes from the seed and the place in the data, so a run restored at step k goes on as if
// it had never stopped.
import type { Switcher } from '../lexicon/codeSwitch.ts';
import { exampleLength, type BatchSizes, type Example } from './batch.ts';
import type { DataPosition } from './checkpoint.ts';
import { TrainError } from './errors.ts';
import { fits, inMicroBatches, sizesFor } from './pack.ts';
import { Random, type RandomState } from './random.ts';
import { learningRateAt, type Recipe } from './recipes.ts';
import { drawStream, SentenceOrder } from './sentenceOrder.ts';
import type { Trainer } from './trainer.ts';

/** An English problem as the models read it: slots for numbers where the bundle has them. */
export interface TrainingSentence {
  text: string;
  /** What the LLM should write, `null` where only the sentence is known. */
  solution: string | null;
}

/** The bundle's part in making examples. */
export interface StageTools {
  /** What the alignment reads of a text [S, d_in], row-major. */
  read(text: string): Promise<Float32Array>;
  /** Instruction tokens: to solve, or to translate from a language (BCP 47 tag). */
  solve: readonly number[];
  translate(language: string): readonly number[];
  /** Tokens of a target, with the one that ends a text. */
  target(text: string): readonly number[];
}

export interface StageSettings extends Recipe {
  seed: number;
  steps: number;
  /**
   * Of code-switched sentences, the share whose target is the English sentence (LinguaLIFT's own stage 1:
   * all). The others have the solution, which an LLM of a few million parameters can write more easily.
   */
  translationShare: number;
}

export interface StepRecord {
  /** From 1. */
  step: number;
  loss: number;
  gradientNorm: number;
  learningRate: number;
  /** Positions of the LLM, padding not included. */
  tokens: number;
  /** Examples passed over because they do not fit the planned step. */
  passedOver: number;
  milliseconds: number;
}

/** What a checkpoint has to know besides the trainer's state. */
export interface RunPosition {
  random: RandomState;
  data: DataPosition;
}

/** An example before it is encoded. */
interface Draft {
  source: string;
  instruction: readonly number[];
  target: readonly number[];
}

export class StageRun {
  readonly #order: SentenceOrder<TrainingSentence>;
  readonly #count: number;
  readonly #settings: StageSettings;
  readonly #tools: StageTools;
  readonly #switcher: Switcher | null;
  #random: Random;

  /**
   * @param switcher of a stage that code-switches, else `null`
   * @throws TrainError `bad-options` when there is nothing to train on, or nothing to switch with
   */
  constructor(
    sentences: readonly TrainingSentence[],
    settings: StageSettings,
    tools: StageTools,
    switcher: Switcher | null,
  ) {
    const usable = sentences.filter(
      ({ solution }) => solution !== null || (settings.switches && settings.translationShare > 0),
    );
    if (usable.length === 0) {
      throw new TrainError(
        'bad-options',
        'There is no sentence with a solution to learn from. Add some, or learn to translate.',
      );
    }
    if (settings.switches && switcher === null) {
      throw new TrainError(
        'bad-options',
        'This stage reads code-switched text and needs a word list.',
      );
    }
    this.#count = usable.length;
    this.#order = new SentenceOrder(usable, settings.seed);
    this.#settings = settings;
    this.#tools = tools;
    this.#switcher = settings.switches ? switcher : null;
    this.#random = Random.seeded(settings.seed, drawStream);
  }

  /** Where the run stands between two steps. */
  get position(): RunPosition {
    return { random: this.#random.state, data: this.#order.position };
  }

  /** Goes on from a position that a run of the same settings and sentences was in. */
  restore({ random, data }: RunPosition): void {
    this.#random = new Random(random);
    this.#order.restore(data);
  }

  /**
   * Sizes of a micro-batch that all but the longest examples fit, from a look at `sample` of them.
   * @param microBatch examples at once
   * @param limit positions that the LLM knows
   */
  async planSizes(
    microBatch: number,
    encoderDim: number,
    limit: number,
    latents: number | null,
    sample = 64,
  ): Promise<BatchSizes> {
    const before = this.position;
    const examples: Example[] = [];
    for (let i = 0; i < sample; i++) examples.push(await this.#encoded(this.#draft()));
    this.restore(before);
    const states = examples.map((example) => example.states.length / encoderDim);
    const resampler =
      latents === null
        ? undefined
        : { latents, positions: Math.ceil(1.1 * Math.max(...states)) + latents };
    const { batch } = this.#settings;
    const microBatches = Math.ceil(batch / microBatch);
    return sizesFor(examples, { batch, microBatches, limit, encoderDim, resampler });
  }

  /**
   * Takes the next step.
   * @param sizes what `trainer` was planned for
   * @param time gets the milliseconds of every phase
   * @throws what `Trainer.step` throws; the run then stands where it stood before
   */
  async step(
    trainer: Pick<Trainer, 'step' | 'steps'>,
    sizes: BatchSizes,
    time: (phase: string, milliseconds: number) => void = () => undefined,
  ): Promise<StepRecord> {
    const before = this.position;
    const begin = performance.now();
    try {
      const { microBatches, tokens, passedOver } = await this.#batch(sizes);
      time('encode', performance.now() - begin);
      const learningRate = learningRateAt(this.#settings, trainer.steps, this.#settings.steps);
      const { loss, gradientNorm } = await trainer.step(microBatches, learningRate, time);
      return {
        step: trainer.steps,
        ...{ loss, gradientNorm, learningRate, tokens, passedOver },
        milliseconds: performance.now() - begin,
      };
    } catch (thrown) {
      this.restore(before);
      throw thrown;
    }
  }

  /** Examples for one step, in micro-batches that fit. */
  async #batch(
    sizes: BatchSizes,
  ): Promise<{ microBatches: Example[][]; tokens: number; passedOver: number }> {
    const examples: Example[] = [];
    let passedOver = 0;
    while (examples.length < this.#settings.batch) {
      const example = await this.#encoded(this.#draft());
      if (fits(example, sizes)) {
        examples.push(example);
        continue;
      }
      passedOver++;
      if (passedOver > this.#count) {
        throw new TrainError(
          'too-long',
          'No sentence is short enough for the step that was planned.',
        );
      }
    }
    const tokens = examples.reduce((sum, example) => sum + exampleLength(example, sizes), 0);
    return { microBatches: inMicroBatches(examples, sizes), tokens, passedOver };
  }

  /** The next sentence, as the stage reads it. */
  #draft(): Draft {
    return this.#made(this.#order.next());
  }

  #made({ text, solution }: TrainingSentence): Draft {
    const { solve, translate, target } = this.#tools;
    const switched = this.#switcher?.switch(text, () => this.#random.nextFloat());
    const translates =
      switched !== undefined &&
      (solution === null || this.#random.nextFloat() < this.#settings.translationShare);
    const source = switched?.text ?? text;
    return translates
      ? { source, instruction: translate(switched.language ?? 'en'), target: target(text) }
      : { source, instruction: solve, target: target(solution ?? text) };
  }

  async #encoded({ source, instruction, target }: Draft): Promise<Example> {
    return { states: await this.#tools.read(source), instruction, target };
  }
}
