// A model from a folder of this computer: its files are copied into the store, so that it is there after a reload, when no
// page may look into the folder any more.
import { LinguaLiftError } from '../errors.ts';
import { cancelledError } from '../source.ts';
import { sha256 } from '../integrity.ts';
import { checksumOf } from './checksum.ts';
import type { Content, Contents } from './contents.ts';
import type { ModelProgress } from './download.ts';
import { modelFilesOf, pathsOf } from './layouts.ts';
import type { HubListing } from './listing.ts';
import { storageError, type ModelStore } from './store.ts';

/** The owner of models that come from no hub, which allows no dot there. */
export const localOwner = '.local';

/** A file of a folder, and its path there. */
export interface FolderFile {
  path: string;
  file: Blob;
}

export interface ImportOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ModelProgress) => void) | undefined;
}

/**
 * Copies a model into the store, in all formats that the folder has.
 * @param name what the person calls it
 * @returns what was stored; the commit is what the files hash to
 * @throws LinguaLiftError `folder-no-model`; `file-hash` when a file changed meanwhile; `storage-full` or `cancelled`.
 *   Then nothing is left of it.
 */
export async function importFolder(
  name: string,
  folder: readonly FolderFile[],
  store: ModelStore,
  { signal, onProgress }: ImportOptions = {},
): Promise<HubListing> {
  const wanted = findModel(folder);
  const totalBytes = wanted.reduce((sum, { file }) => sum + file.size, 0);
  let doneBytes = 0;
  const report = ({ path, file }: FolderFile, phase: ModelProgress['phase'], bytes: number) =>
    onProgress?.({
      ...{ path, phase, bytes, fileBytes: file.size, totalBytes },
      downloadedBytes: doneBytes + (phase === 'download' ? bytes : 0),
    });

  const files: HubListing['files'] = [];
  for (const each of wanted) {
    const hex = await checksumOf('sha256', each.file, {
      signal,
      onBytes: (bytes) => report(each, 'check', bytes),
    });
    files.push({
      path: each.path,
      bytes: each.file.size,
      checksum: { algorithm: 'sha256', hex },
    });
  }
  const digest = await sha256(new TextEncoder().encode(JSON.stringify(files)));
  const repository = `${localOwner}/${repositoryName(name)}`;
  const listing = { repository, revision: '', commit: digest.slice(0, 40), licence: null, files };
  if ((await store.find(repository, listing.commit))?.whole) return listing;
  await store.add(listing);
  try {
    for (const [index, each] of wanted.entries()) {
      const content = files[index];
      if (content === undefined) continue;
      await importFile(each, content, store.contents, {
        signal,
        onBytes: (bytes) => report(each, 'download', bytes),
      });
      doneBytes += each.file.size;
    }
  } catch (thrown) {
    await store.delete(repository, listing.commit);
    throw thrown;
  }
  return listing;
}

/**
 * Copies one file into a store.
 * @param content what it must be
 * @throws LinguaLiftError `file-hash` when the file is not that any more, `storage-full`, `file-busy` or `cancelled`
 */
export async function importFile(
  { path, file }: FolderFile,
  content: Content,
  contents: Contents,
  { signal, onBytes }: { signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void } = {},
): Promise<void> {
  if ((await contents.whole(content)) === null) {
    try {
      const partial = await contents.open(content);
      try {
        await partial.restart('');
        const reader = file.stream().getReader();
        for (let part = await reader.read(); part.value; part = await reader.read()) {
          if (signal?.aborted) throw cancelledError();
          partial.append(part.value);
          onBytes?.(partial.bytes);
        }
      } finally {
        partial.close();
      }
      const stored = await contents.kept(content);
      const actual = stored && (await checksumOf('sha256', stored, { signal }));
      if (actual !== content.checksum.hex) throw changedError(path);
      await contents.seal(content, content.checksum.hex);
    } catch (thrown) {
      await contents.discard(content);
      throw storageError(thrown, path);
    }
  }
  onBytes?.(file.size);
}

/** The files of the model in a folder, by their paths in the folder that holds config.json. */
function findModel(folder: readonly FolderFile[]): FolderFile[] {
  // What lies nearest to the top is meant: caches keep older versions further down.
  const roots = folder
    .filter(({ path }) => path.split('/').at(-1) === 'config.json')
    .map(({ path }) => path.slice(0, -'config.json'.length))
    .toSorted((a, b) => a.length - b.length);
  for (const root of roots) {
    const files = folder
      .filter(({ path }) => path.startsWith(root))
      .map(({ path, file }) => ({ path: path.slice(root.length), file }));
    const needed = new Set(modelFilesOf(files.map(({ path }) => path)).flatMap(pathsOf));
    if (needed.size > 0) return files.filter(({ path }) => needed.has(path));
  }
  const paths = folder.map(({ path }) => path);
  throw new LinguaLiftError('folder-no-model', whatIsMissing(paths, roots), paths.join(', '));
}

/** Why there is no model in a folder, and what to do about it. */
function whatIsMissing(paths: readonly string[], roots: readonly string[]): string {
  if (roots.length > 0) {
    return 'Beside the config.json of this folder there is no ONNX model, or its tokenizer.json or tokenizer_config.json is missing. Choose a folder as the hub publishes it for transformers.js.';
  }
  if (paths.some((path) => path.split('/').at(-1) === 'genai_config.json')) {
    return "This folder comes from onnxruntime-genai's builder, which writes no config.json. Put the config.json of the model that it was built from beside genai_config.json, then choose the folder again.";
  }
  return 'There is no config.json in this folder, so it holds no model as the hub publishes them. Choose the folder that has config.json, tokenizer.json and a folder onnx in it.';
}

/** A name as the hub would take it; names in other scripts than the Latin one leave nothing. */
function repositoryName(name: string): string {
  const safe = name.replace(/[^\w.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '');
  return safe === '' ? 'model' : safe;
}

function changedError(path: string): LinguaLiftError {
  return new LinguaLiftError(
    'file-hash',
    `The file ${path} changed while it was copied. Wait until nothing writes in the folder, then choose it again.`,
  );
}
