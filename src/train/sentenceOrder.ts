// The order in which a run reads its sentences: every epoch another, drawn from the seed and the number of the epoch, so
// that a place in the data is two numbers.
import type { DataPosition } from './checkpoint.ts';
import { permutation, Random } from './random.ts';

/** Streams of the seed: one for what is drawn of each sentence; epochs have their own from `epochStream` on. */
export const drawStream = 0;
const epochStream = 1;

export class SentenceOrder<Sentence> {
  readonly #sentences: readonly Sentence[];
  readonly #seed: number;
  #data: DataPosition = { epoch: 0, position: 0 };
  #order: Uint32Array;

  /** @param sentences at least one */
  constructor(sentences: readonly Sentence[], seed: number) {
    this.#sentences = sentences;
    this.#seed = seed;
    this.#order = this.#orderOf(0);
  }

  /** The place of the sentence that comes next. */
  get position(): DataPosition {
    return this.#data;
  }

  restore(data: DataPosition): void {
    this.#data = data;
    this.#order = this.#orderOf(data.epoch);
  }

  next(): Sentence {
    const { epoch, position } = this.#data;
    const sentence = this.#sentences[this.#order[position] ?? 0] as Sentence;
    if (position + 1 < this.#order.length) {
      this.#data = { epoch, position: position + 1 };
    } else {
      this.restore({ epoch: epoch + 1, position: 0 });
    }
    return sentence;
  }

  #orderOf(epoch: number): Uint32Array {
    return permutation(this.#sentences.length, Random.seeded(this.#seed, epochStream + epoch));
  }
}
