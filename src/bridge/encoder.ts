// The multilingual encoder: tokens in, one hidden state a token out.
import { decodeModel } from '../onnx/index.ts';
import type { Runtime, Session } from './session.ts';
import { readFloats } from './session.ts';

/** Vectors in a row: `data` holds float32 [length, width]. */
export interface Vectors {
  data: Float32Array;
  length: number;
  width: number;
}

export class Encoder {
  readonly #runtime: Runtime;
  readonly #session: Session;

  private constructor(runtime: Runtime, session: Session) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /** Opens an encoder: `input_ids` and `attention_mask` [1, S] in, `last_hidden_state` [1, S, d_enc] out. */
  static async open(runtime: Runtime, path: string, model: Uint8Array): Promise<Encoder> {
    const suited = runtime.suit(decodeModel(model));
    return new Encoder(runtime, await runtime.open(path, suited));
  }

  /** The hidden states of one question, [S, d_enc]. */
  async encode(ids: readonly number[]): Promise<Vectors> {
    const dims = [1, ids.length];
    const feeds = {
      input_ids: this.#runtime.integers(ids, dims),
      attention_mask: this.#runtime.integers(
        ids.map(() => 1),
        dims,
      ),
      // BERT's own kind of encoder also asks which of two sentences a token is in.
      ...(this.#session.inputNames.includes('token_type_ids') && {
        token_type_ids: this.#runtime.integers(
          ids.map(() => 0),
          dims,
        ),
      }),
    };
    const data = await readFloats(await this.#session.run(feeds), 'last_hidden_state');
    return { data, length: ids.length, width: data.length / ids.length };
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}
