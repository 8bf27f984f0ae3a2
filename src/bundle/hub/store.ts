// The models that were downloaded from the hub, and those that are on their way: one small record each, beside their
// bytes (contents.ts). A record says what was asked for and never what has arrived, so it is written once, before the
// first byte, and cannot be wrong about it.
//
//   <owner>--<name>@<commit>.<n>.json    (records.ts); the hub allows no `--` in names
import * as v from 'valibot';
import { isQuotaError } from '../domErrors.ts';
import { LinguaLiftError } from '../errors.ts';
import { Contents } from './contents.ts';
import type { Disk } from './disk.ts';
import type { HubFile, HubListing } from './listing.ts';
import { Records } from './records.ts';

/** A file of a model, and how much of it is there. */
export interface StoredFile extends HubFile {
  keptBytes: number;
  /** All of it is there and was checked. */
  whole: boolean;
}

/** A model, and how much of it is there. */
export interface StoredModel extends HubListing {
  /** When it was first asked for, in milliseconds since 1970. */
  addedAt: number;
  files: StoredFile[];
  keptBytes: number;
  totalBytes: number;
  whole: boolean;
}

const recordSchema = v.object({
  version: v.literal(1),
  repository: v.string(),
  revision: v.string(),
  commit: v.string(),
  licence: v.nullable(v.string()),
  addedAt: v.number(),
  files: v.array(
    v.object({
      path: v.string(),
      bytes: v.number(),
      checksum: v.object({ algorithm: v.picklist(['sha256', 'git-blob']), hex: v.string() }),
    }),
  ),
});

type ModelRecord = v.InferOutput<typeof recordSchema>;

export class ModelStore {
  readonly contents: Contents;
  readonly #disk: Disk;
  readonly #records: Records<typeof recordSchema>;
  readonly #now: () => number;

  constructor(disk: Disk, now: () => number = Date.now) {
    this.contents = new Contents(disk);
    this.#records = new Records(disk, recordSchema);
    this.#disk = disk;
    this.#now = now;
  }

  /**
   * Writes down that files of a model are wanted, beside those of it that were wanted before.
   * @param listing with the files that are wanted, out of those that the repository has
   * @throws LinguaLiftError `storage-full`
   */
  async add(listing: HubListing): Promise<void> {
    const { repository, commit, files, ...rest } = listing;
    const before = await this.#records.find(stemOf(repository, commit));
    const paths = new Map([...(before?.files ?? []), ...files].map((file) => [file.path, file]));
    if (before && paths.size === before.files.length) return;
    const addedAt = before?.addedAt ?? this.#now();
    const merged = [...paths.values()].map(({ path, bytes, checksum }) => ({
      ...{ path, bytes, checksum },
    }));
    await this.#write({ version: 1, repository, commit, ...rest, addedAt, files: merged });
  }

  /** All models, the one that was added last first. */
  async list(): Promise<StoredModel[]> {
    const records = await this.#records.all();
    const models = await Promise.all([...records.values()].map((record) => this.#measure(record)));
    return models.toSorted((a, b) => b.addedAt - a.addedAt);
  }

  /** One model, `null` when nobody asked for it. */
  async find(repository: string, commit: string): Promise<StoredModel | null> {
    const record = await this.#records.find(stemOf(repository, commit));
    return record && this.#measure(record);
  }

  /**
   * A file of a model. Nothing is read yet: take `slice`, `stream` or `arrayBuffer` of it.
   * @throws LinguaLiftError `file-missing`, or `file-partial` while it is on its way
   */
  async read(repository: string, commit: string, path: string): Promise<Blob> {
    const record = await this.#records.find(stemOf(repository, commit));
    const file = record?.files.find((candidate) => candidate.path === path);
    if (file === undefined) {
      throw new LinguaLiftError(
        'file-missing',
        `The file ${path} of ${repository} is not on this device. Download the model first.`,
        commit,
      );
    }
    const bytes = await this.contents.whole(file);
    if (bytes) return bytes;
    throw new LinguaLiftError(
      'file-partial',
      `The file ${path} of ${repository} has not been downloaded to its end. Go on with the download.`,
      commit,
    );
  }

  /**
   * Deletes a model: the bytes that no other model shares, then its record.
   * @throws LinguaLiftError `file-busy` while one of its files is being downloaded; the model is then still listed
   */
  async delete(repository: string, commit: string): Promise<void> {
    const stem = stemOf(repository, commit);
    const record = await this.#records.find(stem);
    if (record === null) return;
    await this.#discard(record, record.files);
    await this.#records.remove(stem);
  }

  /**
   * Forgets the files of a model that are not whole, and what has arrived of them; a model of which nothing else is left
   * goes.
   * @throws LinguaLiftError `file-busy` while one of them is being downloaded
   */
  async discardPartial(repository: string, commit: string): Promise<void> {
    const model = await this.find(repository, commit);
    const stem = stemOf(repository, commit);
    const record = await this.#records.find(stem);
    if (model === null || record === null || model.whole) return;
    const isWhole = new Set(model.files.filter(({ whole }) => whole).map(({ path }) => path));
    await this.#discard(
      record,
      record.files.filter(({ path }) => !isWhole.has(path)),
    );
    const files = record.files.filter(({ path }) => isWhole.has(path));
    if (files.length === 0) await this.#records.remove(stem);
    else await this.#write({ ...record, files });
  }

  /** Bytes of everything that is kept, whole or not. */
  async usedBytes(): Promise<number> {
    const files = await Promise.all(
      (await this.#disk.names()).map((name) => this.#disk.read(name)),
    );
    return files.reduce((sum, file) => sum + (file?.size ?? 0), 0);
  }

  async #measure(record: ModelRecord): Promise<StoredModel> {
    const files = await Promise.all(
      record.files.map(async (file): Promise<StoredFile> => {
        const whole = (await this.contents.whole(file)) !== null;
        const kept = whole ? file.bytes : ((await this.contents.kept(file))?.size ?? 0);
        return { ...file, keptBytes: Math.min(kept, file.bytes), whole };
      }),
    );
    const { repository, revision, commit, licence, addedAt } = record;
    return {
      ...{ repository, revision, commit, licence, addedAt, files },
      keptBytes: files.reduce((sum, { keptBytes }) => sum + keptBytes, 0),
      totalBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      whole: files.every(({ whole }) => whole),
    };
  }

  /** Throws the bytes of files away that no other model needs. */
  async #discard(record: ModelRecord, files: ModelRecord['files']): Promise<void> {
    const stem = stemOf(record.repository, record.commit);
    const others = [...(await this.#records.all())].filter(([other]) => other !== stem);
    const shared = new Set(others.flatMap(([, other]) => other.files.map(hashOf)));
    for (const file of files) {
      if (!shared.has(hashOf(file))) await this.contents.discard(file);
    }
  }

  async #write(record: ModelRecord): Promise<void> {
    try {
      await this.#records.write(stemOf(record.repository, record.commit), record);
    } catch (thrown) {
      throw storageError(thrown, `the list of files of ${record.repository}`);
    }
  }
}

/**
 * What a failed write means to a person. Whatever was kept before is still there.
 * @param what could not be stored
 */
export function storageError(thrown: unknown, what: string): unknown {
  if (!isQuotaError(thrown)) return thrown;
  return new LinguaLiftError(
    'storage-full',
    `The browser gives this page no more room to store ${what}. What was downloaded before is kept: delete other models or free space on the disk, then go on.`,
    String(thrown),
    { cause: thrown },
  );
}

function stemOf(repository: string, commit: string): string {
  return `${repository.replace('/', '--')}@${commit}`;
}

function hashOf({ checksum }: HubFile): string {
  return checksum.hex;
}
