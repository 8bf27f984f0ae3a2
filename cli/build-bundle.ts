// From an export of training/ (float weights) to a bundle: builds and quantizes the ONNX graphs, takes over the
// files that the manifest names, hashes everything. docs/bundle-format.md, "From training to a bundle".
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { sha256 } from '../src/bundle/integrity.ts';
import { manifestPath } from '../src/bundle/load.ts';
import { parseManifest, type BundleManifest } from '../src/bundle/manifest.ts';
import {
  buildBert,
  buildLlama,
  encodeModel,
  readSafetensors,
  type BertConfig,
  type BertFormat,
  type LlamaConfig,
  type ModelProto,
  type Safetensors,
  type WeightFormat,
} from '../src/onnx/index.ts';

/** How transformers.js names a model file of each format. */
const modelFiles: Readonly<Record<WeightFormat, string>> = {
  fp32: 'onnx/model.onnx',
  int8: 'onnx/model_q8.onnx',
  int4: 'onnx/model_q4.onnx',
};

export const llmFormats = ['int4', 'int8', 'fp32'] as const;
export const encoderFormats = ['int8', 'fp32'] as const satisfies readonly BertFormat[];

export interface BundleOptions {
  /** Default: the format whose file the export's manifest names. */
  llm?: (typeof llmFormats)[number] | undefined;
  encoder?: (typeof encoderFormats)[number] | undefined;
}

/** A manifest as training/ writes it. */
type ExportManifest = Omit<BundleManifest, 'files' | 'revision'>;
type Files = Map<string, Uint8Array<ArrayBuffer>>;

const weightsFile = 'model.safetensors';
/** Hexadecimal digits of the hash over `files` that make the revision. */
const revisionDigits = 12;

/**
 * Builds the bundle in memory, then replaces what `outFolder` holds with it.
 * @throws LinguaLiftError `export-incomplete` or `manifest-invalid` for what the export lacks, `out-folder` when
 *   `outFolder` holds something else than a bundle; OnnxError for weights that do not fit their config
 */
export async function buildBundle(
  exportFolder: string,
  outFolder: string,
  options: BundleOptions = {},
): Promise<BundleManifest> {
  requireOwnFolder(exportFolder, outFolder);
  const source = new ExportFolder(exportFolder);
  const exported = await source.json<ExportManifest>(manifestPath);
  requireParts(exported);
  const files: Files = new Map();
  const encoder = await buildPart(
    source,
    exported.encoder,
    options.encoder ?? formatOf(exported.encoder.model, encoderFormats),
    (config: BertConfig, weights, format) => buildBert(config, weights, format),
  );
  const llm = await buildPart(
    source,
    exported.llm,
    options.llm ?? formatOf(exported.llm.model, llmFormats),
    (config: LlamaConfig, weights, format) => buildLlama(config, weights, format),
  );
  for (const { path, bytes } of [encoder, llm]) files.set(path, bytes);
  for (const path of namedFiles(exported)) files.set(path, await source.bytes(path));

  const records = await describeFiles(files);
  const manifest = parseManifest({
    ...exported,
    encoder: { ...exported.encoder, model: encoder.path },
    llm: { ...exported.llm, model: llm.path, externalData: [] },
    revision: await revisionOf(records),
    files: records,
  });
  await replaceFolder(outFolder, files, manifest);
  return manifest;
}

/** Reads the export, and says which file is missing. */
class ExportFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async bytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const place = join(this.#folder, path);
    try {
      return new Uint8Array(await readFile(place));
    } catch (cause) {
      throw incomplete(`it has no ${path}`, String(cause));
    }
  }

  async json<Value>(path: string): Promise<Value> {
    const text = new TextDecoder().decode(await this.bytes(path));
    try {
      return JSON.parse(text) as Value;
    } catch (cause) {
      throw incomplete(`its ${path} is no valid JSON`, String(cause));
    }
  }
}

function incomplete(why: string, details = ''): LinguaLiftError {
  return new LinguaLiftError(
    'export-incomplete',
    `The export cannot be made into a bundle: ${why}. Run the training pipeline to its end, or name its export folder.`,
    details,
  );
}

/** The fields that are read before the whole manifest can be checked. */
function requireParts(exported: Partial<ExportManifest>): void {
  const fields = ['encoder', 'llm', 'alignments', 'adapters', 'lexicons'] as const;
  const missing = fields.find((field) => typeof exported[field] !== 'object');
  if (missing) throw incomplete(`its ${manifestPath} has no "${missing}"`);
}

/** The format whose file name `path` ends with; the first of `formats` when it names none of them. */
function formatOf<Format extends WeightFormat>(
  path: string,
  formats: readonly [Format, ...Format[]],
) {
  return formats.find((format) => path.endsWith(`/${modelFiles[format]}`)) ?? formats[0];
}

async function buildPart<Config, Format extends WeightFormat>(
  source: ExportFolder,
  part: { config: string },
  format: Format,
  build: (config: Config, weights: Safetensors, format: Format) => ModelProto,
): Promise<{ path: string; bytes: Uint8Array<ArrayBuffer> }> {
  const folder = posix.dirname(part.config);
  const config = await source.json<Config>(part.config);
  const weights = readSafetensors(await source.bytes(posix.join(folder, weightsFile)));
  const bytes = new Uint8Array(encodeModel(build(config, weights, format)));
  return { path: posix.join(folder, modelFiles[format]), bytes };
}

/** The files that go from the export into the bundle as they are. */
function namedFiles({ encoder, llm, alignments, adapters, lexicons }: ExportManifest): string[] {
  return [
    encoder.config,
    encoder.tokenizer,
    encoder.tokenizerConfig,
    llm.config,
    llm.generationConfig,
    llm.tokenizer,
    llm.tokenizerConfig,
    ...Object.values(alignments).map(({ file }) => file),
    ...Object.values(adapters).flatMap(({ config, weights }) => [config, weights]),
    ...Object.values(lexicons),
  ];
}

/** Size and hash of every file, in the order of their paths. */
async function describeFiles(files: Files): Promise<BundleManifest['files']> {
  const records: BundleManifest['files'] = {};
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    records[path] = { bytes: bytes.byteLength, sha256: await sha256(bytes) };
  }
  return records;
}

async function revisionOf(records: BundleManifest['files']): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(records));
  return (await sha256(text)).slice(0, revisionDigits);
}

/** The bundle replaces an older one or fills an empty folder; anything else is somebody's. */
function requireOwnFolder(exportFolder: string, outFolder: string): void {
  const inside = relative(resolve(outFolder), resolve(exportFolder));
  if (!inside.startsWith('..')) {
    throw new LinguaLiftError(
      'out-folder',
      `The output folder ${outFolder} holds the export itself.`,
    );
  }
  if (!existsSync(outFolder) || existsSync(join(outFolder, manifestPath))) return;
  if (readdirSync(outFolder).length > 0) {
    throw new LinguaLiftError(
      'out-folder',
      `The output folder ${outFolder} holds files but no bundle. Name an empty or a new folder.`,
    );
  }
}

async function replaceFolder(
  folder: string,
  files: Files,
  manifest: BundleManifest,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, bytes);
  }
  await writeFile(join(folder, manifestPath), `${JSON.stringify(manifest, null, 2)}\n`);
}
