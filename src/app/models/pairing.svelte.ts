// The form of a new bundle: which encoder, which LLM, each in which format, and what is missing of them. One instance is
// made in App.svelte, so that what a person has picked stays when another room is opened.
import { createContext } from 'svelte';
import type { Dtype, ModelKind, ModelPick } from '../../../workers/models-protocol.ts';
import { choicesOf, type Choice, type Format } from './choices.ts';
import type { Library } from './library.svelte.ts';

/** A model in the format that it is to have. */
export interface Picked {
  choice: Choice;
  format: Format;
  /** The format that was recommended is not the one that the person wants. */
  isOwnFormat: boolean;
}

export const parts: readonly ModelKind[] = ['encoder', 'llm'];

export class Pairing {
  /** What the bundle shall be called; empty for a name made of its parts. */
  name = $state('');
  readonly #library: Pick<Library, 'overview' | 'listed'>;
  #repositories: Partial<Record<ModelKind, string>> = $state.raw({});
  /** Formats that a person chose, by repository. */
  #formats: Partial<Record<string, Dtype>> = $state.raw({});

  constructor(library: Pick<Library, 'overview' | 'listed'>) {
    this.#library = library;
  }

  choices(kind: ModelKind): Choice[] {
    const { overview, listed } = this.#library;
    return overview ? choicesOf(kind, overview, listed) : [];
  }

  pick(kind: ModelKind, repository: string): void {
    this.#repositories = { ...this.#repositories, [kind]: repository };
  }

  pickFormat(repository: string, dtype: Dtype): void {
    this.#formats = { ...this.#formats, [repository]: dtype };
  }

  /** What is picked for a part; `null` while nothing is, or while what was picked is gone. */
  picked(kind: ModelKind): Picked | null {
    const repository = this.#repositories[kind];
    const choice = this.choices(kind).find((candidate) => candidate.repository === repository);
    const format = choice && this.formatOf(choice);
    if (!choice || !format) return null;
    return { choice, format, isOwnFormat: format.dtype !== choice.recommended };
  }

  /** The format that a model would have: the person's, else the recommended, else the first. */
  formatOf({ repository, formats, recommended }: Choice): Format | undefined {
    const wanted = [this.#formats[repository], recommended];
    const found = wanted.map((dtype) => formats.find((format) => format.dtype === dtype));
    return found.find((format) => format !== undefined) ?? formats[0];
  }

  /** What is picked and not on this device. */
  get missing(): Picked[] {
    return parts.flatMap((kind) => this.picked(kind) ?? []).filter(({ format }) => !format.isWhole);
  }

  get missingBytes(): number {
    return this.missing.reduce((sum, { format }) => sum + format.missingBytes, 0);
  }

  /** Both models, once they are whole. */
  get ready(): { encoder: ModelPick; llm: ModelPick } | null {
    const [encoder, llm] = parts.map((kind) => wholePick(this.picked(kind)));
    return encoder && llm ? { encoder, llm } : null;
  }

  /** What the bundle is called unless the person gives it a name. */
  get title(): string {
    return parts.flatMap((kind) => this.picked(kind)?.choice.name ?? []).join(' + ');
  }

  /** What has to be done before the bundle can be put together, as sentences. */
  get problems(): string[] {
    const sentences: Record<ModelKind, string> = {
      encoder: 'Choose an encoder.',
      llm: 'Choose an LLM.',
    };
    return parts.filter((kind) => this.picked(kind) === null).map((kind) => sentences[kind]);
  }
}

function wholePick(picked: Picked | null): ModelPick | null {
  if (!picked?.format.isWhole || picked.choice.commit === null) return null;
  const { repository, commit } = picked.choice;
  return { repository, commit, dtype: picked.format.dtype };
}

export const [getPairing, setPairing] = createContext<Pairing>();
