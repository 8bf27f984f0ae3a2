// The typed messages between the page and the training worker. One worker holds at most one run; runs live
// in the origin private file system and outlive it. Requests carry an id; what answers one repeats it.
import type { ErrorData } from '../src/bundle/errors.ts';
import type {
  DamagedRun,
  EvaluationEvent,
  RunConfig,
  RunData,
  RunStatus,
  RunSummary,
  StepEvent,
} from '../src/train/run.ts';

export type {
  DamagedRun,
  DevelopmentProblem,
  EvaluationEvent,
  RunConfig,
  RunData,
  RunStatus,
  RunSummary,
  StepEvent,
} from '../src/train/run.ts';

export interface Estimate {
  /** Bytes of GPU memory. */
  bytes: number;
  trainedParameters: number;
  /** Of the LLM and, where LoRA is trained, of the alignment; the encoder runs elsewhere. */
  frozenParameters: number;
  /** Positions of a sequence, padding included, and of a step. */
  positions: number;
  positionsPerStep: number;
  /** Floating-point operations of a step. */
  flopsPerStep: number;
  /** The GPU adapter, and whether it computes on the processor. */
  adapter: string;
  software: boolean;
}

/** All that a run is made of. */
export interface NewRun {
  config: RunConfig;
  data: RunData;
  /** The file that the config means by an alignment `from: 'file'`. */
  imported: Uint8Array<ArrayBuffer> | null;
}

export type TrainingRequest =
  /** Once in a worker's life: the bundle whose alignment or LLM is trained. */
  | { id: number; type: 'open'; url: string }
  | { id: number; type: 'estimate'; run: NewRun }
  /** Makes a run and starts it; answered with the run as soon as it goes. */
  | { id: number; type: 'start'; name: string; run: NewRun }
  /** Goes on with a paused run, or with one that a closed tab or a lost device left. */
  | { id: number; type: 'resume'; run: string }
  /** Takes one step of the paused run and pauses again; answered when it is taken. */
  | { id: number; type: 'single-step' }
  /** Answered when the run is at rest and written down. */
  | { id: number; type: 'pause' }
  /** Ends the run where it is: it is done. */
  | { id: number; type: 'finish' }
  /** Names and statuses of all runs; one that nobody holds any more is shown as paused. Needs no bundle. */
  | { id: number; type: 'list' }
  | { id: number; type: 'rename'; run: string; name: string }
  | { id: number; type: 'delete'; run: string }
  /** What a run has learned up to its last checkpoint, as files. Needs no bundle. */
  | { id: number; type: 'export'; run: string; what: ExportKind };

/** `adapter` only of a run that trains LoRA; `alignment` is then the frozen one. */
export type ExportKind = 'alignment' | 'adapter' | 'record';

export interface ExportedFile {
  /** With a folder where there are several: `my-run/adapter_config.json`. */
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** All runs, the newest first, and the folders that hold none any more. */
export interface RunList {
  runs: RunSummary[];
  damaged: DamagedRun[];
}

/** Unasked, about the run that the worker holds. */
export type TrainingEvent =
  | { id: null; type: 'step'; run: string; event: StepEvent }
  | { id: null; type: 'evaluation'; run: string; event: EvaluationEvent }
  | { id: null; type: 'status'; run: string; status: RunStatus; error: ErrorData | null };

export type TrainingResponse =
  | { id: number; type: 'done' }
  | { id: number; type: 'estimate'; estimate: Estimate }
  | { id: number; type: 'run'; run: RunSummary }
  | ({ id: number; type: 'runs' } & RunList)
  | { id: number; type: 'files'; files: ExportedFile[] }
  | { id: number; type: 'error'; error: ErrorData }
  | TrainingEvent;
