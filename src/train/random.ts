// Random numbers that a run can be resumed with: seeded, the same everywhere, their state four numbers.
//
// sfc32 of Chris Doty-Humphrey's PractRand (public domain, https://pracrand.sourceforge.net/): 128 bits of
// state, one of its words a counter, so the shortest period is 2³² and no state is a bad one.
//
//   r = a + b + counter      a ← b ^ (b >>> 9)      b ← c + (c << 3)      c ← rotl(c, 21) + r
import { TrainError } from './errors.ts';

/** Four whole numbers below 2³²: a, b, c and the counter. */
export type RandomState = readonly [number, number, number, number];

const words = 2 ** 32;
/** Draws that mix the words of a seed; NumPy's sfc64 takes as many. */
const mixingDraws = 12;

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  /**
   * Goes on from a state.
   * @throws TrainError `bad-options` when it is none
   */
  constructor(state: RandomState) {
    if (!isRandomState(state)) {
      throw new TrainError('bad-options', `[${String(state)}] is no state of random numbers.`);
    }
    [this.#a, this.#b, this.#c, this.#counter] = state;
  }

  /**
   * @param seed a whole number from 0 to 2⁵³ - 1
   * @param stream a whole number below 2³². Streams of a seed have nothing to do with each other: one an
   *   epoch, one for code-switching
   * @throws TrainError `bad-options`
   */
  static seeded(seed: number, stream = 0): Random {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new TrainError('bad-options', `A seed is a whole number from 0 on, not ${seed}.`);
    }
    const random = new Random([stream, seed % words, Math.floor(seed / words), 1]);
    for (let draw = 0; draw < mixingDraws; draw++) random.#next();
    return random;
  }

  /** What the constructor goes on from. */
  get state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#counter];
  }

  /** Uniform in [0, 1), in steps of 2⁻³². */
  nextFloat(): number {
    return this.#next() / words;
  }

  /**
   * Uniform among 0 ... count - 1, without the bias of a plain remainder.
   * @throws TrainError `bad-options` unless `count` is a whole number from 1 to 2³²
   */
  nextInt(count: number): number {
    if (!Number.isInteger(count) || count < 1 || count > words) {
      throw new TrainError('bad-options', `No whole number can be drawn below ${count}.`);
    }
    const end = words - (words % count);
    let drawn = this.#next();
    while (drawn >= end) drawn = this.#next();
    return drawn % count;
  }

  #next(): number {
    const drawn = (this.#a + this.#b + this.#counter) >>> 0;
    this.#counter = (this.#counter + 1) >>> 0;
    this.#a = (this.#b ^ (this.#b >>> 9)) >>> 0;
    this.#b = (this.#c + (this.#c << 3)) >>> 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) >>> 0;
    return drawn;
  }
}

/** Whether a value read from a file is a state. */
export function isRandomState(value: unknown): value is RandomState {
  const isWord = (word: unknown) => Number.isInteger(word) && word === Number(word) >>> 0;
  return Array.isArray(value) && value.length === 4 && value.every(isWord);
}

/**
 * 0 ... count - 1 in random order, every order as likely (Fisher-Yates). The order of an epoch's examples is
 * that of `Random.seeded(seed, epoch)`, so epoch and position are all that a checkpoint has to know of it.
 */
export function permutation(count: number, random: Random): Uint32Array<ArrayBuffer> {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const chosen = random.nextInt(last + 1);
    const moved = order[chosen] as number;
    order[chosen] = order[last] as number;
    order[last] = moved;
  }
  return order;
}
