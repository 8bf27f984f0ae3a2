// The manifest of a bundle that a person puts together: an encoder and an LLM of the store, each in one format, and the
// alignments that were imported for the two. It is made anew at every load from what the models say of themselves.
import { sha256, type FileRecord } from '../integrity.ts';
import { formatVersion, parseManifest, type BundleManifest } from '../manifest.ts';
import { formatAddress } from './address.ts';
import type { BundleRecord, ImportedAlignment } from './bundleStore.ts';
import type { StoredPart } from './storedPart.ts';

/** Longer questions than this are no word problems; encoders grow slow with the square of it. */
const mostEncoderTokens = 512;
/** What an answer with its reasoning may take, where the LLM knows that many positions twice. */
const mostNewTokens = 512;

const prompts = {
  solve: 'Solve the following math problem:',
  translate: 'Translate the following code-switched {language} sentence to pure English:',
  direct: '{instruction}\n\n{question}\n\n',
};

/**
 * Templates know other variables than these at most by ignoring them. Qwen3 would write its thoughts first, and these take
 * more tokens than an answer may.
 */
const chatVariables = { enable_thinking: false };

/**
 * @returns the manifest, as the schema has checked it
 * @throws LinguaLiftError `manifest-invalid` when a model calls its files what no bundle may
 */
export async function makeManifest(
  { id, name, alignments }: BundleRecord,
  encoder: StoredPart,
  llm: StoredPart,
): Promise<BundleManifest> {
  const imported = Object.entries(alignments);
  const files = Object.fromEntries([
    ...encoder.records('encoder'),
    ...llm.records('llm'),
    ...imported.flatMap(([alignment, parts]) => alignmentRecords(alignment, parts)),
  ]);
  const { positions } = llm.config.shape;
  const chat = llm.hasChatTemplate ? { chat: { variables: chatVariables } } : {};
  return parseManifest({
    formatVersion,
    id,
    name,
    description: `${encoder.name} and ${llm.name}, put together on this device.`,
    licence: [...new Set([encoder, llm].map(({ licence }) => licence ?? 'unknown'))].join(', '),
    revision: (await sha256(new TextEncoder().encode(JSON.stringify(files)))).slice(0, 12),
    languages: [],
    numerals: 'digits',
    calculator: false,
    encoder: { ...describe('encoder', encoder), ...poolingOf(encoder) },
    llm: {
      ...describe('llm', llm),
      generationConfig: `llm/${llm.files.generationConfig}`,
      ...(llm.files.embedTokens !== null && { embedTokens: `llm/${llm.files.embedTokens}` }),
      ...(llm.files.chatTemplate !== null && { chatTemplate: `llm/${llm.files.chatTemplate}` }),
    },
    alignments: Object.fromEntries(
      imported.map(([alignment, { adapter }]) => [
        alignment,
        { file: alignmentPath(alignment), adapter: adapter && alignment },
      ]),
    ),
    adapters: Object.fromEntries(
      imported.flatMap(([alignment, { adapter }]) =>
        adapter ? [[alignment, adapterPaths(alignment)]] : [],
      ),
    ),
    lexicons: {},
    prompts: { ...prompts, ...chat },
    limits: {
      maxEncoderTokens: Math.min(mostEncoderTokens, encoder.config.shape.positions),
      maxNewTokens: Math.min(mostNewTokens, Math.floor(positions / 2)),
    },
    files,
  });
}

/** The files of an imported alignment by their paths in the bundle. */
export function alignmentRecords(
  name: string,
  { alignment, adapter }: ImportedAlignment,
): [path: string, record: FileRecord][] {
  const { config, weights } = adapterPaths(name);
  return [
    [alignmentPath(name), alignment],
    ...(adapter
      ? ([
          [config, adapter.config],
          [weights, adapter.weights],
        ] satisfies [string, FileRecord][])
      : []),
  ];
}

/** The name by which alignments know a model, whatever its format: those that are trained on one run on all. */
function idOf({ repository, commit }: StoredPart): string {
  return formatAddress({ repository, revision: commit, path: null });
}

/** The fields of the manifest for it; none where nothing is known, as in bundles from before there were such fields. */
function poolingOf({ pooling: choice }: StoredPart) {
  if (choice === null) return {};
  const { pooling, asked } = choice;
  return asked === null ? { pooling } : { pooling, poolingAsked: asked };
}

function describe(folder: string, part: StoredPart) {
  const { graph, externalData, config, tokenizer, tokenizerConfig } = part.files;
  const inFolder = (path: string) => `${folder}/${path}`;
  return {
    id: idOf(part),
    model: inFolder(graph),
    externalData: externalData.map(inFolder),
    config: inFolder(config),
    hiddenSize: part.config.shape.hidden,
    tokenizer: inFolder(tokenizer),
    tokenizerConfig: inFolder(tokenizerConfig),
  };
}

const alignmentPath = (name: string) => `alignment/${name}.safetensors`;

const adapterPaths = (name: string) => ({
  config: `adapters/${name}/adapter_config.json`,
  weights: `adapters/${name}/adapter_model.safetensors`,
});
