// The typed messages between the page and the evaluation worker, which reads data sets, carries runs on, keeps them
// and counts. The models are elsewhere (protocol.ts): the worker says what is to be asked, and the page has it asked.
// Texts of samples never cross as a whole; the page asks for the rows and the item that it shows.
import type { AnswerOptions, Answer, Route } from '../src/bridge/types.ts';
import type { ErrorData } from '../src/bundle/errors.ts';
import type { FileDescription } from '../src/evaluate/datasets/describe.ts';
import type { Mapping } from '../src/evaluate/datasets/mapping.ts';
import type { MalformedLine } from '../src/evaluate/datasets/problem.ts';
import type { ExportedFile, ExportKind } from '../src/evaluate/exchange/exportFile.ts';
import type { ItemFilter, ItemRow } from '../src/evaluate/items.ts';
import type { PairedComparison } from '../src/evaluate/paired.ts';
import type {
  DataFacts,
  Extractor,
  ModelFacts,
  RunConfig,
  RunRecord,
  Sample,
  SelfCheck,
} from '../src/evaluate/record.ts';
import type { SentencePair } from '../src/evaluate/retrieval/pairs.ts';
import type { Progress } from '../src/evaluate/runner.ts';
import type { StoredRun } from '../src/evaluate/store.ts';
import type { Summary } from '../src/evaluate/summary.ts';
import type { Rows } from '../src/lexicon/shelf.ts';
import type { CheckedItem } from './self-check.ts';

/** A data set that the page knows, as plain data. */
export interface KnownSet {
  id: string;
  name: string;
  description: string;
  licence: { name: string; url: string };
  home: string;
  languages: readonly string[];
  /** Bytes by language of what is downloaded; `null` for what comes with the page. */
  bytes: Readonly<Record<string, number>> | null;
  /** Languages whose files are on this device. */
  stored: readonly string[];
  hasExemplars: boolean;
}

/** Data that was read, without its problems. */
export interface DataSummary {
  /** As `RunConfig.dataset`. */
  dataset: string;
  facts: DataFacts;
  /** Languages that have problems, in their order, and how many. */
  languages: { lang: string; problems: number }[];
  /** The first rows that are no problems; `facts.malformed` says how many there are. */
  malformed: (MalformedLine & { source: string })[];
}

/** A person's own file, before it is read. */
export interface OwnFile {
  name: string;
  description: FileDescription;
  /** The published file that it is a copy of, by its name. */
  recognised: { set: string; name: string; lang: string } | null;
}

/** The published sentence pairs that the page knows, and what of them is on this device. */
export interface PairSet {
  name: string;
  licence: { name: string; url: string };
  home: string;
  languages: { tag: string; pairs: number; bytes: number; isStored: boolean }[];
}

/** Sentence pairs that were read, without the pairs. */
export interface PairSummary {
  name: string;
  /** BCP 47 tags of the two sides; `und` for one that could not be told. */
  source: string;
  target: string;
  pairs: number;
  /** A few, to look at. */
  first: SentencePair[];
  /** How many lines are no pairs, and the first of them. */
  malformedLines: number;
  malformed: MalformedLine[];
}

/** Sentence pairs to search. */
export interface DrawnPairs {
  pairs: SentencePair[];
  /** SHA-256 over the sentences in their order. */
  sha256: string;
}

/** One side of a comparison: a route of a run. */
export interface Side {
  run: string;
  route: Route;
}

/** Two sides over the problems that both were asked. */
export interface Comparison {
  overall: PairedComparison;
  perLanguage: {
    lang: string;
    pairs: number;
    /** Right answers of each side. */
    first: number;
    second: number;
    comparison: PairedComparison;
  }[];
}

/** `against` is what the filter `changed` compares with; `route: null` pairs each item with its own route. */
export interface ItemQuery extends ItemFilter {
  run: string;
  against: { run: string; route: Route | null } | null;
}

/** Bytes of a download so far and, where that is known, in all. */
export interface BytesRead {
  loadedBytes: number;
  totalBytes: number | null;
}

export interface EvaluationCalls {
  sets: { request: object; result: KnownSet[] };
  /** Reads a data set, from this device or from its home. */
  fetch: {
    request: { set: string; languages: string[] };
    result: DataSummary;
    progress: BytesRead;
  };
  /** Removes what is stored of a data set. */
  forget: { request: { set: string }; result: KnownSet[] };
  /** Looks at a person's files. They are kept until others come. */
  open: { request: { files: { name: string; file: Blob }[] }; result: OwnFile[] };
  /** Reads the opened files; `null` for one that is recognised. */
  read: { request: { mappings: (Mapping | null)[] }; result: DataSummary };
  pairSet: { request: object; result: PairSet };
  /** Reads the published pairs of a language, from this device or from their home. */
  fetchPairs: { request: { tag: string }; result: PairSummary; progress: BytesRead };
  /** Removes what is stored of a language's pairs. */
  forgetPairs: { request: { tag: string }; result: PairSet };
  /** Reads pairs of a person's own: one table, or two files whose lines belong together. */
  openPairs: { request: { files: { name: string; file: Blob }[] }; result: PairSummary };
  /** Draws from the pairs that were read last; `null` for all of them. */
  drawPairs: { request: { limit: number | null; seed: number }; result: DrawnPairs };
  /** All runs, the newest first. */
  runs: { request: object; result: StoredRun[] };
  /** Makes a run of the data that was read last and returns what is to be checked before it goes (`selfCheck`). */
  create: {
    request: { name: string; config: RunConfig; models: ModelFacts };
    result: { run: StoredRun; check: CheckedItem[] };
  };
  /** Starts a run or goes on with it, once the run that goes is paused. */
  go: {
    request: { run: string; models: ModelFacts; selfCheck?: SelfCheck };
    result: RunRecord;
  };
  /** Resolves when the run is at rest. */
  pause: { request: { run: string }; result: null };
  stop: { request: { run: string }; result: null };
  rename: { request: { run: string; name: string }; result: RunRecord };
  remove: { request: { run: string }; result: null };
  /** Counts a run. */
  summary: { request: { run: string }; result: Summary };
  /** Which languages count as high-resource from now on. */
  group: { request: { high: string[] }; result: null };
  items: { request: ItemQuery & { from: number; to: number }; result: Rows<ItemRow> };
  item: { request: { run: string; index: number }; result: Sample | null };
  compare: {
    request: { first: Side; second: Side; extractor: Extractor };
    result: Comparison;
  };
  export: { request: { run: string; kind: ExportKind }; result: ExportedFile };
  import: { request: { files: { name: string; file: Blob }[] }; result: StoredRun };
}

export type CallName = keyof EvaluationCalls;

/** What came of one question that the page had asked. */
export type AskedOutcome = Answer | ErrorData;

/** What the page posts beside its calls. */
export type EvaluationReply =
  /** What came of the questions of `ask`. */
  | { type: 'asked'; ask: number; outcomes: AskedOutcome[] }
  | { type: 'ask-failed'; ask: number; error: ErrorData };

/** Unasked. */
export type EvaluationEvent =
  /** A run is further, or was counted anew. */
  | { type: 'progress'; run: string; progress: Progress; summary: Summary }
  | { type: 'status'; record: RunRecord }
  /** Have the models answer these, side by side. */
  | { type: 'ask'; ask: number; run: string; questions: readonly string[]; options: AnswerOptions }
  /** What was to be asked is of no use any more. */
  | { type: 'unask'; ask: number };
