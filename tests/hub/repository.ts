// What a folder holds, seen as a repository of the hub.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

export interface ServedFile {
  /** Where it lies on this computer. */
  source: string;
  bytes: number;
  sha256: string;
  /** Its id in git: SHA-1 of `blob <bytes>\0` and the bytes. */
  blobId: string;
  /** In large file storage. */
  isLarge: boolean;
}

/** The kinds of files that repositories put into large file storage, as the hub's `.gitattributes` says. */
const largeKinds = /\.(onnx|onnx_data.*|onnx\.data|safetensors|bin|model|npz)$/;

/** Hashes by place, time and size: files of a gigabyte are hashed once. */
const hashes = new Map<string, Promise<{ sha256: string; blobId: string }>>();

/** A file of a repository, `null` when there is none. */
export async function fileOf(
  root: string,
  repository: string,
  path: string,
): Promise<ServedFile | null> {
  const source = join(root, repository, path);
  const found = await stat(source).catch(() => null);
  if (!found?.isFile() || relative(root, source).startsWith('..')) return null;
  const key = `${source} ${found.mtimeMs} ${found.size}`;
  const pending = hashes.get(key) ?? hash(source, found.size);
  hashes.set(key, pending);
  return { source, bytes: found.size, isLarge: largeKinds.test(path), ...(await pending) };
}

/** A repository as the hub's API tells it, `null` when there is none. */
export async function listingOf(root: string, repository: string) {
  const folder = join(root, repository);
  const entries = await readdir(folder, { recursive: true }).catch(() => null);
  if (entries === null) return null;
  const commit = createHash('sha1');
  const siblings = [];
  for (const path of entries.map((entry) => entry.split(sep).join('/')).toSorted()) {
    const file = await fileOf(root, repository, path);
    if (file === null) continue;
    const { bytes: size, sha256, blobId, isLarge } = file;
    commit.update(`${path} ${sha256}\n`);
    siblings.push({
      ...{ rfilename: path, size, blobId },
      ...(isLarge ? { lfs: { sha256, size, pointerSize: 134 } } : {}),
    });
  }
  const sha = commit.digest('hex');
  return { id: repository, sha, gated: false, cardData: { license: 'apache-2.0' }, siblings };
}

async function hash(source: string, bytes: number): Promise<{ sha256: string; blobId: string }> {
  const sha256 = createHash('sha256');
  const sha1 = createHash('sha1').update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(source)) {
    sha256.update(chunk as Buffer);
    sha1.update(chunk as Buffer);
  }
  return { sha256: sha256.digest('hex'), blobId: sha1.digest('hex') };
}
