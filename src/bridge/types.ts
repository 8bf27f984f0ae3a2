// What goes into the bridge and what comes out of it: plain data that crosses the worker boundary as it is.

/** How a question reaches the LLM (docs/architecture.md, "Routes"). */
export const routes = ['direct', 'gloss', 'langbridge', 'lingualift'] as const;
export type Route = (typeof routes)[number];

/** Where a text can be looked at on its way: after the encoder, or after an alignment. */
export const statesNames = ['encoder', 'langbridge', 'lingualift'] as const;
export type StatesName = (typeof statesNames)[number];

/** Which execution provider to use: `auto` follows docs/architecture.md, "Where the models run". */
export type ProviderChoice = 'auto' | 'webgpu' | 'wasm';

/** Where the models run, and why there. */
export interface Provider {
  kind: 'webgpu' | 'wasm';
  /** The GPU adapter ("nvidia hopper") or the WASM threads ("4 threads"). */
  detail: string;
  /** One sentence for people: why this provider was picked. */
  reason: string;
}

/** The phases of a load, in order. */
export type LoadPhase = 'download' | 'compile' | 'warm-up' | 'ready';

export interface LoadProgress {
  phase: LoadPhase;
  /** What is being worked on: a file of the bundle, or a part ("encoder"). */
  item: string;
  /** Bytes so far and in all, over the whole bundle. */
  loadedBytes: number;
  totalBytes: number;
}

export interface AnswerOptions {
  route: Route;
  /** Default: the bundle's `limits.maxNewTokens`. */
  maxNewTokens?: number;
  /** Default: whatever the bundle was trained with. */
  calculator?: boolean;
  /**
   * Worked problems that the LLM reads first, on the routes where it reads text; the others leave them out. Bundles
   * with slots take none.
   */
  exemplars?: readonly Exemplar[];
}

/** A worked problem. */
export interface Exemplar {
  question: string;
  /** As the LLM is to write it, reasoning included. */
  answer: string;
}

/** What is known of the prompt before the first token is generated. */
export interface PromptInfo {
  /** The question as the encoder or the LLM reads it: slots in place of numerals, or the gloss. */
  text: string;
  /** Positions that the LLM attends to before it generates. */
  promptTokens: number;
  /** Length of the soft prompt, 0 on the routes without a bridge. */
  softPromptLength: number;
  /** Language whose lexicon glossed the question; `null` where none was used. */
  glossLanguage: string | null;
}

export interface Timings {
  /**
   * Milliseconds: tokenize and encode, alignment, prefill, decode. Of answers that are written side by side each has
   * the batch's prefill and the time from there to its own end.
   */
  encodeMs: number;
  alignMs: number;
  prefillMs: number;
  decodeMs: number;
  tokensPerSecond: number;
}

/** Why generation ended. */
export type StopReason = 'end' | 'length' | 'stopped';

export interface Answer {
  route: Route;
  /** What the LLM wrote, numbers in place, calculations as `<<12+5=17>>`. */
  text: string;
  /** The value after `####`, as people write it, or `null` when there is none. */
  finalAnswer: string | null;
  stop: StopReason;
  tokens: number;
  prompt: PromptInfo;
  timings: Timings;
  provider: Provider;
}

/** What streams while an answer is made. `text` is the whole text so far. */
export type AnswerEvent =
  { type: 'prompt'; prompt: PromptInfo } | { type: 'text'; text: string; tokens: number };

/** A piece of reasoning as people see it. */
export type Segment =
  | { kind: 'text'; text: string }
  /** `result` is `null` while it is being computed or when it cannot be (division by zero). */
  | { kind: 'calculation'; expression: string; result: string | null };

/** Reasoning split for display: its lines, and the final answer set apart. */
export interface Reasoning {
  lines: Segment[][];
  finalAnswer: string | null;
}
