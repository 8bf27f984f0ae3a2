// Loads a bundle: the manifest, then all its files at once, from the cache or from the source. Every byte
// is verified; the first failure ends the other downloads.
import type { FileCache } from './cache.ts';
import { LinguaLiftError } from './errors.ts';
import { BundleFiles, parseJson } from './files.ts';
import { sha256, verify, type FileRecord } from './integrity.ts';
import { parseManifest, type BundleManifest } from './manifest.ts';
import { cancelledError, type BundleSource } from './source.ts';
import { together } from './together.ts';

/** The manifest's own path. */
export const manifestPath = 'bundle.json';

/** Bytes so far and in all, over the whole bundle; `item` is the file that moved. */
export type DownloadProgress = (item: string, loadedBytes: number, totalBytes: number) => void;

export interface LoadOptions {
  cache?: FileCache | null;
  onProgress?: DownloadProgress;
  signal?: AbortSignal | undefined;
}

export interface LoadedFiles {
  files: BundleFiles;
  /** Whether every file but the manifest came from the cache. */
  fromCache: boolean;
  /** SHA-256 of `bundle.json`, which names the hash of every other file. */
  manifestSha256: string;
}

/**
 * Reads, verifies and caches the files of a bundle.
 * @throws LinguaLiftError `manifest-*`, `file-*`, `offline`, `network` or `cancelled`
 */
export async function loadBundle(
  source: BundleSource,
  { cache = null, onProgress, signal }: LoadOptions = {},
): Promise<LoadedFiles> {
  const { manifest, manifestSha256 } = await readManifest(source, signal);
  const entries = Object.entries(manifest.files);
  const totalBytes = entries.reduce((sum, [, record]) => sum + record.bytes, 0);
  const loaded = new Map<string, number>();
  const report = (path: string, loadedBytes: number) => {
    loaded.set(path, loadedBytes);
    let sum = 0;
    for (const bytes of loaded.values()) sum += bytes;
    onProgress?.(path, Math.min(sum, totalBytes), totalBytes);
  };

  let fromCache = true;
  const load = async (path: string, record: FileRecord, stop: AbortSignal) => {
    const cached = await cache?.get(path, record);
    if (cached) {
      report(path, record.bytes);
      return cached;
    }
    fromCache = false;
    const bytes = await source.read(path, {
      signal: stop,
      onBytes: (loadedBytes) => report(path, loadedBytes),
    });
    await verify(path, bytes, record);
    await cache?.put(record, bytes);
    report(path, record.bytes);
    return bytes;
  };

  try {
    const contents = await together(signal, (stop) =>
      Promise.all(
        entries.map(async ([path, record]) => [path, await load(path, record, stop)] as const),
      ),
    );
    if (signal?.aborted) throw cancelledError();
    return { files: new BundleFiles(manifest, new Map(contents)), fromCache, manifestSha256 };
  } catch (thrown) {
    throw LinguaLiftError.from(thrown);
  }
}

async function readManifest(
  source: BundleSource,
  signal?: AbortSignal,
): Promise<{ manifest: BundleManifest; manifestSha256: string }> {
  const bytes = await source.read(manifestPath, { signal });
  const manifest = parseManifest(parseJson(manifestPath, new TextDecoder().decode(bytes)));
  return { manifest, manifestSha256: await sha256(bytes) };
}
