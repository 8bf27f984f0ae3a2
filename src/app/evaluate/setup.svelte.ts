// The draft of a new run: which data, and what of it is asked. One instance is made in App.svelte, so that what a
// person has chosen stays when another room is opened.
import { createContext } from 'svelte';
import { batchSizeFor } from '../../bridge/batch.ts';
import { routes as allRoutes, type Route } from '../../bridge/types.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { BundleManifest } from '../../bundle/manifest.ts';
import type { Mapping } from '../../evaluate/datasets/mapping.ts';
import type { RunConfig } from '../../evaluate/record.ts';
import type { DataSummary, KnownSet, OwnFile } from '../../../workers/evaluation-protocol.ts';
import type { LoadedBundle } from '../../../workers/protocol.ts';
import { offeredRoutes } from '../models/routes.ts';
import type { EvaluationService } from './evaluations.svelte.ts';
import { Reads } from './reads.svelte.ts';

/** In place of a data set's id: a person's own files. */
export const ownFiles = 'own';

/** As many worked problems as MGSM has in a language. */
const mostExemplars = 8;

/** How an own file is read: as what it was recognised as (`null`), or by these columns. */
export type FileMapping = Mapping | null;

export class EvaluationSetup {
  /** `null` until the worker has told. */
  sets: readonly KnownSet[] | null = $state.raw(null);
  /** Id of a data set, or `ownFiles`. */
  source: string = $state('built-in');
  files: readonly OwnFile[] = $state.raw([]);
  mappings: readonly FileMapping[] = $state.raw([]);
  readonly reads = new Reads<DataSummary>();
  name = $state('');
  /** Tags that are left out; all others that the data has are asked. */
  without: readonly string[] = $state.raw([]);
  routes: readonly Route[] = $state.raw(['direct', 'lingualift']);
  /** Problems a language; `null` for all. */
  limit: number | null = $state(20);
  seed = $state(1);
  exemplars = $state(0);
  calculator = $state(true);
  /** `null` for what the bundle says. */
  maxNewTokens: number | null = $state(null);

  readonly #ask: EvaluationService['call'];

  constructor(ask: EvaluationService['call']) {
    this.#ask = ask;
  }

  /** What was read; `null` while it is not. */
  get data(): DataSummary | null {
    return this.reads.value;
  }

  /** The chosen data set; `null` for own files. */
  get set(): KnownSet | null {
    return this.sets?.find(({ id }) => id === this.source) ?? null;
  }

  async load(): Promise<void> {
    if (this.sets !== null) return;
    try {
      this.sets = await this.#ask('sets', {});
    } catch (thrown) {
      this.reads.error = LinguaLiftError.from(thrown);
    }
  }

  /** Chooses where the problems come from. */
  choose(source: string): void {
    if (source === this.source) return;
    this.reads.clear();
    this.source = source;
  }

  /** Languages of the chosen data set that the models know too; all where the bundle names none. */
  usable(manifest: BundleManifest): string[] {
    const known = manifest.languages.map(({ code }) => code);
    const offered = this.set?.languages ?? [];
    return offered.filter((lang) => known.length === 0 || known.includes(lang));
  }

  /** Reads the chosen data set, from this device or from its home. */
  async fetch(manifest: BundleManifest): Promise<void> {
    const { set } = this;
    if (set === null) return;
    const languages = this.usable(manifest);
    await this.reads.read(async (options) => {
      const data = await this.#ask('fetch', { set: set.id, languages }, options);
      this.sets = await this.#ask('sets', {});
      return data;
    });
  }

  /** Takes the chosen data set off this device. */
  async forget(): Promise<void> {
    const { set } = this;
    if (set === null) return;
    this.sets = await this.#ask('forget', { set: set.id });
    this.reads.clear();
  }

  /** Looks at a person's files; recognised ones are read at once. */
  async open(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    this.choose(ownFiles);
    this.files = [];
    this.mappings = [];
    await this.reads.read(async () => {
      const named = files.map((file) => ({ name: file.name, file }));
      const opened = await this.#ask('open', { files: named });
      this.files = opened;
      this.mappings = opened.map(guess);
      return opened.every(({ recognised }) => recognised !== null) ? this.#readOpened() : null;
    });
  }

  /** Changes how a file is read. */
  map(place: number, mapping: FileMapping): void {
    this.mappings = this.mappings.with(place, mapping);
    this.reads.clear();
  }

  /** Reads the opened files by their mappings. */
  async readFiles(): Promise<void> {
    await this.reads.read(() => this.#readOpened());
  }

  /** Whether a language is asked. */
  asks(lang: string): boolean {
    return !this.without.includes(lang);
  }

  toggleLanguage(lang: string): void {
    this.without = this.asks(lang)
      ? [...this.without, lang]
      : this.without.filter((other) => other !== lang);
  }

  /** Asks all languages of the data, or none of them. */
  allLanguages(all: boolean): void {
    this.without = all ? [] : (this.data?.languages.map(({ lang }) => lang) ?? []);
  }

  toggleRoute(route: Route): void {
    const chosen = this.routes.includes(route)
      ? this.routes.filter((other) => other !== route)
      : [...this.routes, route];
    this.routes = allRoutes.filter((one) => chosen.includes(one));
  }

  /** The chosen languages, with how many problems each is asked. */
  get asked(): { lang: string; problems: number }[] {
    const most = this.limit ?? Infinity;
    return (this.data?.languages ?? [])
      .filter(({ lang }) => this.asks(lang))
      .map(({ lang, problems }) => ({ lang, problems: Math.min(most, problems) }));
  }

  /** The chosen routes that the bundle has. */
  routesOf(manifest: BundleManifest, hasLearned: boolean): Route[] {
    const offered = offeredRoutes(manifest, hasLearned);
    return this.routes.filter((route) => offered.includes(route));
  }

  /** Whether worked problems can stand in front of the questions. */
  takesExemplars(manifest: BundleManifest): boolean {
    return manifest.slots === undefined && (this.set?.hasExemplars ?? false);
  }

  /** What the run is called unless the person gives it a name. */
  get title(): string {
    if (this.data === null) return this.set?.name ?? 'Own problems';
    const languages = this.asked.length;
    return `${this.data.facts.name}, ${languages} ${languages === 1 ? 'language' : 'languages'}`;
  }

  /** Why the run cannot start yet, as sentences. */
  problems(manifest: BundleManifest, hasLearned: boolean): string[] {
    const { limit, seed, exemplars, maxNewTokens } = this;
    const faults: [boolean, string][] = [
      [this.data === null, 'No problems have been read yet.'],
      [this.data !== null && this.asked.length === 0, 'Choose a language.'],
      [this.routesOf(manifest, hasLearned).length === 0, 'Choose a route.'],
      [limit !== null && !isCount(limit, 1), 'Problems a language: a whole number from 1.'],
      [!isCount(seed, 0), 'Seed: a whole number from 0.'],
      [
        this.takesExemplars(manifest) && !(isCount(exemplars, 0) && exemplars <= mostExemplars),
        `Worked problems: 0 to ${mostExemplars}.`,
      ],
      [maxNewTokens !== null && !isCount(maxNewTokens, 1), 'Tokens: a whole number from 1.'],
    ];
    return faults.flatMap(([isFault, sentence]) => (isFault ? [sentence] : []));
  }

  /** What is recorded of the choice. Only of a draft without problems. */
  config({ manifest, provider }: LoadedBundle, hasLearned: boolean): RunConfig {
    return {
      dataset: this.data?.dataset ?? this.source,
      languages: this.asked.map(({ lang }) => lang),
      routes: this.routesOf(manifest, hasLearned),
      ...{ limit: this.limit, seed: this.seed },
      exemplars: this.takesExemplars(manifest) ? this.exemplars : 0,
      calculator: this.calculator && manifest.calculator,
      maxNewTokens: this.maxNewTokens ?? manifest.limits.maxNewTokens,
      batchSize: batchSizeFor(provider),
    };
  }

  #readOpened(): Promise<DataSummary> {
    return this.#ask('read', { mappings: [...this.mappings] });
  }
}

/** How a file is read unless the person says otherwise. */
function guess({ description, recognised }: OwnFile): FileMapping {
  if (recognised) return null;
  const [first] = description.columns;
  const { question, answer, ...others } = description.guess;
  const fallback = first?.name ?? '';
  return { ...others, question: question ?? fallback, answer: answer ?? fallback };
}

const isCount = (value: number, least: number) => Number.isInteger(value) && value >= least;

export const [getEvaluationSetup, setEvaluationSetup] = createContext<EvaluationSetup>();
