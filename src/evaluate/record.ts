// What an evaluation writes down: what was asked, of which models, under which rules, and what came of every
// item. A record holds all that is needed to repeat it. The page and `npm run evaluate` write the same one.
import type { Provider, Route, StopReason, Timings } from '../bridge/types.ts';

/** How a number is taken out of an answer, in the order of the page's columns (extract.ts). */
export const extractors = ['strict', 'flexible', 'last-number'] as const;
export type Extractor = (typeof extractors)[number];

/** What a person chooses. Two runs with equal configs over equal data and models give equal samples. */
export interface RunConfig {
  /** A data set's id: `built-in`, `mgsm`, `msvamp`, or the name of a person's own file. */
  dataset: string;
  languages: readonly string[];
  routes: readonly Route[];
  /** Problems a language, drawn with `seed`; `null` for all. Languages with parallel ids draw the same problems. */
  limit: number | null;
  seed: number;
  /** Worked problems in front of each question on the routes where the LLM reads text; 0 for none. */
  exemplars: number;
  calculator: boolean;
  maxNewTokens: number;
  /** Items decoded side by side. Recorded, because sums in another order may round another way. */
  batchSize: number;
}

/** The data that was read. */
export interface DataFacts {
  name: string;
  licence: string;
  /** Where it came from: addresses or file names. */
  sources: readonly string[];
  /** SHA-256 over the problems of all languages as they were read, before any were left out. */
  sha256: string;
  /** Lines that were no problems. */
  malformed: number;
}

/** The models that were asked. */
export interface ModelFacts {
  bundle: string;
  /** SHA-256 of `bundle.json`, which names the hash of every other file. */
  bundleSha256: string;
  /** What stood in the place of `lingualift`, if anything: its name and the hash of its alignment. */
  replacement: { name: string; sha256: string } | null;
  provider: Provider;
  /** Versions of the page and of ONNX Runtime. */
  versions: Record<string, string>;
}

/** A few items that were decoded on WASM too before a run on WebGPU. */
export interface SelfCheck {
  items: number;
  /** Ids and routes of items whose texts differ. */
  differing: readonly { id: string; lang: string; route: Route }[];
}

/** An answered item. */
export interface Sample {
  /** Place in the plan, from 0. */
  index: number;
  id: string;
  lang: string;
  route: Route;
  question: string;
  /** The right answer as the data writes it. */
  expected: string;
  /** What the LLM wrote, numbers in place, calculations as `<<12+5=17>>`. Empty where `error` is set. */
  text: string;
  /** What each extractor took, or `null`. */
  extracted: Record<Extractor, string | null>;
  correct: Record<Extractor, boolean>;
  stop: StopReason | null;
  tokens: number;
  promptTokens: number;
  softPromptLength: number;
  timings: Timings | null;
  /** Why there is no answer: the models cannot take the question. It counts as wrong. */
  error: string | null;
}

/** Everything about a run but its samples. */
export interface RunRecord {
  format: 1;
  id: string;
  name: string;
  /** ISO 8601. */
  created: string;
  config: RunConfig;
  data: DataFacts;
  models: ModelFacts;
  selfCheck: SelfCheck | null;
  /** Items in the plan. */
  items: number;
  /** `imported` runs came as files and cannot go on. */
  status: 'running' | 'paused' | 'stopped' | 'done' | 'imported';
  /** Why a run paused by itself. */
  reason: string | null;
}
