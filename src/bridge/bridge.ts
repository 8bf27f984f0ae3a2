// The bridge. One question flows straight down, once:
//
//   text -> tokens -> encoder hidden states [1, S, d_enc] -> alignment -> soft prompt [1, S+1, d_llm]   prompt.ts
//        -> prefill                                                                                     llm.ts
//        -> tokens -> text                                                                              decode.ts
//
// The routes without a bridge skip the encoder and the alignment: the LLM reads the text, or its gloss.
import { LinguaLiftError } from '../bundle/errors.ts';
import type { BundleFiles } from '../bundle/files.ts';
import type { BundleManifest } from '../bundle/manifest.ts';
import { decode } from './decode.ts';
import type { Vectors } from './encoder.ts';
import { digitNotation, slotNotation, type Notation } from './notation.ts';
import { slotNumerals } from './numerals.ts';
import { disposeParts, openParts, type LlmSettings, type Parts } from './parts.ts';
import { makePrompt, questionTooLong } from './prompt.ts';
import { finalAnswerOf } from './reasoning.ts';
import { openReplacement, type OpenReplacement, type Replacement } from './replacement.ts';
import type { Runtime } from './session.ts';
import { stopwatch } from './stopwatch.ts';
import type { Answer, AnswerEvent, AnswerOptions, LoadProgress, Provider } from './types.ts';

/** A bundle's models, ready to answer. Dispose of it to free their memory. */
export class Bridge {
  readonly manifest: BundleManifest;
  readonly provider: Provider;
  readonly #files: BundleFiles;
  readonly #runtime: Runtime;
  readonly #parts: Parts;
  /** In the place of the bundle's own `lingualift`. */
  #replacement: OpenReplacement | null = null;
  /** Answers that are being written. */
  readonly #answering = new Set<Promise<Answer>>();

  private constructor(files: BundleFiles, runtime: Runtime, parts: Parts) {
    this.manifest = files.manifest;
    this.provider = runtime.provider;
    this.#files = files;
    this.#runtime = runtime;
    this.#parts = parts;
  }

  /**
   * Opens the models of a loaded bundle.
   * @throws LinguaLiftError when a file cannot be used, a model does not start, or `signal` says stop
   */
  static async load(
    files: BundleFiles,
    runtime: Runtime,
    onProgress: (progress: LoadProgress) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<Bridge> {
    const { manifest } = files;
    const totalBytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
    const report = (phase: LoadProgress['phase'], item: string) =>
      onProgress({ phase, item, loadedBytes: totalBytes, totalBytes });
    const parts = await openParts(files, runtime, (item) => report('compile', item), signal);
    const bridge = new Bridge(files, runtime, parts);
    try {
      await bridge.#warmUp((item) => report('warm-up', item));
    } catch (thrown) {
      await bridge.dispose();
      throw thrown;
    }
    report('ready', manifest.name);
    return bridge;
  }

  /**
   * Answers a question. When `signal` says stop, the answer so far is returned with `stop: 'stopped'`.
   * @param onEvent called with the prompt, then with the text so far after every token
   * @throws LinguaLiftError `question-empty`, `question-too-long`, `too-many-numerals`, `route-missing` or
   *   `logits-nan`
   */
  async answer(
    question: string,
    options: AnswerOptions,
    onEvent: (event: AnswerEvent) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const answer = this.#answer(question, options, onEvent, signal);
    this.#answering.add(answer);
    try {
      return await answer;
    } finally {
      this.#answering.delete(answer);
    }
  }

  /**
   * Puts an alignment from elsewhere in the place of `lingualift`, with its adapter or none, or the bundle's own
   * back. Answers that are being written go on with what they began with.
   * @param replacement `null` for the bundle's own
   * @throws LinguaLiftError `other-models` for an alignment between other networks, `model-invalid`,
   *   `file-invalid` or `session-failed`; the alignment in use then stays
   */
  async replaceAlignment(replacement: Replacement | null): Promise<void> {
    const next =
      replacement && (await openReplacement(this.#files, this.#runtime, this.#parts, replacement));
    const before = this.#replacement;
    this.#replacement = next;
    await Promise.allSettled(this.#answering);
    await before?.dispose();
  }

  /**
   * Encoder states [S, d_enc] of a text as the models read it: with slots, where the bundle has them. A text that
   * is longer than the encoder reads is cut.
   */
  encode(text: string): Promise<Vectors> {
    const tokens = this.#parts.encoderTokenizer.encode(text);
    const { maxEncoderTokens } = this.manifest.limits;
    // The last token ends the text.
    const read =
      tokens.length <= maxEncoderTokens
        ? tokens
        : [...tokens.slice(0, maxEncoderTokens - 1), ...tokens.slice(-1)];
    return this.#parts.encoder.encode(read);
  }

  /** Control tokens and limits of the LLM. */
  get llmSettings(): LlmSettings {
    return this.#parts.llmSettings;
  }

  /** Tokens of a text as the LLM reads and writes it, with nothing around them. */
  encodeForLlm(text: string): number[] {
    return this.#parts.llmTokenizer.encodePlain(text);
  }

  async #answer(
    question: string,
    options: AnswerOptions,
    onEvent: (event: AnswerEvent) => void,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const { text, notation } = this.#readQuestion(question, options);
    const prompt = await makePrompt(this.manifest, this.#inUse(), options.route, text);
    const maxNewTokens = this.#maxNewTokens(prompt.info.promptTokens, options);
    onEvent({ type: 'prompt', prompt: prompt.info });

    const lap = stopwatch();
    const continuation = await prompt.llm.prefill(prompt.embeddings);
    const prefillMs = lap();
    try {
      const written = await decode(continuation, {
        notation,
        vocabulary: this.#parts.llmTokenizer,
        endIds: this.#parts.llmSettings.endIds,
        maxNewTokens,
        onText: (raw, tokens) => onEvent({ type: 'text', text: notation.present(raw), tokens }),
        signal,
      });
      const decodeMs = lap();
      const answer = notation.present(written.text);
      return {
        route: options.route,
        text: answer,
        finalAnswer: finalAnswerOf(answer),
        stop: written.stop,
        tokens: written.tokens,
        prompt: prompt.info,
        timings: {
          encodeMs: prompt.encodeMs,
          alignMs: prompt.alignMs,
          prefillMs,
          decodeMs,
          tokensPerSecond: (1000 * written.tokens) / Math.max(decodeMs, Number.EPSILON),
        },
        provider: this.provider,
      };
    } finally {
      continuation.dispose();
    }
  }

  /** Texts as the encoder's tokenizer cuts them, each alone. */
  tokenize(texts: readonly string[]): { ids: number[][]; unknownId: number | null } {
    const { encoderTokenizer } = this.#parts;
    return {
      ids: texts.map((text) => encoderTokenizer.encodePlain(text)),
      unknownId: encoderTokenizer.unknownId,
    };
  }

  /** Frees the models' memory. */
  async dispose(): Promise<void> {
    await this.#replacement?.dispose();
    await disposeParts(this.#parts);
  }

  /** The parts, with the replacement in its place. */
  #inUse(): Parts {
    if (!this.#replacement) return this.#parts;
    const crossings = new Map(this.#parts.crossings);
    return {
      ...this.#parts,
      crossings: crossings.set('lingualift', this.#replacement.crossing),
    };
  }

  /** The question as the models read it, and how its numbers are written. */
  #readQuestion(
    question: string,
    { calculator = this.manifest.calculator }: AnswerOptions,
  ): { text: string; notation: Notation } {
    const normalized = question.normalize('NFC').trim();
    if (normalized === '') {
      throw new LinguaLiftError(
        'question-empty',
        'There is no question yet. Type one and ask again.',
      );
    }
    const { slots } = this.manifest;
    if (slots === undefined) return { text: normalized, notation: digitNotation(calculator) };
    const { text, numerals } = slotNumerals(normalized, slots.question);
    const values = numerals.map(({ value }) => value);
    return { text, notation: slotNotation(values, slots.result, calculator) };
  }

  /** How much may be written after a prompt. */
  #maxNewTokens(promptTokens: number, options: AnswerOptions): number {
    const { maxPositions } = this.#parts.llmSettings;
    if (promptTokens >= maxPositions) throw questionTooLong(promptTokens, maxPositions - 1);
    const wanted = options.maxNewTokens ?? this.manifest.limits.maxNewTokens;
    return Math.min(wanted, maxPositions - promptTokens);
  }

  /** Runs every model once, so that the first question does not wait for shaders to compile. */
  async #warmUp(onItem: (item: string) => void): Promise<void> {
    const { encoder, encoderTokenizer, alignments, llms, llmSettings } = this.#parts;
    onItem('encoder');
    const hiddenStates = await encoder.encode(encoderTokenizer.encode(this.manifest.name));
    for (const [name, alignment] of alignments) {
      onItem(`alignment ${name}`);
      await alignment.align(hiddenStates);
    }
    const [token = 0] = llmSettings.endIds;
    for (const llm of llms.values()) {
      onItem('LLM');
      const continuation = await llm.prefill(llm.embed([token, token]));
      await continuation.append(token);
      continuation.dispose();
    }
  }
}
