// The alignment: turns the encoder's hidden states into a soft prompt in the LLM's embedding space, and
// puts the learned end-of-prompt vector behind it.
import {
  alignmentInputsOf,
  buildAlignment,
  readSafetensors,
  type AlignmentInputs,
} from '../onnx/index.ts';
import type { Vectors } from './encoder.ts';
import { readFloats, type Runtime, type Session } from './session.ts';

export class Alignment {
  readonly #runtime: Runtime;
  readonly #session: Session;
  /** Rows of every soft prompt but its end, where that is a fixed number: those of a resampler. */
  readonly latents: number | null;
  /** What it reads of a text (reading.ts). */
  readonly inputs: AlignmentInputs;

  private constructor(
    runtime: Runtime,
    session: Session,
    { latents, inputs }: Pick<Alignment, 'latents' | 'inputs'>,
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.latents = latents;
    this.inputs = inputs;
  }

  /** Builds the graph of an alignment from its safetensors file and opens it. */
  static async open(runtime: Runtime, path: string, weights: Uint8Array): Promise<Alignment> {
    const file = readSafetensors(weights);
    const { kind, latents } = file.metadata;
    const inputs = alignmentInputsOf(file.metadata);
    const session = await runtime.open(path, buildAlignment(file));
    return new Alignment(runtime, session, {
      latents: kind === 'latent' ? Number(latents) : null,
      inputs,
    });
  }

  /** What it reads, [S, d_in], to the soft prompt and its end, [S + 1, d_llm]; a resampler's has its latents in place of S rows. */
  async align({ data, length, width }: Vectors): Promise<Vectors> {
    const feeds = { hidden_states: this.#runtime.floats(data, [1, length, width]) };
    const softPrompt = await readFloats(await this.#session.run(feeds), 'soft_prompt');
    const rows = (this.latents ?? length) + 1;
    return { data: softPrompt, length: rows, width: softPrompt.length / rows };
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}
