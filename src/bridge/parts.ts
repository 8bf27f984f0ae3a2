// Opens everything that a bundle holds: tokenizers, encoder, alignments, the LLM with and without adapters.
import * as v from 'valibot';
import { LinguaLiftError } from '../bundle/errors.ts';
import type { BundleFiles } from '../bundle/files.ts';
import { cancelledError } from '../bundle/source.ts';
import { parseLexicon, type Lexicon } from '../lexicon/lexicon.ts';
import { readText } from '../lexicon/readText.ts';
import {
  decodeModel,
  OnnxError,
  readLoraAdapter,
  withTokenTable,
  type ExternalData,
  type ModelProto,
} from '../onnx/index.ts';
import { Alignment } from './alignment.ts';
import { openChat, type Chat } from './chat.ts';
import { Encoder } from './encoder.ts';
import { createGlosser, type Glosser } from './gloss.ts';
import { Llm, type LlmFiles } from './llm.ts';
import type { AlignmentName } from './routes.ts';
import type { Runtime } from './session.ts';
import { Tokenizer } from './tokens.ts';

/** What a bridged route goes through after the encoder. */
export interface Crossing {
  alignment: Alignment;
  llm: Llm;
}

/** The open parts of a bundle. `llms` always holds the one without an adapter (`plainLlm`). */
export interface Parts {
  encoderTokenizer: Tokenizer;
  llmTokenizer: Tokenizer;
  encoder: Encoder;
  alignments: ReadonlyMap<AlignmentName, Alignment>;
  /** By adapter; `null` is the LLM without one. */
  llms: ReadonlyMap<string | null, Llm>;
  /** The alignments, each with the LLM that it was trained for. */
  crossings: ReadonlyMap<AlignmentName, Crossing>;
  gloss: Glosser;
  /** How the LLM reads a conversation; `null` where it reads plain text. */
  chat: Chat | null;
  /** Control tokens and limits of the LLM. */
  llmSettings: LlmSettings;
}

export interface LlmSettings {
  /** The token that begins every prompt, if the LLM has one. */
  bosId: number | null;
  /** Tokens that end a text. */
  endIds: ReadonlySet<number>;
  /** Positions that the LLM knows, prompt and text together. */
  maxPositions: number;
}

const id = v.pipe(v.number(), v.integer());
const generationConfig = v.object({
  bos_token_id: v.nullish(id, null),
  eos_token_id: v.union([id, v.array(id)]),
});
const size = v.optional(v.pipe(v.number(), v.integer()));
const llmConfig = v.object({
  max_position_embeddings: v.pipe(v.number(), v.integer()),
  num_attention_heads: size,
  num_key_value_heads: size,
  head_dim: size,
  hidden_size: size,
  vocab_size: size,
});

/** Opens one part: checks for a stop, reports the item, names the file in errors, keeps track. */
type Open = <Part extends Disposable>(
  item: string,
  path: string,
  build: () => Promise<Part>,
) => Promise<Part>;
type Disposable = Pick<Encoder, 'dispose'>;

/**
 * Opens the parts of a bundle one after the other.
 * @param onItem called with the name of the part that is opened next
 * @throws LinguaLiftError `file-invalid`, `model-invalid`, `model-unsupported`, `session-failed`, `cancelled`
 */
export async function openParts(
  files: BundleFiles,
  runtime: Runtime,
  onItem: (item: string) => void,
  signal?: AbortSignal,
): Promise<Parts> {
  const opened: Disposable[] = [];
  const open: Open = async (item, path, build) => {
    if (signal?.aborted) throw cancelledError();
    onItem(item);
    const part = await explained(path, build);
    opened.push(part);
    return part;
  };
  const { encoder, llm } = files.manifest;
  try {
    const texts = {
      encoderTokenizer: new Tokenizer(files, encoder),
      llmTokenizer: new Tokenizer(files, llm),
      llmSettings: readLlmSettings(files),
      gloss: createGlosser(await readLexicons(files)),
      chat: openChat(files),
    };
    const openEncoder = () => {
      const external = readExternal(files, encoder);
      return Encoder.open(runtime, encoder.model, files.bytes(encoder.model), external);
    };
    const encoderPart = await open('encoder', encoder.model, openEncoder);
    const alignments = await openAlignments(files, runtime, open);
    const llms = await openLlms(files, runtime, open);
    const crossings = joinCrossings(files, alignments, llms);
    return { ...texts, encoder: encoderPart, alignments, llms, crossings };
  } catch (thrown) {
    await Promise.all(opened.map((part) => part.dispose()));
    throw thrown;
  }
}

async function openAlignments(
  files: BundleFiles,
  runtime: Runtime,
  open: Open,
): Promise<Parts['alignments']> {
  const alignments = new Map<AlignmentName, Alignment>();
  for (const name of ['langbridge', 'lingualift'] as const) {
    const file = files.manifest.alignments[name]?.file;
    if (file === undefined) continue;
    const openOne = () => Alignment.open(runtime, file, files.bytes(file));
    alignments.set(name, await open(`alignment ${name}`, file, openOne));
  }
  return alignments;
}

function joinCrossings(
  { manifest }: BundleFiles,
  alignments: Parts['alignments'],
  llms: Parts['llms'],
): Parts['crossings'] {
  const crossings = new Map<AlignmentName, Crossing>();
  for (const [name, alignment] of alignments) {
    const llm = llms.get(manifest.alignments[name]?.adapter ?? null);
    if (llm) crossings.set(name, { alignment, llm });
  }
  return crossings;
}

/** The LLM without an adapter. */
export function plainLlm({ llms }: Pick<Parts, 'llms'>): Llm {
  return llms.get(null) as Llm;
}

/**
 * The LLM's graph as it was published: from tokens to scores.
 * @throws OnnxError when it is none
 */
export function readLlmGraph(files: BundleFiles): ModelProto {
  const { model, embedTokens } = files.manifest.llm;
  const graph = decodeModel(files.bytes(model));
  return embedTokens === undefined
    ? graph
    : withTokenTable(graph, decodeModel(files.bytes(embedTokens)));
}

/** The LLM's files as this provider runs them fastest. */
export async function readLlm(
  files: BundleFiles,
  runtime: Runtime,
): Promise<Omit<LlmFiles, 'adapter'>> {
  const { llm } = files.manifest;
  const external = readExternal(files);
  const model = await explained(llm.model, () =>
    runtime.suit(llm.model, readLlmGraph(files), external),
  );
  return { path: llm.model, model, external, config: parseConfig(llmConfig, files, llm.config) };
}

/** The LLM as it is, and once more with each adapter. */
async function openLlms(files: BundleFiles, runtime: Runtime, open: Open): Promise<Parts['llms']> {
  const { llm, adapters } = files.manifest;
  const base = await readLlm(files, runtime);
  const llms = new Map<string | null, Llm>();
  const openPlain = () => Llm.open(runtime, { ...base, adapter: null });
  llms.set(null, await open('LLM', llm.model, openPlain));
  for (const [name, paths] of Object.entries(adapters)) {
    const openAdapted = async () => {
      const adapter = readLoraAdapter(files.json(paths.config), files.bytes(paths.weights));
      return Llm.open(runtime, { ...base, adapter });
    };
    llms.set(name, await open(`LLM with adapter ${name}`, paths.weights, openAdapted));
  }
  return llms;
}

function readLlmSettings(files: BundleFiles): LlmSettings {
  const { llm } = files.manifest;
  const generation = parseConfig(generationConfig, files, llm.generationConfig);
  return {
    bosId: generation.bos_token_id,
    endIds: new Set([generation.eos_token_id].flat()),
    maxPositions: parseConfig(llmConfig, files, llm.config).max_position_embeddings,
  };
}

/** @throws LexiconError for a list that is no text and cannot be unpacked into one */
async function readLexicons(files: BundleFiles): Promise<Map<string, Lexicon>> {
  const lexicons = Object.entries(files.manifest.lexicons).map(async ([code, path]) => {
    const text = await readText(path, new Blob([files.bytes(path)]));
    return [code, parseLexicon(text)] as const;
  });
  return new Map(await Promise.all(lexicons));
}

/** Frees the memory of all parts. */
export async function disposeParts({ encoder, alignments, llms }: Parts): Promise<void> {
  const parts = [encoder, ...alignments.values(), ...llms.values()];
  await Promise.all(parts.map((part) => part.dispose()));
}

/** External data, the LLM's unless another part is given, which is named in the graph by the file's name alone. */
export function readExternal(
  files: BundleFiles,
  { externalData }: { externalData: readonly string[] } = files.manifest.llm,
): ExternalData {
  return new Map(
    externalData.map((path) => [path.slice(path.lastIndexOf('/') + 1), files.bytes(path)]),
  );
}

function parseConfig<Schema extends v.GenericSchema>(
  schema: Schema,
  files: BundleFiles,
  path: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, files.json(path));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new LinguaLiftError(
    'file-invalid',
    `The file ${path} of the bundle lacks what this page needs: ${v.getDotPath(issue) ?? 'it'} ${issue.message}`,
  );
}

/** Says which file an error of the ONNX tools is about. */
export async function explained<Result>(
  path: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof OnnxError)) throw thrown;
    throw new LinguaLiftError(
      'model-invalid',
      `The file ${path} cannot be used. ${thrown.message}`,
      thrown.code,
      { cause: thrown },
    );
  }
}
