// What a repository of the hub holds at a revision: one request gives the commit behind the revision and, of every
// file, its size and its hash. `HfApi.model_info(files_metadata=True)` of huggingface_hub asks the same.
import * as v from 'valibot';
import { LinguaLiftError } from '../errors.ts';
import { listingUrl } from './address.ts';
import type { Checksum } from './checksum.ts';
import { connectionError, missingFile, request, type HubTarget } from './request.ts';
import { withRetries, type Pause } from './retries.ts';

/** A file of a repository. */
export interface HubFile {
  /** Relative to the repository's root. */
  path: string;
  bytes: number;
  checksum: Checksum;
}

/** A repository at a commit. */
export interface HubListing {
  repository: string;
  /** What was asked for: a branch, a tag or the commit itself. */
  revision: string;
  /** 40 hexadecimal digits. What lies under it never changes. */
  commit: string;
  /** What the model card says, such as `apache-2.0`. */
  licence: string | null;
  files: HubFile[];
}

export interface ListOptions {
  signal?: AbortSignal | undefined;
  pause?: Pause | undefined;
}

const hex = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));
const path = v.pipe(
  v.string(),
  v.check((text) => text.split('/').every((part) => !['', '.', '..'].includes(part))),
);

const listingSchema = v.object({
  sha: hex(40),
  cardData: v.nullish(v.object({ license: v.fallback(v.nullish(v.string()), null) })),
  siblings: v.array(
    v.object({
      rfilename: path,
      size: v.pipe(v.number(), v.integer(), v.minValue(0)),
      blobId: hex(40),
      /** Only of files in large file storage; their `blobId` is that of a pointer to them. */
      lfs: v.nullish(v.object({ sha256: hex(64) })),
    }),
  ),
});

/**
 * Asks what a repository holds.
 * @param hub address of the hub or of a mirror
 * @param revision a branch, a tag or a commit
 * @throws LinguaLiftError as `request` does, and `hub-answer` for an answer that is no list of files
 */
export async function listRepository(
  hub: string,
  repository: string,
  revision: string,
  { signal, pause }: ListOptions = {},
): Promise<HubListing> {
  const target: HubTarget = { repository, revision, path: null };
  const url = listingUrl(hub, repository, revision);
  const text = await withRetries(
    async () => {
      const response = await request(url, target, null, signal);
      try {
        return await response.text();
      } catch (thrown) {
        throw connectionError(thrown, target, url, signal);
      }
    },
    { signal, pause },
  );
  const { sha, cardData, siblings } = parseListing(text, url);
  return {
    repository,
    revision,
    commit: sha,
    licence: cardData?.license ?? null,
    files: siblings.map(({ rfilename, size, blobId, lfs }) => ({
      path: rfilename,
      bytes: size,
      checksum: lfs
        ? { algorithm: 'sha256', hex: lfs.sha256 }
        : { algorithm: 'git-blob', hex: blobId },
    })),
  };
}

/**
 * The same listing with some of its files.
 * @throws LinguaLiftError `file-missing` for a path that the repository does not have
 */
export function pickFiles(listing: HubListing, paths: readonly string[]): HubListing {
  const byPath = new Map(listing.files.map((file) => [file.path, file]));
  const files = paths.map((path) => {
    const file = byPath.get(path);
    if (file === undefined) throw missingFile({ ...listing, path });
    return file;
  });
  return { ...listing, files };
}

function parseListing(text: string, url: string): v.InferOutput<typeof listingSchema> {
  try {
    return v.parse(listingSchema, JSON.parse(text));
  } catch (thrown) {
    const where = v.isValiError(thrown) ? (v.getDotPath(thrown.issues[0]) ?? 'all of it') : '';
    throw new LinguaLiftError(
      'hub-answer',
      'The hub answered with something that is no list of files. If a mirror is set, check its address.',
      `${url}: ${where} ${String(thrown)}`,
      { cause: thrown },
    );
  }
}
