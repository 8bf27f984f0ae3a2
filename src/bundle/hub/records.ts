// Small records on a disk, each replaced whole or not at all.
//
//   <stem>.<n>.json    the highest n that can be read counts; one that cannot was cut off while it was written
import * as v from 'valibot';
import { writeFile, type Disk } from './disk.ts';

interface Filed<Value> {
  name: string;
  stem: string;
  generation: number;
  value: Value;
}

export class Records<Schema extends v.GenericSchema> {
  readonly #disk: Disk;
  readonly #schema: Schema;

  constructor(disk: Disk, schema: Schema) {
    this.#disk = disk;
    this.#schema = schema;
  }

  /** All records by their stems. */
  async all(): Promise<Map<string, v.InferOutput<Schema>>> {
    return new Map((await this.#filed()).map(({ stem, value }) => [stem, value]));
  }

  /** One record, `null` when there is none. */
  async find(stem: string): Promise<v.InferOutput<Schema> | null> {
    return (await this.#filed(stem)).at(-1)?.value ?? null;
  }

  /**
   * Writes a record in the place of the one that was there.
   * @throws DOMException `QuotaExceededError`, and the old one stays
   */
  async write(stem: string, value: v.InferOutput<Schema>): Promise<void> {
    const before = await this.#filed(stem);
    const generation = (before.at(-1)?.generation ?? 0) + 1;
    await writeFile(this.#disk, `${stem}.${generation}.json`, JSON.stringify(value));
    for (const { name } of before) await this.#disk.remove(name);
  }

  /** Removes a record, the newest last: a remainder is the record as it was. */
  async remove(stem: string): Promise<void> {
    for (const { name } of await this.#filed(stem)) await this.#disk.remove(name);
  }

  /** The records that can be read, by generation. */
  async #filed(wanted?: string): Promise<Filed<v.InferOutput<Schema>>[]> {
    const filed: Filed<v.InferOutput<Schema>>[] = [];
    for (const name of await this.#disk.names()) {
      const [, stem, generation] = /^(.+)\.(\d+)\.json$/.exec(name) ?? [];
      if (stem === undefined || (wanted !== undefined && stem !== wanted)) continue;
      const text = await (await this.#disk.read(name))?.text();
      const record = v.safeParse(v.pipe(v.string(), v.parseJson(), this.#schema), text);
      if (record.success) {
        filed.push({ name, stem, generation: Number(generation), value: record.output });
      }
    }
    return filed.toSorted((a, b) => a.generation - b.generation);
  }
}
