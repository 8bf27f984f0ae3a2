// The bundles that were put together on this device, and the alignments that were imported into them. The models themselves
// lie in the model store: a bundle names them.
import * as v from 'valibot';
import { LinguaLiftError } from '../errors.ts';
import type { FileRecord } from '../integrity.ts';
import { Contents, type Content } from './contents.ts';
import type { Disk } from './disk.ts';
import { Records } from './records.ts';
import { storageError } from './store.ts';
import type { ModelPick } from './storedPart.ts';

export const alignmentNames = ['langbridge', 'lingualift'] as const;
export type AlignmentName = (typeof alignmentNames)[number];

const file = v.object({ bytes: v.number(), sha256: v.string() });
const pick = v.object({
  repository: v.string(),
  commit: v.string(),
  dtype: v.picklist(['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4']),
});
const imported = v.object({
  alignment: file,
  adapter: v.nullable(v.object({ config: file, weights: file })),
});
const recordSchema = v.object({
  version: v.literal(1),
  id: v.string(),
  name: v.string(),
  addedAt: v.number(),
  encoder: pick,
  llm: pick,
  alignments: v.object({ langbridge: v.optional(imported), lingualift: v.optional(imported) }),
});

export type BundleRecord = v.InferOutput<typeof recordSchema>;
export type ImportedAlignment = v.InferOutput<typeof imported>;

export class BundleStore {
  /** The bytes of imported alignments. */
  readonly contents: Contents;
  readonly #records: Records<typeof recordSchema>;
  readonly #now: () => number;

  constructor(disk: Disk, now: () => number = Date.now) {
    this.contents = new Contents(disk);
    this.#records = new Records(disk, recordSchema);
    this.#now = now;
  }

  /** All bundles, the one that was added last first. */
  async list(): Promise<BundleRecord[]> {
    return [...(await this.#records.all()).values()].toSorted((a, b) => b.addedAt - a.addedAt);
  }

  /** @throws LinguaLiftError `bundle-missing` */
  async find(id: string): Promise<BundleRecord> {
    const record = await this.#records.find(id);
    if (record) return record;
    throw new LinguaLiftError(
      'bundle-missing',
      'These models are not on this device any more. Choose others in Models.',
      id,
    );
  }

  /** A record of a new bundle, with an id that no other has; it is not stored yet. */
  async draft(name: string, encoder: ModelPick, llm: ModelPick): Promise<BundleRecord> {
    const taken = await this.#records.all();
    const stem = slugOf(name);
    let id = stem;
    for (let n = 2; taken.has(id); n++) id = `${stem}-${n}`;
    // Whoever picks from a list hands in all that the list shows; the record names the part and nothing else.
    const pick = ({ repository, commit, dtype }: ModelPick) => ({ repository, commit, dtype });
    const picks = { encoder: pick(encoder), llm: pick(llm) };
    return { version: 1, id, name, addedAt: this.#now(), ...picks, alignments: {} };
  }

  /**
   * Stores a bundle, or changes one. Alignments that nothing names any more are thrown away.
   * @throws LinguaLiftError `storage-full`, and the old one stays
   */
  async write(record: BundleRecord): Promise<void> {
    const before = await this.#records.find(record.id);
    try {
      await this.#records.write(record.id, record);
    } catch (thrown) {
      throw storageError(thrown, `the bundle ${record.name}`);
    }
    if (before) await this.discardUnnamed(before);
  }

  async delete(id: string): Promise<void> {
    const record = await this.#records.find(id);
    await this.#records.remove(id);
    if (record) await this.discardUnnamed(record);
  }

  /** An imported file. @throws LinguaLiftError `file-missing` */
  async read(record: FileRecord, path: string): Promise<Blob> {
    const blob = await this.contents.whole(contentOf(record));
    if (blob) return blob;
    throw new LinguaLiftError(
      'file-missing',
      `The file ${path} of this bundle is not on this device any more. Import the alignment again.`,
      record.sha256,
    );
  }

  /** Throws imported files of a record away that no stored record names. */
  async discardUnnamed(record: BundleRecord): Promise<void> {
    const named = new Set((await this.list()).flatMap(filesOf).map(({ sha256 }) => sha256));
    for (const each of filesOf(record)) {
      if (!named.has(each.sha256)) await this.contents.discard(contentOf(each));
    }
  }
}

/** Where the bytes of a file lie. */
export function contentOf({ bytes, sha256 }: FileRecord): Content {
  return { bytes, checksum: { algorithm: 'sha256', hex: sha256 } };
}

function filesOf({ alignments }: BundleRecord): FileRecord[] {
  return Object.values(alignments).flatMap(({ alignment, adapter }) => [
    alignment,
    ...(adapter ? [adapter.config, adapter.weights] : []),
  ]);
}

/** A name as an id; names in other scripts than the Latin one leave nothing. */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'bundle' : slug;
}
