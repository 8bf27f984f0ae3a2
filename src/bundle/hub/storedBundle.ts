// Loads a bundle of this device. Nothing is hashed again: the store gives out only what was checked when it arrived. Small
// files come into memory; graphs come without their weights, which stay on the disk until ONNX Runtime asks for each.
import { BundleFiles } from '../files.ts';
import { sha256 } from '../integrity.ts';
import type { LoadedFiles } from '../load.ts';
import type { BundleManifest } from '../manifest.ts';
import { cancelledError } from '../source.ts';
import { alignmentRecords, makeManifest } from './bundleManifest.ts';
import type { BundleStore } from './bundleStore.ts';
import { openBytes, type ReadNow } from './diskBytes.ts';
import { bundlePathsOf, weightPathsOf } from './layouts.ts';
import type { ModelStore } from './store.ts';
import { StoredPart, type ModelPick } from './storedPart.ts';
import { weightsApart } from './weightsApart.ts';

export interface Stores {
  models: ModelStore;
  bundles: BundleStore;
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Called before each file, with the bytes of those before it and of all. */
  onProgress?: ((item: string, readBytes: number, totalBytes: number) => void) | undefined;
  /** How ranges of files are read; the worker's own way unless told. */
  readNow?: ReadNow | null;
}

/** What stands behind the name of a graph's file in the name of its weights. */
const weightsSuffix = '.weights';

/**
 * Reads the files of a bundle.
 * @throws LinguaLiftError `bundle-missing`, `file-missing`, `file-partial`, `file-invalid`, `model-unsupported`,
 *   `model-invalid` or `cancelled`
 */
export async function loadStoredBundle(
  id: string,
  { models, bundles }: Stores,
  { signal, onProgress, readNow }: ReadOptions = {},
): Promise<LoadedFiles> {
  const record = await bundles.find(id);
  const encoder = await StoredPart.find(models, record.encoder);
  const llm = await StoredPart.find(models, record.llm);
  const manifest = await makeManifest(record, encoder, llm);
  const blobs = new Map([
    ...(await partBlobs(models, 'encoder', encoder, record.encoder)),
    ...(await partBlobs(models, 'llm', llm, record.llm)),
  ]);
  for (const [name, parts] of Object.entries(record.alignments)) {
    for (const [path, file] of alignmentRecords(name, parts)) {
      blobs.set(path, await bundles.read(file, path));
    }
  }

  const weights = new Set([
    ...weightPathsOf(encoder.files).map((path) => `encoder/${path}`),
    ...weightPathsOf(llm.files).map((path) => `llm/${path}`),
  ]);
  const graphs = new Set([...graphsOf(manifest.encoder), ...graphsOf(manifest.llm)]);
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  const totalBytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  let readBytes = 0;
  for (const [path, blob] of blobs) {
    if (signal?.aborted) throw cancelledError();
    onProgress?.(path, readBytes, totalBytes);
    const bytes = weights.has(path)
      ? await openBytes(blob, readNow)
      : new Uint8Array(await blob.arrayBuffer());
    if (graphs.has(path)) {
      const location = `${path.slice(path.lastIndexOf('/') + 1)}${weightsSuffix}`;
      contents.set(path, weightsApart(bytes, location));
      contents.set(`${path}${weightsSuffix}`, bytes);
    } else {
      contents.set(path, bytes);
    }
    readBytes += blob.size;
  }
  const manifestBytes = new TextEncoder().encode(JSON.stringify(withoutPooling(manifest)));
  return {
    files: new BundleFiles(withWeights(manifest), contents),
    fromCache: true,
    manifestSha256: await sha256(manifestBytes),
  };
}

/**
 * What a bundle is known by in the records of runs. How a sentence becomes one vector changes no answer, so a run that was
 * paused before the page knew the rule of its encoder goes on.
 */
function withoutPooling(manifest: BundleManifest): BundleManifest {
  const encoder = { ...manifest.encoder };
  delete encoder.pooling;
  delete encoder.poolingAsked;
  return { ...manifest, encoder };
}

/** The manifest whose graphs have their own files as external data. */
function withWeights(manifest: BundleManifest): BundleManifest {
  const { encoder, llm } = manifest;
  const add = (part: ManifestPart) => ({
    externalData: [...part.externalData, ...graphsOf(part).map((path) => path + weightsSuffix)],
  });
  return { ...manifest, encoder: { ...encoder, ...add(encoder) }, llm: { ...llm, ...add(llm) } };
}

type ManifestPart = BundleManifest['encoder'] & { embedTokens?: string | undefined };

function graphsOf({ model, embedTokens }: ManifestPart): string[] {
  return embedTokens === undefined ? [model] : [model, embedTokens];
}

async function partBlobs(
  store: ModelStore,
  folder: string,
  part: StoredPart,
  { repository, commit }: ModelPick,
): Promise<[path: string, blob: Blob][]> {
  return Promise.all(
    bundlePathsOf(part.files).map(async (path): Promise<[string, Blob]> => {
      return [`${folder}/${path}`, await store.read(repository, commit, path)];
    }),
  );
}
