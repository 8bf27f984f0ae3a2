// The person's word lists, as every room sees them: which there are, which one is open, what is being read,
// and what went wrong. One instance is made in App.svelte and handed down by context. The words themselves
// stay in the lexicon worker; rooms ask for what they show.
import { createContext } from 'svelte';
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { ListSummary } from '../../lexicon/shelf.ts';
import type { WordPair } from '../../lexicon/types.ts';
import type { LexiconClient } from '../../../workers/lexicon-client.ts';
import type { CallName, LexiconCalls } from '../../../workers/lexicon-protocol.ts';
import { languageName } from '../shared/languages.ts';

/** What the page needs of a `LexiconClient`. */
export type LexiconCaller = Pick<LexiconClient, 'call'>;

/** A file to read, or pasted text. */
export interface Incoming {
  name: string;
  /** Called when its turn comes. */
  open: () => Blob | Promise<Blob>;
  /** BCP 47 tag; guessed if missing. */
  language?: string;
}

/** Something that went wrong, until the person has read it. */
export interface Failure {
  id: number;
  title: string;
  error: LinguaLiftError;
}

/** The file that is being read, and its place among those that were added with it. */
export interface Reading {
  name: string;
  number: number;
  total: number;
}

/** The calls that change lists and answer with all of them. */
type Change = {
  [Name in CallName]: LexiconCalls[Name]['result'] extends ListSummary[] ? Name : never;
}[CallName];

export class Lexicons {
  /** `null` until the lists of earlier visits have been read. */
  lists: ListSummary[] | null = $state.raw(null);
  /** Grows with every change: what is shown of a list has to be asked for again. */
  version = $state(0);
  reading: Reading | null = $state.raw(null);
  failures: Failure[] = $state.raw([]);
  /** What was done last and can be taken back, as a sentence. */
  undoable: string | null = $state(null);

  readonly #client: LexiconCaller;
  #pickedId: string | null = $state(null);
  #queue: Incoming[] = [];
  /** Files that were added since the queue was last empty. */
  #added = 0;
  #reads: AbortController | null = null;
  #opening: Promise<void> | null = null;
  #nextFailure = 1;

  constructor(client: LexiconCaller) {
    this.#client = client;
  }

  /** The list that the room shows: the one that was picked, or the newest. */
  get open(): ListSummary | null {
    const lists = this.lists ?? [];
    return lists.find(({ id }) => id === this.#pickedId) ?? lists.at(-1) ?? null;
  }

  /** Fetches the lists of earlier visits. Further calls do nothing, unless the first one failed. */
  load(): Promise<void> {
    this.#opening ??= this.#load();
    return this.#opening;
  }

  /** Asks the worker for something that changes nothing. */
  ask: LexiconCaller['call'] = (name, request, options) =>
    this.#client.call(name, request, options);

  pick(id: string): void {
    this.#pickedId = id;
  }

  /** Reads files, one after the other; one that cannot be read is a failure, and the next one is read. */
  async add(incoming: readonly Incoming[]): Promise<void> {
    this.#queue.push(...incoming);
    this.#added += incoming.length;
    if (this.#reads !== null) return;
    const reads = new AbortController();
    this.#reads = reads;
    for (let number = 1, next = this.#queue.shift(); next; number++, next = this.#queue.shift()) {
      this.reading = { name: next.name, number, total: this.#added };
      await this.#read(next, reads.signal);
    }
    this.#reads = null;
    this.#added = 0;
    this.reading = null;
  }

  /** Stops reading; lists that have been read stay. */
  cancel(): void {
    this.#queue = [];
    this.#reads?.abort();
  }

  dismiss(failure: Failure): void {
    this.failures = this.failures.filter(({ id }) => id !== failure.id);
  }

  rename({ id, name }: ListSummary, wanted: string): Promise<boolean> {
    const to = wanted.trim();
    if (to === '' || to === name) return Promise.resolve(true);
    return this.#change('rename', { id, name: to }, `${name} is now called ${to}.`);
  }

  setLanguage({ id, name }: ListSummary, language: string): Promise<boolean> {
    const done = `${name} is set to ${languageName(language)}.`;
    return this.#change('setLanguage', { id, language }, done);
  }

  swap({ id, name }: ListSummary): Promise<boolean> {
    return this.#change('swap', { id }, `The sides of ${name} are swapped.`);
  }

  merge({ id, name }: ListSummary, other: ListSummary): Promise<boolean> {
    return this.#change('merge', { id, other: other.id }, `${other.name} is merged into ${name}.`);
  }

  remove({ id, name }: ListSummary): Promise<boolean> {
    return this.#change('remove', { id }, `${name} is deleted.`);
  }

  undo(): Promise<boolean> {
    return this.#change('undo', {}, null);
  }

  /**
   * Changes, adds (`before` is `null`) or removes (`after` is `null`) a pair.
   * @returns what is wrong with the new pair as a sentence, or `null`
   */
  async edit(
    { id }: ListSummary,
    before: WordPair | null,
    after: WordPair | null,
  ): Promise<string | null> {
    const pair = before ?? after;
    const what = before === null ? 'added' : after === null ? 'removed' : 'changed';
    try {
      this.#receive(await this.#client.call('edit', { id, before, after }));
      this.undoable = pair === null ? null : `${pair.foreign} – ${pair.english} is ${what}.`;
      return null;
    } catch (thrown) {
      const error = LinguaLiftError.from(thrown);
      if (error.code === 'bad-pair') return error.message;
      this.#fail('The list was not changed', error);
      return null;
    }
  }

  async #load(): Promise<void> {
    try {
      this.lists = await this.#client.call('lists', {});
    } catch (thrown) {
      this.#opening = null;
      this.#fail(
        'The word lists of earlier visits could not be read',
        LinguaLiftError.from(thrown),
      );
    }
  }

  async #read({ name, open, language }: Incoming, signal: AbortSignal): Promise<void> {
    try {
      const file = await open();
      const { id, lists } = await this.#client.call('import', { name, file, language }, { signal });
      this.#receive(lists);
      this.#pickedId = id;
    } catch (thrown) {
      const error = LinguaLiftError.from(thrown);
      if (error.code !== 'cancelled') this.#fail(`${name} was not added`, error);
    }
  }

  /** Has the worker change something; whether it did. */
  async #change<Name extends Change>(
    name: Name,
    request: LexiconCalls[Name]['request'],
    done: string | null,
  ): Promise<boolean> {
    try {
      this.#receive((await this.#client.call(name, request)) as ListSummary[]);
      this.undoable = done;
      return true;
    } catch (thrown) {
      this.#fail('The list was not changed', LinguaLiftError.from(thrown));
      return false;
    }
  }

  #receive(lists: ListSummary[]): void {
    this.lists = lists;
    this.version++;
  }

  #fail(title: string, error: LinguaLiftError): void {
    this.failures = [...this.failures, { id: this.#nextFailure++, title, error }];
  }
}

export const [getLexicons, setLexicons] = createContext<Lexicons>();
