// The bridge. One question flows straight down, once:
//
//   text -> tokens -> encoder hidden states [1, S, d_enc] -> alignment -> soft prompt [1, S+1, d_llm]   prompt.ts
//        -> prefill                                                                                     llm.ts
//        -> tokens -> text                                                         answers.ts, decode.ts, writer.ts
//
// The routes without a bridge skip the encoder and the alignment: the LLM reads the text, or its gloss.
import { LinguaLiftError } from '../bundle/errors.ts';
import type { BundleFiles } from '../bundle/files.ts';
import { defaultPooling, type BundleManifest } from '../bundle/manifest.ts';
import { cancelledError } from '../bundle/source.ts';
import type { AlignmentInputs } from '../onnx/index.ts';
import { writeAnswers } from './answers.ts';
import { sideBySide } from './batch.ts';
import type { Vectors } from './encoder.ts';
import { nextTask } from './nextTask.ts';
import { disposeParts, openParts, plainLlm, type LlmSettings, type Parts } from './parts.ts';
import { askQuestion, readQuestion, type AskedQuestion } from './question.ts';
import { isAboutQuestion } from './questionErrors.ts';
import { openReplacement, type OpenReplacement, type Replacement } from './replacement.ts';
import { encodePieces, type EncodedPieces } from './pieces.ts';
import type { Runtime } from './session.ts';
import { readTokens } from './reading.ts';
import { statesReader, type StatesReader } from './states.ts';
import type {
  Answer,
  AnswerEvent,
  AnswerOptions,
  LoadProgress,
  Provider,
  StatesName,
} from './types.ts';

/** An answer, or why the models cannot take the question. */
export type Outcome = Answer | LinguaLiftError;

/** A bundle's models, ready to answer. Dispose of it to free their memory. */
export class Bridge {
  readonly manifest: BundleManifest;
  readonly provider: Provider;
  readonly #files: BundleFiles;
  readonly #runtime: Runtime;
  readonly #parts: Parts;
  /** In the place of the bundle's own `lingualift`. */
  #replacement: OpenReplacement | null = null;
  /** What is under way with the alignment that it began with: answers, and readings of states. */
  readonly #underWay = new Set<Promise<unknown>>();

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
   * @throws LinguaLiftError `question-empty`, `question-too-long`, `too-many-numerals`, `route-missing`,
   *   `exemplars-unsupported` or `logits-nan`
   */
  answer(
    question: string,
    options: AnswerOptions,
    onEvent: (event: AnswerEvent) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<Answer> {
    return this.#keepTrack(async (parts) => {
      const asked = await askQuestion(this.manifest, parts, question, options);
      onEvent({ type: 'prompt', prompt: asked.prompt.info });
      const setting = { route: options.route, provider: this.provider };
      const listener = {
        onText: (_: AskedQuestion, text: string, tokens: number) =>
          onEvent({ type: 'text', text, tokens }),
      };
      const [answer] = await writeAnswers([asked], parts, setting, listener, signal);
      return answer as Answer;
    });
  }

  /**
   * Answers several questions on one route side by side, which takes less time than one after the other
   * (batch.ts says how many at a time are best) and gives the same texts. Where the LLM's graph cannot do that, and
   * where they do not fit, they are answered in smaller groups.
   *
   * When `signal` says stop, unfinished answers end with `stop: 'stopped'`, and questions that were not begun with the
   * code `cancelled`.
   * @param onOutcome called with a question's place as soon as it has its answer, or the error that says why the
   *   models cannot take it
   * @returns one for each question, in their order
   * @throws LinguaLiftError `route-missing`, `exemplars-unsupported` or `logits-nan`: errors that are not about one
   *   question
   */
  answerAll(
    questions: readonly string[],
    options: AnswerOptions,
    onOutcome: (index: number, outcome: Outcome) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<Outcome[]> {
    return this.#keepTrack(async (parts) => {
      const outcomes = questions.map((): Outcome => cancelledError());
      const settle = (index: number, outcome: Outcome) => {
        outcomes[index] = outcome;
        onOutcome(index, outcome);
      };
      const asked: (AskedQuestion & { index: number })[] = [];
      for (const [index, question] of questions.entries()) {
        await nextTask();
        if (signal?.aborted) break;
        try {
          asked.push({ index, ...(await askQuestion(this.manifest, parts, question, options)) });
        } catch (thrown) {
          if (!isAboutQuestion(thrown)) throw thrown;
          settle(index, thrown);
        }
      }
      const setting = { route: options.route, provider: this.provider };
      const onAnswer = ({ index }: { index: number }, answer: Answer) => settle(index, answer);
      for (const group of await sideBySide(asked, parts.llmSettings)) {
        if (signal?.aborted) break;
        await writeAnswers(group, parts, setting, { onAnswer }, signal);
      }
      return outcomes;
    });
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
    await Promise.allSettled(this.#underWay);
    await before?.dispose();
  }

  /**
   * What an alignment reads of a text as the models read it, [S, d]: with slots, where the bundle has them. A text that is
   * longer than the encoder reads is cut.
   */
  encode(text: string, inputs: AlignmentInputs): Promise<Vectors> {
    return readTokens(this.#parts, this.#encoderTokens(text), inputs);
  }

  /**
   * The same of a text that is given in pieces, and where the rows of each piece begin and end.
   * @returns `null` for a text that is longer than the encoder reads, or whose tokens reach over borders of pieces
   */
  async encodePieces(
    pieces: readonly string[],
    inputs: AlignmentInputs,
  ): Promise<{ states: Vectors; places: EncodedPieces['places'] } | null> {
    const encoded = encodePieces(this.#parts.encoderTokenizer, pieces);
    if (encoded === null || encoded.ids.length > this.manifest.limits.maxEncoderTokens) return null;
    return { states: await readTokens(this.#parts, encoded.ids, inputs), places: encoded.places };
  }

  /** Embeddings of some tokens of the LLM, [ids.length, d_llm]. */
  embed(ids: readonly number[]): Vectors {
    return plainLlm(this.#parts).embed(ids);
  }

  /**
   * Does `work` with a reader of states [T, d] (states.ts). The reader takes texts as people write them and reads
   * them as a question is read, but cuts what is longer than the encoder reads.
   * @throws LinguaLiftError `route-missing`; the reader throws `question-empty` and `too-many-numerals`
   */
  withStates<Result>(
    of: StatesName,
    work: (reader: StatesReader<string>) => Promise<Result>,
  ): Promise<Result> {
    return this.#keepTrack((parts) => {
      const { pooling = defaultPooling } = this.manifest.encoder;
      const reader = statesReader(parts, of, pooling);
      const read = async (text: string) =>
        reader.read(this.#encoderTokens(readQuestion(this.manifest, text, {}).text));
      return work({ ...reader, read });
    });
  }

  /** Control tokens and limits of the LLM. */
  get llmSettings(): LlmSettings {
    return this.#parts.llmSettings;
  }

  /** Tokens of a text as the LLM reads and writes it, with nothing around them. */
  encodeForLlm(text: string): number[] {
    return this.#parts.llmTokenizer.encodePlain(text);
  }

  /** Works with the parts as they are now, which stay open until it is done. */
  async #keepTrack<Result>(work: (parts: Parts) => Promise<Result>): Promise<Result> {
    const underWay = work(this.#inUse());
    this.#underWay.add(underWay);
    try {
      return await underWay;
    } finally {
      this.#underWay.delete(underWay);
    }
  }

  /** Tokens of a text as the encoder reads it, no more than it can. */
  #encoderTokens(text: string): number[] {
    const tokens = this.#parts.encoderTokenizer.encode(text);
    const { maxEncoderTokens } = this.manifest.limits;
    if (tokens.length <= maxEncoderTokens) return tokens;
    // The last token ends the text.
    return [...tokens.slice(0, maxEncoderTokens - 1), ...tokens.slice(-1)];
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

  /** Runs every model once, so that the first question does not wait for shaders to compile. */
  async #warmUp(onItem: (item: string) => void): Promise<void> {
    const { encoder, encoderTokenizer, alignments, llms, llmSettings } = this.#parts;
    onItem('encoder');
    const tokens = encoderTokenizer.encode(this.manifest.name);
    await encoder.encode(tokens);
    for (const [name, alignment] of alignments) {
      onItem(`alignment ${name}`);
      await alignment.align(await readTokens(this.#parts, tokens, alignment.inputs));
    }
    const [token = 0] = llmSettings.endIds;
    for (const llm of llms.values()) {
      onItem('LLM');
      const continuation = await llm.prefill([llm.embed([token, token])]);
      await continuation.append([{ token, back: 0 }]);
      continuation.dispose();
    }
  }
}
