// The typed messages between the page and the inference worker. Requests carry an id; every message
// that answers one repeats it. Errors cross as data and become `LinguaLiftError`s again on the other side.
import type { BundleManifest } from '../src/bundle/manifest.ts';
import type { ErrorData } from '../src/bundle/errors.ts';
import type {
  Answer,
  AnswerEvent,
  AnswerOptions,
  LoadProgress,
  Provider,
  ProviderChoice,
} from '../src/bridge/types.ts';

export type { ProviderChoice };

export type InferenceRequest =
  /** Load the bundle whose `bundle.json` is at `url`: once in a worker's life. */
  | { id: number; type: 'load'; url: string; provider: ProviderChoice }
  | { id: number; type: 'answer'; question: string; options: AnswerOptions }
  /** Stop request `target` (an answer keeps its partial text; a load is cancelled). */
  | { id: number; type: 'stop'; target: number };

export interface LoadedBundle {
  manifest: BundleManifest;
  provider: Provider;
  loadMs: number;
  /** Whether every file came from the browser's cache. */
  fromCache: boolean;
}

export type InferenceResponse =
  | { id: number; type: 'progress'; progress: LoadProgress }
  | { id: number; type: 'loaded'; bundle: LoadedBundle }
  | { id: number; type: 'event'; event: AnswerEvent }
  | { id: number; type: 'answer'; answer: Answer }
  | { id: number; type: 'stopped' }
  | { id: number; type: 'error'; error: ErrorData };
