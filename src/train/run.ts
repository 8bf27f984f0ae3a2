// What a run is made of: the config that decides what it computes, what it learns from, and what is noted
// while it goes on. Plain data, as it crosses to the page and lies in the store.
import type { ErrorData } from '../bundle/errors.ts';
import type { CodeSwitchSettings, WeightedList } from '../lexicon/codeSwitch.ts';
import type { ProjectionName } from './adapters.ts';
import type { AlignmentKind } from './alignment.ts';
import type { StageName } from './recipes.ts';
import type { StageSettings, StepRecord, TrainingSentence } from './stageRun.ts';

/** Everything that decides what a run computes. Kept with the run, compared between runs. */
export interface RunConfig {
  stage: StageName;
  settings: StageSettings;
  /** Examples of a micro-batch; gradients of micro-batches add up. */
  microBatch: number;
  /** Kind and sizes are what an alignment from scratch gets; one that is there already brings its own. */
  alignment: {
    kind: AlignmentKind;
    /** Of `mlp` and `latent`. */
    hiddenDim: number;
    /** Of `latent`. */
    latents: number;
    heads: number;
    /** An alignment of the bundle, another run's as it was last written down, a file's, or fresh random numbers. */
    start:
      | { from: 'bundle'; name: 'langbridge' | 'lingualift' }
      | { from: 'run'; id: string }
      | { from: 'file'; name: string }
      | { from: 'scratch' };
  };
  /** Only where LoRA is trained. */
  adapters: { rank: number; alpha: number; targets: readonly ProjectionName[] } | null;
  /** Only where text is code-switched. */
  switching: CodeSwitchSettings | null;
  /** Keeps only what goes into each layer and computes the rest twice. */
  recompute: boolean;
  /** Steps between evaluations on the development problems, and between checkpoints. */
  evaluateEvery: number;
  checkpointEvery: number;
}

/** A development problem: asked before the run and every so many steps, through the alignment as it is then. */
export interface DevelopmentProblem {
  id: string;
  lang: string;
  question: string;
  answer: string;
}

/** What is handed over at the start of a run, and kept with it. */
export interface RunData {
  sentences: readonly TrainingSentence[];
  lists: readonly WeightedList[];
  development: readonly DevelopmentProblem[];
}

/** `paused` can be resumed, `failed` only if what is wrong has been put right; both say why in `error`. */
export const runStatuses = ['running', 'paused', 'done', 'failed'] as const;
export type RunStatus = (typeof runStatuses)[number];

export interface StepEvent extends StepRecord {
  /** Milliseconds by phase. */
  phases: Record<string, number>;
}

export interface EvaluationEvent {
  /** Steps taken before it. */
  step: number;
  /** Right answers and items by language. */
  scores: Record<string, { right: number; items: number }>;
  /** A few of the outputs. */
  samples: { id: string; question: string; text: string; answer: string; right: boolean }[];
}

/** A run as the list shows it: all but sentences and weights. */
export interface RunSummary {
  id: string;
  name: string;
  /** ISO 8601. */
  created: string;
  /** Bundle id and revision, encoder and LLM. */
  bundle: { id: string; revision: string; encoder: string; llm: string };
  config: RunConfig;
  /** BCP 47 tags of the word lists that it learns from. */
  languages: string[];
  status: RunStatus;
  /** Why a paused or failed run stopped by itself; `null` for one that a person paused. */
  error: ErrorData | null;
  curve: StepEvent[];
  evaluations: EvaluationEvent[];
}

/** A run folder that cannot be read. It can be deleted like any other. */
export interface DamagedRun {
  id: string;
  /** A sentence: what is wrong with it. */
  problem: string;
}
