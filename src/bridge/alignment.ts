// The alignment: turns the encoder's hidden states into a soft prompt in the LLM's embedding space, and
// puts the learned end-of-prompt vector behind it.
import { buildAlignment, readSafetensors } from '../onnx/index.ts';
import type { Vectors } from './encoder.ts';
import { readFloats, type Runtime, type Session } from './session.ts';

export class Alignment {
  readonly #runtime: Runtime;
  readonly #session: Session;

  private constructor(runtime: Runtime, session: Session) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /** Builds the graph of an alignment from its safetensors file and opens it. */
  static async open(runtime: Runtime, path: string, weights: Uint8Array): Promise<Alignment> {
    const model = buildAlignment(readSafetensors(weights));
    return new Alignment(runtime, await runtime.open(path, model));
  }

  /** [S, d_enc] to the soft prompt and its end, [S + 1, d_llm]. */
  async align({ data, length, width }: Vectors): Promise<Vectors> {
    const feeds = { hidden_states: this.#runtime.floats(data, [1, length, width]) };
    const softPrompt = await readFloats(await this.#session.run(feeds), 'soft_prompt');
    return { data: softPrompt, length: length + 1, width: softPrompt.length / (length + 1) };
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}
