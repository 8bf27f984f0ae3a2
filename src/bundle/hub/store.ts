// The models that were downloaded from the hub, and those that are on their way: one small record each, beside their
// bytes (contents.ts). A record says what was asked for and never what has arrived, so it is written once, before the
// first byte, and cannot be wrong about it.
//
//   <owner>--<name>@<commit>.<n>.json    the highest n that can be read counts; the hub allows no `--` in names
import * as v from 'valibot';
import { LinguaLiftError } from '../errors.ts';
import { Contents } from './contents.ts';
import { writeFile, type Disk } from './disk.ts';
import type { HubFile, HubListing } from './listing.ts';

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

/** A record and the name of the file that it was read from. */
interface Filed {
  name: string;
  generation: number;
  record: ModelRecord;
}

export class ModelStore {
  readonly contents: Contents;
  readonly #disk: Disk;
  readonly #now: () => number;

  constructor(disk: Disk, now: () => number = Date.now) {
    this.contents = new Contents(disk);
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
    const before = await this.#recordsOf(repository, commit);
    const last = before.at(-1);
    const paths = new Map(
      [...(last?.record.files ?? []), ...files].map((file) => [file.path, file]),
    );
    if (last && paths.size === last.record.files.length) return;
    const addedAt = last?.record.addedAt ?? this.#now();
    const merged = [...paths.values()].map(({ path, bytes, checksum }) => ({
      ...{ path, bytes, checksum },
    }));
    const record: ModelRecord = { version: 1, repository, commit, ...rest, addedAt, files: merged };
    const name = `${stemOf(repository, commit)}.${(last?.generation ?? 0) + 1}.json`;
    try {
      await writeFile(this.#disk, name, JSON.stringify(record));
    } catch (thrown) {
      throw storageError(thrown, `the list of files of ${repository}`);
    }
    for (const { name: old } of before) await this.#disk.remove(old);
  }

  /** All models, the one that was added last first. */
  async list(): Promise<StoredModel[]> {
    const newest = new Map<string, ModelRecord>();
    for (const { record } of await this.#records()) {
      newest.set(stemOf(record.repository, record.commit), record);
    }
    const models = await Promise.all([...newest.values()].map((record) => this.#measure(record)));
    return models.toSorted((a, b) => b.addedAt - a.addedAt);
  }

  /** One model, `null` when nobody asked for it. */
  async find(repository: string, commit: string): Promise<StoredModel | null> {
    const newest = (await this.#recordsOf(repository, commit)).at(-1);
    return newest ? this.#measure(newest.record) : null;
  }

  /**
   * A file of a model. Nothing is read yet: take `slice`, `stream` or `arrayBuffer` of it.
   * @throws LinguaLiftError `file-missing`, or `file-partial` while it is on its way
   */
  async read(repository: string, commit: string, path: string): Promise<Blob> {
    const newest = (await this.#recordsOf(repository, commit)).at(-1);
    const file = newest?.record.files.find((candidate) => candidate.path === path);
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
    const all = await this.#records();
    const stem = stemOf(repository, commit);
    const isIt = ({ record }: Filed) => stemOf(record.repository, record.commit) === stem;
    const shared = new Set(
      all.filter((filed) => !isIt(filed)).flatMap(({ record }) => record.files.map(hashOf)),
    );
    const its = all.filter(isIt);
    for (const file of its.flatMap(({ record }) => record.files)) {
      if (!shared.has(hashOf(file))) await this.contents.discard(file);
    }
    for (const { name } of its) await this.#disk.remove(name);
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

  async #recordsOf(repository: string, commit: string): Promise<Filed[]> {
    const stem = stemOf(repository, commit);
    return this.#records((name) => name.startsWith(`${stem}.`));
  }

  /** The records that can be read, those of a model by generation. One that cannot was cut off while it was written. */
  async #records(wanted: (name: string) => boolean = () => true): Promise<Filed[]> {
    const filed: Filed[] = [];
    for (const name of await this.#disk.names()) {
      const generation = /\.(\d+)\.json$/.exec(name)?.[1];
      if (generation === undefined || !wanted(name)) continue;
      const text = await (await this.#disk.read(name))?.text();
      const record = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), text);
      if (record.success) {
        filed.push({ name, generation: Number(generation), record: record.output });
      }
    }
    return filed.toSorted((a, b) => a.generation - b.generation);
  }
}

/**
 * What a failed write means to a person. Whatever was kept before is still there.
 * @param what could not be stored
 */
export function storageError(thrown: unknown, what: string): unknown {
  const isFull = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
  if (!isFull) return thrown;
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
