// The multilingual encoder: tokens in, one hidden state a token out.
import { LinguaLiftError } from '../bundle/errors.ts';
import {
  decodeModel,
  embeddingOutput,
  statesOutput,
  withEmbeddingOutput,
  withHiddenStates,
  type ExternalData,
} from '../onnx/index.ts';
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

  /**
   * Opens an encoder: `input_ids` and `attention_mask` [1, S] in, `last_hidden_state` [1, S, d_enc] out, which a file
   * with a head for masked words gets here.
   * @throws LinguaLiftError `model-unsupported`, `session-failed`; OnnxError for a graph without hidden states
   */
  static async open(
    runtime: Runtime,
    path: string,
    model: Uint8Array,
    external: ExternalData = new Map(),
  ): Promise<Encoder> {
    // Before anything else: what is dropped need not fit, be unpacked or be turned.
    const headless = withHiddenStates(decodeModel(model));
    const suited = await runtime.suit(path, headless, external);
    const session = await runtime.open(path, withEmbeddingOutput(suited), { external });
    return new Encoder(runtime, session);
  }

  /** The hidden states of one question, [S, d_enc]. */
  async encode(ids: readonly number[]): Promise<Vectors> {
    const [states] = await this.#read(ids, [statesOutput]);
    return states as Vectors;
  }

  /**
   * The hidden states, and what the first layer reads: the embeddings of the tokens, [S, d_enc] both.
   * @throws LinguaLiftError `model-unsupported` for an encoder that is not like BERT
   */
  async encodeWithEmbeddings(
    ids: readonly number[],
  ): Promise<{ states: Vectors; embeddings: Vectors }> {
    if (!this.#session.outputNames.includes(embeddingOutput)) {
      throw new LinguaLiftError(
        'model-unsupported',
        'This alignment reads the spelling of words, and the encoder is of a kind whose token embeddings this page does not find. Use an alignment that reads states alone.',
      );
    }
    const [states, embeddings] = await this.#read(ids, [statesOutput, embeddingOutput]);
    return { states: states as Vectors, embeddings: embeddings as Vectors };
  }

  async #read(ids: readonly number[], names: readonly string[]): Promise<Vectors[]> {
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
    const outputs = await this.#session.run(feeds, names);
    return Promise.all(
      names.map(async (name) => {
        const data = await readFloats(outputs, name);
        return { data, length: ids.length, width: data.length / ids.length };
      }),
    );
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}
