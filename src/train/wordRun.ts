// A run that teaches words, step by step. Sentences are code-switched and read as in every stage 1, but what is learned is
// not what the LLM writes: each token of a foreign word shall come to lie where the LLM has the English word, and
// each token of an English word, a slot or a sign where it has that, so that they are not forgotten for the new words. Now and then the
// text is a row of words from the lists, because sentences use few of them.
import type { SwitchedPiece, Switcher } from '../lexicon/codeSwitch.ts';
import { splitTokens } from '../lexicon/tokens.ts';
import { TrainError } from './errors.ts';
import { Random } from './random.ts';
import { learningRateAt } from './recipes.ts';
import { drawStream, SentenceOrder } from './sentenceOrder.ts';
import type { RunPosition, StageSettings, StepRecord, TrainingSentence } from './stageRun.ts';
import type { WordRow, WordTrainer } from './wordTrainer.ts';

/** The bundle's part. */
export interface WordTools {
  /**
   * What the alignment reads of a text that is given in pieces [S, d_in], and the rows of each piece; `null` where
   * tokens reach over borders of pieces.
   */
  readPieces(pieces: readonly string[]): Promise<{
    states: Float32Array;
    places: readonly (readonly [start: number, end: number])[];
  } | null>;
  /** Where the LLM has an English word or phrase, [d_llm]; `null` for what takes too many tokens to have a place. */
  meaning(english: string): Float32Array | null;
}

/** Share of the texts that are words of the lists in a row, and how many words such a text has. */
const rowShare = 0.2;
const rowWords = 12;

export class WordRun {
  readonly #order: SentenceOrder<TrainingSentence>;
  readonly #settings: StageSettings;
  readonly #tools: WordTools;
  readonly #switcher: Switcher;
  readonly #headwords: readonly string[];
  readonly #encoderDim: number;
  #random: Random;

  /**
   * @param headwords the English sides of the lists
   * @param encoderDim d_in
   * @throws TrainError `bad-options` when there is nothing to train on
   */
  constructor(
    sentences: readonly TrainingSentence[],
    settings: StageSettings,
    tools: WordTools,
    { switcher, headwords }: { switcher: Switcher | null; headwords: readonly string[] },
    encoderDim: number,
  ) {
    if (sentences.length === 0 || switcher === null || headwords.length === 0) {
      throw new TrainError(
        'bad-options',
        'Words are learned from sentences and a word list, and one of them is missing.',
      );
    }
    this.#order = new SentenceOrder(sentences, settings.seed);
    this.#settings = settings;
    this.#tools = tools;
    this.#switcher = switcher;
    this.#headwords = headwords;
    this.#encoderDim = encoderDim;
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
   * Takes the next step.
   * @param time gets the milliseconds of every phase
   * @throws what `WordTrainer.step` throws; the run then stands where it stood before
   */
  async step(
    trainer: Pick<WordTrainer, 'step' | 'steps'>,
    time: (phase: string, milliseconds: number) => void = () => undefined,
  ): Promise<StepRecord> {
    const before = this.position;
    const begin = performance.now();
    try {
      const { words, passedOver } = await this.#words();
      time('encode', performance.now() - begin);
      const learningRate = learningRateAt(this.#settings, trainer.steps, this.#settings.steps);
      const { loss, gradientNorm } = await trainer.step(words, learningRate, time);
      return {
        step: trainer.steps,
        ...{ loss, gradientNorm, learningRate, tokens: words.length, passedOver },
        milliseconds: performance.now() - begin,
      };
    } catch (thrown) {
      this.restore(before);
      throw thrown;
    }
  }

  /** The tokens of a step that have a place to go. */
  async #words(): Promise<{ words: WordRow[]; passedOver: number }> {
    const words: WordRow[] = [];
    let passedOver = 0;
    for (let text = 0; text < this.#settings.batch; text++) {
      const rows = await this.#rowsOf(unitsOf(this.#text()));
      if (rows === null) passedOver++;
      else words.push(...rows);
    }
    return { words, passedOver };
  }

  /** The next text, code-switched. */
  #text(): SwitchedPiece[] {
    const draw = () => this.#random.nextFloat();
    const headword = () => this.#headwords[Math.floor(draw() * this.#headwords.length)] ?? '';
    const english =
      draw() < rowShare
        ? Array.from({ length: rowWords }, headword).join(' ')
        : this.#order.next().text;
    return this.#switcher.switch(english, draw).pieces;
  }

  async #rowsOf(units: readonly SwitchedPiece[]): Promise<WordRow[] | null> {
    const read = await this.#tools.readPieces(units.map(({ text }) => text));
    if (read === null) return null;
    const { states, places } = read;
    const width = this.#encoderDim;
    return units.flatMap(({ english }, index) => {
      const goal = english === null ? null : this.#tools.meaning(english);
      const [start, end] = places[index] ?? [0, 0];
      if (goal === null) return [];
      return Array.from({ length: end - start }, (_, row) => ({
        state: states.subarray((start + row) * width, (start + row + 1) * width),
        goal,
      }));
    });
  }
}

/**
 * The pieces, with those that stayed English cut into tokens, each of which stands for itself: words, and also slots and
 * signs, which would be lost for the new words otherwise.
 */
function unitsOf(pieces: readonly SwitchedPiece[]): SwitchedPiece[] {
  return pieces.flatMap((piece) =>
    piece.english === null
      ? splitTokens(piece.text).map((text) => ({ text, english: text.trim() === '' ? null : text }))
      : [piece],
  );
}
