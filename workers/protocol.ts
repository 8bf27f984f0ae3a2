// The typed messages between the page and the inference worker. Requests carry an id; every message
// that answers one repeats it. Errors cross as data and become `LinguaLiftError`s again on the other side.
import type { BundleManifest } from '../src/bundle/manifest.ts';
import type { ErrorData } from '../src/bundle/errors.ts';
import type { Replacement } from '../src/bridge/replacement.ts';
import type {
  Answer,
  AnswerEvent,
  AnswerOptions,
  LoadProgress,
  Provider,
  ProviderChoice,
} from '../src/bridge/types.ts';
import type {
  Retrieval,
  RetrievalProgress,
  RetrievalRequest,
} from '../src/evaluate/retrieval/retrieve.ts';

export type { ProviderChoice, Replacement };

export type InferenceRequest =
  /** Load the bundle whose `bundle.json` is at `url`: once in a worker's life. */
  | { id: number; type: 'load'; url: string; provider: ProviderChoice }
  | { id: number; type: 'answer'; question: string; options: AnswerOptions }
  /** Answer questions side by side, on one route. */
  | { id: number; type: 'answer-all'; questions: readonly string[]; options: AnswerOptions }
  /** Cut texts into the pieces that the encoder reads. */
  | { id: number; type: 'tokenize'; texts: readonly string[] }
  /** Search sentences of one language among their translations. */
  | { id: number; type: 'retrieve'; request: RetrievalRequest }
  /** Put an alignment from elsewhere in the place of `lingualift`, or the bundle's own back (`null`). */
  | { id: number; type: 'replace-alignment'; replacement: Replacement | null }
  /** Stop request `target` (answers keep their partial texts; a load or a search is cancelled). */
  | { id: number; type: 'stop'; target: number };

export interface LoadedBundle {
  manifest: BundleManifest;
  provider: Provider;
  loadMs: number;
  /** Whether every file came from the browser's cache. */
  fromCache: boolean;
  /** SHA-256 of `bundle.json`, which names the hash of every other file. */
  manifestSha256: string;
}

/** Texts as the encoder's tokenizer cuts them. */
export interface Tokenized {
  /** Piece ids of each text alone. */
  ids: number[][];
  /** Id of the piece that stands for what the vocabulary lacks; `null` where there is none. */
  unknownId: number | null;
}

export type InferenceResponse =
  | { id: number; type: 'progress'; progress: LoadProgress }
  | { id: number; type: 'loaded'; bundle: LoadedBundle }
  | { id: number; type: 'event'; event: AnswerEvent }
  | { id: number; type: 'answer'; answer: Answer }
  /** What came of one of several questions, sent as soon as it is known; `index` is the question's place. */
  | { id: number; type: 'answered'; index: number; answer: Answer }
  | { id: number; type: 'refused'; index: number; error: ErrorData }
  | { id: number; type: 'all-answered' }
  | { id: number; type: 'tokens'; tokens: Tokenized }
  | { id: number; type: 'retrieval-progress'; progress: RetrievalProgress }
  | { id: number; type: 'retrieved'; retrieval: Retrieval }
  | { id: number; type: 'replaced' }
  | { id: number; type: 'stopped' }
  | { id: number; type: 'error'; error: ErrorData };
