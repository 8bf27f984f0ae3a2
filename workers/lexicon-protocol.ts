// The typed messages between the page and the lexicon worker: what can be asked, and what comes back
// (calls-protocol.ts says how). Long tables stay in the worker; the page asks for the rows it shows.
import type { CodeSwitchSettings, SwitchedPiece } from '../src/lexicon/codeSwitch.ts';
import type { ListFigures, ListSummary, Rows } from '../src/lexicon/shelf.ts';
import type { RejectedLine, WordList, WordPair } from '../src/lexicon/types.ts';

/** A list by its id. */
interface OneList {
  id: string;
}

/** A stretch of a table: rows `from` ... `to - 1`. */
interface Stretch extends OneList {
  from: number;
  to: number;
}

/** A training sentence, its numbers in place, as a model that learns the lists would read it. */
export interface PreviewSentence {
  english: string;
  /** BCP 47 tag of the list that was used; `null` when the sentence stayed English. */
  language: string | null;
  pieces: SwitchedPiece[];
}

/** Everything that can be asked. Changes answer with the lists as they are afterwards. */
export interface LexiconCalls {
  lists: { request: object; result: ListSummary[] };
  /** Reads a file. `language` is guessed if missing. */
  import: {
    request: { name: string; file: Blob; language?: string };
    result: { id: string; lists: ListSummary[] };
  };
  rename: { request: OneList & { name: string }; result: ListSummary[] };
  setLanguage: { request: OneList & { language: string }; result: ListSummary[] };
  swap: { request: OneList; result: ListSummary[] };
  /** `before` is `null` to add a pair, `after` to remove one. */
  edit: {
    request: OneList & { before: WordPair | null; after: WordPair | null };
    result: ListSummary[];
  };
  /** The pairs of `other` are added to the list `id`, and `other` goes. */
  merge: { request: OneList & { other: string }; result: ListSummary[] };
  remove: { request: OneList; result: ListSummary[] };
  /** Takes the last change back. */
  undo: { request: object; result: ListSummary[] };
  /** A whole list, for code-switching and training. */
  list: { request: OneList; result: WordList };
  pairs: { request: Stretch & { search: string }; result: Rows<WordPair> };
  rejected: { request: Stretch; result: Rows<RejectedLine> };
  figures: { request: OneList; result: ListFigures };
  /** At most `count` pairs from all over a list. */
  sample: { request: OneList & { count: number }; result: WordPair[] };
  /** The list as MUSE text. */
  exportList: { request: OneList; result: Blob };
  /** The rejected lines as tab-separated text. */
  exportRejected: { request: OneList; result: Blob };
  preview: {
    request: { settings: CodeSwitchSettings; weights: { id: string; weight: number }[] };
    result: PreviewSentence[];
  };
}

export type CallName = keyof LexiconCalls;
