// The problems that a run can be made of: data sets from their homes or from this device, and a person's own files.
// What was read last is kept, so that a run can be made of it.
import type { Exemplar } from '../src/bridge/types.ts';
import type { CacheLike } from '../src/bundle/cache.ts';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { describeFile } from '../src/evaluate/datasets/describe.ts';
import { exemplarsOf } from '../src/evaluate/datasets/exemplars.ts';
import {
  fetchDataset,
  forget,
  storedLanguages,
  type DatasetProgress,
} from '../src/evaluate/datasets/fetch.ts';
import { assemble, readUpload, type LoadedDataset } from '../src/evaluate/datasets/load.ts';
import { readMapped, readProblems, type Mapping } from '../src/evaluate/datasets/mapping.ts';
import { byLanguage } from '../src/evaluate/datasets/problem.ts';
import {
  datasetById,
  datasets,
  recognise,
  type DatasetInfo,
} from '../src/evaluate/datasets/table.ts';
import type { DataSummary, KnownSet, OwnFile } from './evaluation-protocol.ts';

export interface DataParts {
  /** Absolute address of the page. */
  base: string;
  fetch: typeof fetch;
  /** Where fetched files are kept; `null` for nowhere. */
  cache: CacheLike | null;
}

/** Rows that are no problems, beyond which nobody reads on. */
const mostMalformed = 200;

interface OpenedFile {
  name: string;
  text: string;
  recognised: { set: DatasetInfo; lang: string } | null;
}

/** What was read last. */
type Read = { dataset: string; set: DatasetInfo } | { dataset: string; loaded: LoadedDataset };

export class EvaluationData {
  readonly #parts: DataParts;
  #opened: readonly OpenedFile[] = [];
  #read: Read | null = null;

  constructor(parts: DataParts) {
    this.#parts = parts;
  }

  /** The data sets that the page knows, and what of them is on this device. */
  sets(): Promise<KnownSet[]> {
    const { cache } = this.#parts;
    return Promise.all(
      datasets.map(async (set) => ({
        id: set.id,
        name: set.name,
        description: set.description,
        licence: set.licence,
        home: set.home,
        languages: set.languages,
        bytes:
          set.published &&
          Object.fromEntries(
            Object.entries(set.published).map(([lang, { bytes }]) => [lang, bytes]),
          ),
        stored: set.published === null || !cache ? [] : await storedLanguages(set, cache),
        hasExemplars: set.exemplars !== null,
      })),
    );
  }

  /** @throws LinguaLiftError as `fetchDataset` does */
  async fetch(
    id: string,
    languages: readonly string[],
    onProgress: DatasetProgress,
    signal: AbortSignal,
  ): Promise<DataSummary> {
    const set = known(id);
    const loaded = await fetchDataset(set, languages, { ...this.#parts, onProgress, signal });
    this.#read = { dataset: id, set };
    return summaryOf(id, loaded);
  }

  async forget(id: string): Promise<KnownSet[]> {
    const { cache } = this.#parts;
    if (cache) await forget(known(id), cache);
    return this.sets();
  }

  /** @throws LinguaLiftError `too-large`, `binary`, `not-data` or `no-problems` */
  async open(files: readonly { name: string; file: Blob }[]): Promise<OwnFile[]> {
    const opened = await Promise.all(
      files.map(async ({ name, file }) => ({
        ...{ name, text: await readUpload(name, file) },
        recognised: recognise(name),
      })),
    );
    const described = opened.map(({ name, text, recognised }) => ({
      ...{ name, description: describeFile(text, name) },
      recognised: recognised && {
        ...{ set: recognised.set.id, name: recognised.set.name },
        lang: recognised.lang,
      },
    }));
    this.#opened = opened;
    return described;
  }

  /**
   * Reads the opened files.
   * @param mappings one for each file; `null` for one that is recognised
   * @throws LinguaLiftError `same-problems` or `no-problems`
   */
  async read(mappings: readonly (Mapping | null)[]): Promise<DataSummary> {
    const parts = this.#opened.map(({ name, text, recognised }, place) => {
      const mapping = mappings[place];
      if (mapping) return { source: name, dataset: readMapped(text, mapping) };
      if (!recognised) throw new Error(`${name} has no mapping.`);
      return {
        source: name,
        dataset: readProblems(text, recognised.set.format, recognised.lang),
      };
    });
    const set = this.#commonSet(mappings);
    const [first = '', ...others] = this.#opened.map(({ name }) => name);
    const ownName = others.length === 0 ? first : `${first} and ${others.length} more`;
    const about = set
      ? { name: set.name, licence: set.licence.name }
      : { name: ownName, licence: 'Unknown: a file of your own' };
    const dataset = set?.id ?? ownName;
    const loaded = await assemble(about, parts);
    this.#read = { dataset, loaded };
    return summaryOf(dataset, loaded);
  }

  /**
   * The problems of what was read last in some languages, for a run.
   * @param exemplars how many worked problems a language the run wants
   */
  async forRun(
    languages: readonly string[],
    exemplars: number,
    signal: AbortSignal,
  ): Promise<{ loaded: LoadedDataset; exemplars: Record<string, Exemplar[]> }> {
    const read = this.#read;
    if (read === null) throw new Error('No data has been read.');
    // Read again in these languages alone: the facts of the record are then about what is asked.
    const loaded =
      'set' in read
        ? await fetchDataset(read.set, languages, { ...this.#parts, signal })
        : read.loaded;
    const set = datasetById(read.dataset);
    const isWanted = exemplars > 0 && set !== null;
    const worked = isWanted ? await exemplarsOf(set, languages, { ...this.#parts, signal }) : {};
    return { loaded, exemplars: worked };
  }

  /** The published set that all opened files are copies of, if they are read as such. */
  #commonSet(mappings: readonly (Mapping | null)[]): DatasetInfo | null {
    const sets = new Set(this.#opened.map(({ recognised }) => recognised?.set ?? null));
    const [set = null] = sets;
    return sets.size === 1 && mappings.every((mapping) => mapping === null) ? set : null;
  }
}

function summaryOf(dataset: string, { problems, malformed, facts }: LoadedDataset): DataSummary {
  const languages = [...byLanguage(problems)].map(([lang, own]) => ({
    lang,
    problems: own.length,
  }));
  return { dataset, facts, languages, malformed: malformed.slice(0, mostMalformed) };
}

function known(id: string): DatasetInfo {
  const set = datasetById(id);
  if (set) return set;
  throw new LinguaLiftError('no-dataset', `The page knows no data set ${id}. Reload it.`);
}
