// Which files of a repository make a model in one format: the layouts of transformers.js and of onnxruntime-genai.
// https://huggingface.co/docs/transformers.js/custom_usage, https://onnxruntime.ai/docs/genai/reference/config.html
import { LinguaLiftError } from '../errors.ts';
import { dtypeSuffixes, type Dtype } from './dtypes.ts';

/** The files of a model in one format, by their paths in the repository. */
export interface ModelFiles {
  dtype: Dtype;
  graph: string;
  /** The graph that turns tokens into what `graph` takes; `null` where that one takes tokens. */
  embedTokens: string | null;
  /** Files that the graphs' weights are in; none where they are inside. */
  externalData: string[];
  config: string;
  /** Where the ids of control tokens are: generation_config.json, or config.json where there is none. */
  generationConfig: string;
  tokenizer: string;
  tokenizerConfig: string;
  /** A chat template of its own, which newer repositories keep out of tokenizer_config.json. */
  chatTemplate: string | null;
  /** How sentence-transformers makes one vector of a sentence's tokens, in repositories that are made for it. */
  pooling: string | null;
}

/** Graphs by the preference for them; a repository of a whole T5 has its encoder beside decoders. */
const graphNames = ['onnx/model', 'onnx/encoder_model', 'onnx/decoder_model_merged'];
/** Beside decoders that take embeddings, since images or sounds may come between the tokens. */
const tableName = 'onnx/embed_tokens';
const builderConfig = 'genai_config.json';
const builderGraph = 'model.onnx';
const poolingConfig = '1_Pooling/config.json';

/**
 * What a repository offers, the formats in the order of `dtypeSuffixes`.
 * @param paths of its files
 */
export function modelFilesOf(paths: readonly string[]): ModelFiles[] {
  const there = new Set(paths);
  if (!there.has('config.json')) return [];
  const shared = {
    config: 'config.json',
    generationConfig: there.has('generation_config.json')
      ? 'generation_config.json'
      : 'config.json',
    tokenizer: 'tokenizer.json',
    tokenizerConfig: 'tokenizer_config.json',
    chatTemplate: there.has('chat_template.jinja') ? 'chat_template.jinja' : null,
    pooling: there.has(poolingConfig) ? poolingConfig : null,
  };
  if (!there.has(shared.tokenizer) || !there.has(shared.tokenizerConfig)) return [];
  return graphsOf(there).map(([dtype, graph]) => {
    const embedTokens = tableOf(graph, dtype, there);
    const graphs = embedTokens === null ? [graph] : [graph, embedTokens];
    const externalData = graphs.flatMap((path) => externalDataOf(path, paths));
    return { dtype, graph, embedTokens, externalData, ...shared };
  });
}

/** The paths of the files that a bundle is made of, each once. */
export function bundlePathsOf(files: ModelFiles): string[] {
  const { config, generationConfig, tokenizer, tokenizerConfig, chatTemplate } = files;
  const paths = [...weightPathsOf(files), config, generationConfig, tokenizer, tokenizerConfig];
  return [...new Set([...paths, ...(chatTemplate === null ? [] : [chatTemplate])])];
}

/** The paths of all files of a model that are fetched: those of bundles, and what only says how to use it. */
export function pathsOf(files: ModelFiles): string[] {
  return [...bundlePathsOf(files), ...(files.pooling === null ? [] : [files.pooling])];
}

/** The paths that this format alone needs: its graphs and the data beside them. */
export function weightPathsOf({ graph, embedTokens, externalData }: ModelFiles): string[] {
  return [graph, ...(embedTokens === null ? [] : [embedTokens]), ...externalData];
}

/**
 * The files of one format.
 * @throws LinguaLiftError `model-unsupported` when they are not all there
 */
export function findModelFiles(paths: readonly string[], dtype: Dtype, model: string): ModelFiles {
  const files = modelFilesOf(paths).find((candidate) => candidate.dtype === dtype);
  if (files) return files;
  throw new LinguaLiftError(
    'model-unsupported',
    `${model} has no model in the format ${dtype} that this page can load. It needs config.json, tokenizer.json, tokenizer_config.json and an ONNX graph such as onnx/model_q4.onnx.`,
    paths.join(', '),
  );
}

function graphsOf(there: ReadonlySet<string>): [Dtype, string][] {
  const found = Object.entries(dtypeSuffixes).flatMap(([dtype, suffix]): [Dtype, string][] => {
    const graph = graphNames.map((name) => `${name}${suffix}.onnx`).find((path) => there.has(path));
    return graph === undefined ? [] : [[dtype as Dtype, graph]];
  });
  if (found.length > 0 || !there.has(builderGraph)) return found;
  // onnxruntime-genai's builder does not write down its precision; int4 is what it is published in.
  return [[there.has(builderConfig) ? 'q4' : 'fp32', builderGraph]];
}

/** The table of a merged decoder, in its format or in another: rows of any format come out as floats. */
function tableOf(graph: string, dtype: Dtype, there: ReadonlySet<string>): string | null {
  if (!graph.startsWith('onnx/decoder_model_merged')) return null;
  const suffixes = [dtypeSuffixes[dtype], ...Object.values(dtypeSuffixes)];
  return (
    suffixes.map((suffix) => `${tableName}${suffix}.onnx`).find((path) => there.has(path)) ?? null
  );
}

/** `model.onnx_data`, `model.onnx_data_1`, ... as transformers.js names them, or the builder's `model.onnx.data`. */
function externalDataOf(graph: string, paths: readonly string[]): string[] {
  const rests = /^(_data(_\d+)?|\.data)$/;
  return paths
    .filter((path) => path.startsWith(graph) && rests.test(path.slice(graph.length)))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
