// The form of a new run: the draft, the lists and sentences that take part, and what the run would take.
// Kept while the page is open, so a look into another room loses nothing.
import { createContext } from 'svelte';
import type { Estimate, NewRun, RunConfig, RunData } from '../../../workers/training-protocol.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { BundleManifest } from '../../bundle/manifest.ts';
import type { ListSummary } from '../../lexicon/shelf.ts';
import { readText } from '../../lexicon/readText.ts';
import type { WordList } from '../../lexicon/types.ts';
import type { StageName } from '../../train/recipes.ts';
import type { CodeSwitching } from '../lexicon/codeSwitching.svelte.ts';
import type { Learned } from '../models/models.svelte.ts';
import { languageName } from '../shared/languages.ts';
import { developmentProblems, measuredLanguages } from './development.ts';
import { configOf, draftOf, type Draft } from './draft.ts';
import { fieldProblem, fieldsOf, needsLists } from './fields.ts';
import type { PresetId } from './presets.ts';
import { builtIn, builtInSentences, ownSentences, type OwnSentences } from './sentences.ts';
import { stageName } from './stages.ts';

/** What the form needs of the rest of the page. */
export interface SetupSources {
  /** The person's word lists. */
  lists(): readonly ListSummary[];
  /** A whole list. */
  list(id: string): Promise<WordList>;
  /** How sentences are code-switched, and how often each list is drawn; 0 leaves one out. */
  switching: Pick<CodeSwitching, 'settings' | 'weightOf' | 'setWeight'>;
  /** The bridge that Ask uses in place of the bundle's. */
  learned(): Learned | null;
  /** A file of the page. @throws when it cannot be fetched */
  fetchText(path: string): Promise<string>;
}

/** A list that can take part. */
export interface ListChoice {
  summary: ListSummary;
  /** How often it is drawn, relative to the others; 0 leaves it out. */
  weight: number;
}

/** A list's pairs and the sentences that are enough for an estimate: it looks at a sample only. */
const estimateSample = 1000;

export class Setup {
  draft: Draft = $state(draftOf('stage1-words', 'quick', builtIn.count));
  /** What the run shall be called; empty for a name made of its languages. */
  name = $state('');
  own: OwnSentences | null = $state.raw(null);
  /** Why a person's file was not taken. */
  ownError: LinguaLiftError | null = $state.raw(null);
  estimate: Estimate | null = $state.raw(null);
  estimateError: LinguaLiftError | null = $state.raw(null);

  readonly #sources: SetupSources;
  #estimates = 0;

  constructor(sources: SetupSources) {
    this.#sources = sources;
  }

  get sentenceCount(): number {
    return this.own?.sentences.length ?? builtIn.count;
  }

  /** All lists that have words. */
  get lists(): ListChoice[] {
    return this.#sources
      .lists()
      .filter(({ entries }) => entries > 0)
      .map((summary) => ({ summary, weight: this.#sources.switching.weightOf(summary.id) }));
  }

  /** The lists that the run will learn from. */
  get taking(): ListChoice[] {
    return needsLists(this.draft.stage) ? this.lists.filter(({ weight }) => weight > 0) : [];
  }

  /** BCP 47 tags of the lists that take part, none where the stage needs none. */
  get languages(): string[] {
    const tags = this.taking.map(({ summary }) => summary.language);
    return tags.filter((tag, index) => tags.indexOf(tag) === index);
  }

  /** The bridge that was brought from a file, which a run may begin with. */
  get imported(): Learned | null {
    const learned = this.#sources.learned();
    return learned?.id.startsWith('file:') ? learned : null;
  }

  /** What keeps the run from being started, as sentences. */
  get problems(): string[] {
    const { draft } = this;
    const fields = fieldsOf(draft).flatMap((field) => {
      const problem = fieldProblem(field, draft[field.key]);
      return problem === null ? [] : [`${field.label}: ${problem}`];
    });
    const lists =
      needsLists(draft.stage) && this.taking.length === 0
        ? ['This stage needs a word list: take one that is there, or add one.']
        : [];
    const targets =
      draft.targets.length === 0 && draft.stage === 'stage2-lora'
        ? ['LoRA needs at least one place beside the weights.']
        : [];
    const heads =
      draft.start === 'scratch' && draft.kind === 'latent' && draft.hiddenDim % draft.heads !== 0
        ? ['Attention heads: their number must divide the hidden width.']
        : [];
    const file =
      draft.start.startsWith('file:') && draft.start !== this.imported?.id
        ? ['The imported bridge that it was to start from is no longer in use. Choose another.']
        : [];
    const solutions =
      this.own !== null &&
      this.own.withoutSolution === this.own.sentences.length &&
      !needsLists(draft.stage)
        ? ['None of your answers shows calculations, and this stage learns from them.']
        : [];
    return [...lists, ...fields, ...targets, ...heads, ...file, ...solutions];
  }

  /** What the run is called. */
  get title(): string {
    const typed = this.name.trim();
    if (typed !== '') return typed;
    const languages = this.languages.map(languageName).join(', ');
    const stage = stageName(this.draft.stage).split(':')[0] ?? '';
    return languages === '' ? stage : `${languages}, ${stage.toLowerCase()}`;
  }

  /** Begins the form anew for a stage, with the preset that is chosen. */
  setStage(stage: StageName): void {
    this.draft = draftOf(stage, this.draft.preset, this.sentenceCount);
  }

  setPreset(preset: PresetId): void {
    this.draft = draftOf(this.draft.stage, preset, this.sentenceCount);
  }

  /** @param weight 0 leaves the list out */
  setWeight(id: string, weight: number): void {
    this.#sources.switching.setWeight(id, weight);
  }

  /** Takes a person's own sentences; `ownError` says why if they cannot be taken. */
  async takeFile(file: File, manifest: BundleManifest): Promise<void> {
    try {
      this.ownError = null;
      this.own = ownSentences(file.name, await readText(file.name, file), manifest);
    } catch (thrown) {
      this.ownError =
        thrown instanceof Error && !(thrown instanceof LinguaLiftError)
          ? new LinguaLiftError('not-read', thrown.message)
          : LinguaLiftError.from(thrown);
    }
  }

  /** Goes back to the built-in sentences. */
  takeBuiltIn(): void {
    this.own = null;
    this.ownError = null;
  }

  config(): RunConfig {
    return configOf($state.snapshot(this.draft) as Draft, this.#sources.switching.settings);
  }

  /** The run as the form has it. */
  async run(manifest: BundleManifest): Promise<NewRun> {
    const imported = this.imported?.replacement.alignment ?? null;
    return { config: this.config(), data: await this.#data(manifest), imported };
  }

  /** Everything that the run learns from and is measured with. */
  async #data(manifest: BundleManifest): Promise<RunData> {
    const { fetchText, list } = this.#sources;
    const codes = manifest.languages.map(({ code }) => code);
    const [sentences, lists, development] = await Promise.all([
      this.own?.sentences ??
        fetchText(builtIn.path).then((text) => builtInSentences(text, manifest)),
      Promise.all(
        this.taking.map(async ({ summary, weight }) => ({ list: await list(summary.id), weight })),
      ),
      developmentProblems(
        measuredLanguages(this.languages, codes),
        this.draft.developmentItems,
        fetchText,
      ),
    ]);
    return { sentences, lists, development };
  }

  /**
   * Finds out what the run would take; the newest of several calls counts.
   * @param ask asks the worker
   */
  async refreshEstimate(
    manifest: BundleManifest,
    ask: (run: NewRun) => Promise<Estimate>,
  ): Promise<void> {
    const number = ++this.#estimates;
    if (this.problems.length > 0) {
      this.estimate = null;
      return;
    }
    try {
      const run = await this.run(manifest);
      const { sentences, lists } = run.data;
      const sample: RunData = {
        sentences: sentences.slice(0, estimateSample),
        lists: lists.map(({ list, weight }) => ({
          list: { ...list, pairs: list.pairs.slice(0, estimateSample) },
          weight,
        })),
        development: [],
      };
      const estimate = await ask({ ...run, data: sample });
      if (number !== this.#estimates) return;
      this.estimate = estimate;
      this.estimateError = null;
    } catch (thrown) {
      if (number !== this.#estimates) return;
      this.estimate = null;
      this.estimateError = LinguaLiftError.from(thrown);
    }
  }
}

export const [getSetup, setSetup] = createContext<Setup>();
