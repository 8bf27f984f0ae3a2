// Encoder states of the texts that came last: a sentence comes again every epoch, and the encoder never changes.

export class StateCache {
  readonly #read: (text: string) => Promise<Float32Array>;
  readonly #mostBytes: number;
  /** The one used longest ago first. */
  readonly #states = new Map<string, Float32Array>();
  #bytes = 0;

  /**
   * @param read gives the states of a text that is not here
   * @param mostBytes what the states may take in all
   */
  constructor(read: (text: string) => Promise<Float32Array>, mostBytes: number) {
    this.#read = read;
    this.#mostBytes = mostBytes;
  }

  /** Bytes of the states that are here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Hidden states [S, d_enc] of a text. */
  async read(text: string): Promise<Float32Array> {
    const states = this.#states.get(text) ?? (await this.#read(text));
    this.#drop(text);
    this.#states.set(text, states);
    this.#bytes += states.byteLength;
    for (const oldest of this.#states.keys()) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#drop(oldest);
    }
    return states;
  }

  #drop(text: string): void {
    this.#bytes -= this.#states.get(text)?.byteLength ?? 0;
    this.#states.delete(text);
  }
}
