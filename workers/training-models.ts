// The networks that a run is trained between: the encoder that makes its examples, the LLM as it is packed for
// the GPU, and the bridge that answers the development problems.
import { Bridge } from '../src/bridge/bridge.ts';
import { readExternal, readLlmGraph } from '../src/bridge/parts.ts';
import { meanRow } from '../src/bridge/words.ts';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import type { BundleFiles } from '../src/bundle/files.ts';
import type { BundleManifest } from '../src/bundle/manifest.ts';
import { type AlignmentInputs, type LlamaConfig } from '../src/onnx/index.ts';
import type { EvaluationEvent, RunData, RunSummary } from '../src/train/run.ts';
import { adapterOf, alignmentOf } from '../src/train/results.ts';
import type { Networks } from '../src/train/setup.ts';
import type { StageTools } from '../src/train/stageRun.ts';
import type { Values } from '../src/train/state.ts';
import { StateCache } from '../src/train/stateCache.ts';
import type { WordTools } from '../src/train/wordRun.ts';
import { adoptDevice, openGpu, type Gpu } from '../src/wgsl/device.ts';
import { createBrowserRuntime, runtimeDevice } from './browser-runtime.ts';
import { evaluateDevelopment } from './development.ts';
import { loadBundleAt } from './models-bundles.ts';

/** What encoder states may take in main memory: those of about a thousand questions of the embedded bundle. */
const mostStateBytes = 64 * 2 ** 20;

export class TrainingModels {
  readonly manifest: BundleManifest;
  readonly networks: Networks;
  readonly gpu: Gpu;
  /** Positions that the LLM knows. */
  readonly maxPositions: number;
  readonly #files: BundleFiles;
  readonly #bridge: Bridge;
  /** Kept, because they hold the states of texts that come again. */
  readonly #tools = new Map<AlignmentInputs, StageTools & WordTools>();

  private constructor(files: BundleFiles, bridge: Bridge, gpu: Gpu) {
    this.manifest = files.manifest;
    this.networks = readNetworks(files, bridge);
    this.gpu = gpu;
    this.maxPositions = bridge.llmSettings.maxPositions;
    this.#files = files;
    this.#bridge = bridge;
  }

  /**
   * Opens a bundle: from the cache or the stores of this device where it is there.
   * @throws LinguaLiftError when it cannot be loaded; WgslError `no-webgpu` where there is nothing to train on
   */
  static async open(url: string): Promise<TrainingModels> {
    const [{ files }, runtime] = await Promise.all([
      loadBundleAt(url),
      createBrowserRuntime('auto'),
    ]);
    const bridge = await Bridge.load(withoutRoutes(files), runtime);
    // Two devices would share no memory and compete for the card: where ONNX Runtime has one, that one is used.
    const device = runtime.provider.kind === 'webgpu' ? await runtimeDevice(runtime) : null;
    return new TrainingModels(files, bridge, device ? adoptDevice(device) : await openGpu());
  }

  /** The bundle's part in making examples for an alignment that reads `inputs`. */
  tools(inputs: AlignmentInputs): StageTools & WordTools {
    const known = this.#tools.get(inputs) ?? stageTools(this.manifest, this.#bridge, inputs);
    this.#tools.set(inputs, known);
    return known;
  }

  /**
   * An alignment file of the bundle.
   * @throws LinguaLiftError `alignment-missing`
   */
  alignment(name: 'langbridge' | 'lingualift'): Uint8Array<ArrayBuffer> {
    const file = this.manifest.alignments[name]?.file;
    if (file !== undefined) return this.#files.bytes(file);
    throw new LinguaLiftError(
      'alignment-missing',
      `The bundle has no alignment "${name}". Start from another one, or from scratch.`,
    );
  }

  /**
   * Asks the development problems through what is trained.
   * @param start the file of the alignment that the run began with
   * @param trained parameters of the alignment or of LoRA, as the run's config says
   */
  async evaluate(
    run: RunSummary,
    { development }: RunData,
    start: Uint8Array<ArrayBuffer>,
    trained: Values,
    step: number,
    signal: AbortSignal,
  ): Promise<EvaluationEvent | null> {
    const isLora = run.config.settings.trains === 'adapters';
    await this.#bridge.replaceAlignment({
      alignment: alignmentOf(run, start, trained, step),
      adapter: isLora ? adapterOf(run, trained) : null,
    });
    return evaluateDevelopment(this.#bridge, development, step, signal);
  }
}

/** What training needs of a bundle: encoder and LLM, which are opened once. */
function withoutRoutes(files: BundleFiles): BundleFiles {
  return files.as({ ...files.manifest, alignments: {}, adapters: {}, lexicons: {} });
}

function readNetworks(files: BundleFiles, bridge: Bridge): Networks {
  const { encoder, llm } = files.manifest;
  const { bosId } = bridge.llmSettings;
  if (bosId === null) {
    throw new LinguaLiftError(
      'model-unsupported',
      'The LLM of this bundle has no token that begins a text, which training needs.',
    );
  }
  return {
    encoder: { id: encoder.id, hiddenSize: encoder.hiddenSize },
    llm: {
      id: llm.id,
      model: readLlmGraph(files),
      external: readExternal(files),
      config: files.json(llm.config) as LlamaConfig,
      bosId,
    },
  };
}

/** Phrases of more tokens have no place of their own among the LLM's embeddings. */
const mostMeaningTokens = 4;

function stageTools(
  { prompts, languages }: BundleManifest,
  bridge: Bridge,
  inputs: AlignmentInputs,
): StageTools & WordTools {
  const nameOf = (code: string) =>
    languages.find((language) => language.code === code)?.english ?? englishName(code);
  const end = [...bridge.llmSettings.endIds].slice(0, 1);
  const cache = new StateCache(
    async (text) => (await bridge.encode(text, inputs)).data,
    mostStateBytes,
  );
  return {
    read: (text) => cache.read(text),
    async readPieces(pieces) {
      const read = await bridge.encodePieces(pieces, inputs);
      return read && { states: read.states.data, places: read.places };
    },
    meaning(english) {
      // As in the middle of a sentence: a capital there would be another word to the LLM.
      const tokens = bridge.encodeForLlm(english.toLowerCase());
      if (tokens.length === 0 || tokens.length > mostMeaningTokens) return null;
      const { data, width } = bridge.embed(tokens);
      return meanRow(data, width);
    },
    solve: bridge.encodeForLlm(prompts.solve),
    translate: (language) =>
      bridge.encodeForLlm(prompts.translate.replace('{language}', () => nameOf(language))),
    target: (text) => [...bridge.encodeForLlm(text), ...end],
  };
}

/** A language's English name; the tag itself where a person made one up. */
function englishName(tag: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(tag) ?? tag;
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return tag;
  }
}
