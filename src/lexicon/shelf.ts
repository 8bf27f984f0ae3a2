// A person's word lists: read from files, looked at, changed, and kept across visits. Every change but an
// import can be taken back, the last one at a time.
import { coverageOf, listStatistics, type Coverage, type ListStatistics } from './coverage.ts';
import { LexiconError } from './errors.ts';
import { importList } from './importList.ts';
import { findPairs, mergePairs, replacePair, swapSides } from './pairs.ts';
import type { RejectedLine, WordList, WordPair } from './types.ts';

/** What can be said of a list without opening it. */
export interface ListSummary {
  id: string;
  name: string;
  /** BCP 47 tag of the foreign side, `und` while nobody knows. */
  language: string;
  entries: number;
  /** Lines of its file that are not in it. */
  rejected: number;
  /** When it came, in milliseconds since 1970: the order of the lists. */
  since: number;
  /** Whether it will be there at the next visit: `false` when the browser could not store it. */
  kept: boolean;
}

/** What a list is made of. Never changed in place. */
export interface ListContent {
  pairs: readonly WordPair[];
  rejected: readonly RejectedLine[];
  /**
   * The text that the list was read from, until the first edit: language and sides decide how lines are
   * read, so while it is there, a change of either reads them again.
   */
  source: ListSource | null;
}

export interface ListSource {
  name: string;
  text: string;
  swapped: boolean;
}

/** A list as it is stored. */
export interface StoredList {
  /** Without `kept`, which is true of every stored list. */
  summary: Omit<ListSummary, 'kept'>;
  content: ListContent;
}

/** Where lists are kept. */
export interface ListStore {
  summaries(): Promise<StoredList['summary'][]>;
  content(id: string): Promise<ListContent | undefined>;
  save(list: StoredList): Promise<void>;
  remove(id: string): Promise<void>;
}

/** A stretch of a long table. */
export interface Rows<Row> {
  /** Rows of the whole table. */
  total: number;
  rows: readonly Row[];
}

export interface ListFigures {
  statistics: ListStatistics;
  coverage: Coverage;
}

export class Shelf {
  readonly #store: ListStore;
  readonly #summaries = new Map<string, StoredList['summary']>();
  /** Of the lists that have been opened. */
  readonly #contents = new Map<string, ListContent>();
  readonly #unkept = new Set<string>();
  /** The lists that the last change was about, as they were before it; `null` for one that was not there. */
  #before = new Map<string, StoredList | null>();
  /** The change that is under way: they are made one after the other, each from what the last one left. */
  #turn: Promise<unknown> = Promise.resolve();
  /** What the last search found. Pairs are never changed in place, so they tell whether it still holds. */
  #found: { pairs: readonly WordPair[]; search: string; places: number[] } | null = null;

  private constructor(store: ListStore) {
    this.#store = store;
  }

  /** A shelf with the lists of earlier visits; empty where the store cannot be read. */
  static async open(store: ListStore): Promise<Shelf> {
    const shelf = new Shelf(store);
    // A browser may forbid storage; lists can be used all the same, and `kept` tells what becomes of them.
    const stored = await store.summaries().catch(() => []);
    for (const summary of stored) shelf.#summaries.set(summary.id, summary);
    return shelf;
  }

  /** All lists, in the order in which they came. */
  summaries(): ListSummary[] {
    return Array.from(this.#summaries.values(), (summary) => ({
      ...summary,
      kept: !this.#unkept.has(summary.id),
    })).sort((a, b) => a.since - b.since);
  }

  /**
   * Reads a list and puts it on the shelf.
   * @param name of the file; the list is named after it
   * @returns the new list's id
   * @throws LexiconError as `importList`
   */
  async add(name: string, text: string, language?: string): Promise<string> {
    const imported = importList(name, text, { language });
    const { pairs, rejected } = imported;
    const id = crypto.randomUUID();
    await this.#inTurn(() => {
      const summary = {
        id,
        name: this.#freeName(imported.name),
        language: imported.language,
        entries: pairs.length,
        rejected: rejected.length,
        since: Date.now(),
      };
      const content = { pairs, rejected, source: { name, text, swapped: false } };
      return this.#put(id, { summary, content });
    });
    return id;
  }

  /** The list as code-switching and training take it. */
  async list(id: string): Promise<WordList> {
    const { name, language } = this.#summaryOf(id);
    const { pairs } = await this.#contentOf(id);
    return { id, name, language, pairs: [...pairs] };
  }

  /** Pairs from one place to before another, of those that have `search` in either side. */
  async pairs(id: string, search: string, from: number, to: number): Promise<Rows<WordPair>> {
    const { pairs } = await this.#contentOf(id);
    if (search.trim() === '') return { total: pairs.length, rows: pairs.slice(from, to) };
    if (this.#found?.pairs !== pairs || this.#found.search !== search) {
      this.#found = { pairs, search, places: findPairs(pairs, search) };
    }
    const { places } = this.#found;
    const rows = places.slice(from, to).flatMap((place) => pairs[place] ?? []);
    return { total: places.length, rows };
  }

  /** Rejected lines from one place to before another. */
  async rejected(id: string, from: number, to: number): Promise<Rows<RejectedLine>> {
    const { rejected } = await this.#contentOf(id);
    return { total: rejected.length, rows: rejected.slice(from, to) };
  }

  /** Counts a list, and how much of some English sentences it covers. */
  async figures(id: string, sentences: Iterable<string>): Promise<ListFigures> {
    const { pairs } = await this.#contentOf(id);
    return { statistics: listStatistics(pairs), coverage: coverageOf(pairs, sentences) };
  }

  rename(id: string, name: string): Promise<void> {
    return this.#replace(id, ({ summary, content }) => ({
      summary: { ...summary, name },
      content,
    }));
  }

  /** Sets the language, and reads the file by its rules if the list has not been edited. */
  setLanguage(id: string, language: string): Promise<void> {
    return this.#replace(id, ({ summary, content }) =>
      readAgain({ summary: { ...summary, language }, content }),
    );
  }

  /** Takes the foreign side for the English one, and the other way round. */
  swap(id: string): Promise<void> {
    return this.#replace(id, ({ summary, content }) => {
      const { source } = content;
      if (source === null) {
        return { summary, content: { ...content, pairs: swapSides(content.pairs) } };
      }
      const swapped = { ...source, swapped: !source.swapped };
      return readAgain({ summary, content: { ...content, source: swapped } });
    });
  }

  /**
   * Changes, adds or removes a pair; see `replacePair`.
   * @throws LexiconError `bad-pair`
   */
  edit(id: string, before: WordPair | null, after: WordPair | null): Promise<void> {
    return this.#replace(id, ({ summary, content }) =>
      withPairs({ summary, content }, replacePair(content.pairs, before, after, summary.language)),
    );
  }

  /** Adds the pairs of another list, which goes. */
  merge(id: string, otherId: string): Promise<void> {
    return this.#inTurn(async () => {
      const list = await this.#stored(id);
      const other = await this.#contentOf(otherId);
      const merged = withPairs(list, mergePairs(list.content.pairs, other.pairs));
      await this.#change([
        [id, merged],
        [otherId, null],
      ]);
    });
  }

  remove(id: string): Promise<void> {
    return this.#inTurn(() => this.#change([[id, null]]));
  }

  /** Takes the last change back. */
  undo(): Promise<void> {
    return this.#inTurn(() => this.#change([...this.#before]));
  }

  #replace(id: string, change: (list: StoredList) => StoredList): Promise<void> {
    return this.#inTurn(async () => this.#change([[id, change(await this.#stored(id))]]));
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    // Whoever asked for a change hears that it failed; the next one is made all the same.
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Puts lists in the place of what was there, and remembers what was. */
  async #change(changes: [id: string, list: StoredList | null][]): Promise<void> {
    const before = new Map<string, StoredList | null>();
    for (const [id] of changes) {
      before.set(id, this.#summaries.has(id) ? await this.#stored(id) : null);
    }
    this.#before = before;
    for (const [id, list] of changes) await this.#put(id, list);
  }

  async #put(id: string, list: StoredList | null): Promise<void> {
    if (list === null) {
      this.#summaries.delete(id);
      this.#contents.delete(id);
    } else {
      this.#summaries.set(id, list.summary);
      this.#contents.set(id, list.content);
    }
    try {
      await (list === null ? this.#store.remove(id) : this.#store.save(list));
      this.#unkept.delete(id);
    } catch {
      // Full or forbidden storage: the list goes on in memory, and its summary says so.
      this.#unkept.add(id);
    }
  }

  async #stored(id: string): Promise<StoredList> {
    return { summary: this.#summaryOf(id), content: await this.#contentOf(id) };
  }

  #summaryOf(id: string): StoredList['summary'] {
    const summary = this.#summaries.get(id);
    if (summary === undefined) throw gone();
    return summary;
  }

  async #contentOf(id: string): Promise<ListContent> {
    const content = this.#contents.get(id) ?? (await this.#store.content(id));
    if (content === undefined) throw gone();
    this.#contents.set(id, content);
    return content;
  }

  /** The name, with a number if another list has it. */
  #freeName(name: string): string {
    const taken = new Set(Array.from(this.#summaries.values(), (summary) => summary.name));
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name} (${number})`;
    return free;
  }
}

/** The list with its lines read by the rules of its language and sides, if their text is still there. */
function readAgain({ summary, content }: StoredList): StoredList {
  const { source } = content;
  if (source === null) return { summary, content };
  const { pairs, rejected } = importList(source.name, source.text, {
    language: summary.language,
    swap: source.swapped,
  });
  return {
    summary: { ...summary, entries: pairs.length, rejected: rejected.length },
    content: { pairs, rejected, source },
  };
}

/** The list with other pairs: it has been edited, so its lines are not read again. */
function withPairs(
  { summary, content: { rejected } }: StoredList,
  pairs: readonly WordPair[],
): StoredList {
  return {
    summary: { ...summary, entries: pairs.length },
    content: { pairs, rejected, source: null },
  };
}

function gone(): LexiconError {
  return new LexiconError(
    'no-list',
    'This word list is no longer here. Perhaps it was deleted in another tab; reload the page.',
  );
}
