// Clients that a test plays by hand: they record what the page asks for and answer when they are told to.
import type {
  Retrieval,
  RetrievalProgress,
  RetrievalRequest,
} from '../../../src/evaluate/retrieval/retrieve.ts';
import type { Outcome } from '../../../src/bridge/bridge.ts';
import type {
  Answer,
  AnswerEvent,
  AnswerOptions,
  LoadProgress,
  Route,
} from '../../../src/bridge/types.ts';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import type { LexiconCaller } from '../../../src/app/lexicon/lexicons.svelte.ts';
import type { ModelsClient } from '../../../src/app/models/models.svelte.ts';
import type { ListSummary } from '../../../src/lexicon/shelf.ts';
import type { CallName, LexiconCalls } from '../../../workers/lexicon-protocol.ts';
import type { LoadedBundle, ProviderChoice, Replacement } from '../../../workers/protocol.ts';

const cancelled = () => new LinguaLiftError('cancelled', 'Stopped.');

export interface Deferred<Result> {
  promise: Promise<Result>;
  resolve: (result: Result) => void;
  reject: (error: Error) => void;
}

export function defer<Result>(): Deferred<Result> {
  let settle: Pick<Deferred<Result>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<Result>((resolve, reject) => {
    settle = { resolve, reject };
  });
  if (settle === undefined) throw new Error('A promise runs its executor at once.');
  return { promise, ...settle };
}

/** Lets every promise that can go on go on. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

export const bundle: LoadedBundle = {
  manifest: {
    formatVersion: 1,
    id: 'fake',
    name: 'Fake models',
    description: '',
    licence: 'MIT',
    revision: '0123456789ab',
    languages: [],
    numerals: 'digits',
    calculator: true,
    encoder: {
      id: 'encoder',
      model: 'encoder/onnx/model_q8.onnx',
      externalData: [],
      config: 'encoder/config.json',
      tokenizer: 'encoder/tokenizer.json',
      tokenizerConfig: 'encoder/tokenizer_config.json',
      hiddenSize: 1,
    },
    llm: {
      id: 'llm',
      model: 'llm/onnx/model_q4.onnx',
      externalData: [],
      config: 'llm/config.json',
      generationConfig: 'llm/generation_config.json',
      tokenizer: 'llm/tokenizer.json',
      tokenizerConfig: 'llm/tokenizer_config.json',
      hiddenSize: 1,
    },
    alignments: {},
    adapters: {},
    lexicons: {},
    prompts: { solve: 'solve', translate: 'translate', direct: 'direct' },
    limits: { maxEncoderTokens: 256, maxNewTokens: 160 },
    files: {},
  },
  provider: { kind: 'wasm', detail: '4 threads', reason: 'No adapter.' },
  loadMs: 12,
  fromCache: false,
  manifestSha256: 'a1'.repeat(32),
};

/** An answer whose text is given; everything else is filled in. */
export function answerWith(text: string, route: Route, stop: Answer['stop'] = 'end'): Answer {
  return {
    route,
    text,
    finalAnswer: null,
    stop,
    tokens: 3,
    prompt: { text: '', promptTokens: 30, softPromptLength: 20, glossLanguage: null },
    timings: { encodeMs: 1, alignMs: 2, prefillMs: 3, decodeMs: 4, tokensPerSecond: 5 },
    provider: bundle.provider,
  };
}

export class FakeClient implements ModelsClient {
  readonly loads: (Deferred<LoadedBundle> & {
    address: string;
    provider: ProviderChoice;
    report: (progress: LoadProgress) => void;
  })[] = [];
  readonly answers: (Deferred<Answer> & {
    question: string;
    route: Route;
    emit: (event: AnswerEvent) => void;
  })[] = [];
  terminated = false;

  load: ModelsClient['load'] = (address, provider, report) => {
    const load = { ...defer<LoadedBundle>(), address, provider, report };
    this.loads.push(load);
    return { promise: load.promise, stop: () => load.reject(cancelled()) };
  };

  answer: ModelsClient['answer'] = (question, { route }, emit) => {
    let text = '';
    const answer = {
      ...defer<Answer>(),
      question,
      route,
      emit: (event: AnswerEvent) => {
        if (event.type === 'text') text = event.text;
        emit(event);
      },
    };
    this.answers.push(answer);
    return {
      promise: answer.promise,
      stop: () => answer.resolve(answerWith(text, route, 'stopped')),
    };
  };

  readonly batches: (Deferred<Outcome[]> & {
    questions: readonly string[];
    options: AnswerOptions;
    tell: (index: number, outcome: Outcome) => void;
    stopped: boolean;
  })[] = [];

  answerAll: ModelsClient['answerAll'] = (questions, options, tell) => {
    const batch = { ...defer<Outcome[]>(), questions, options, tell, stopped: false };
    this.batches.push(batch);
    const stop = () => {
      batch.stopped = true;
    };
    return { promise: batch.promise, stop };
  };

  readonly retrievals: (Deferred<Retrieval> & {
    request: RetrievalRequest;
    report: (progress: RetrievalProgress) => void;
  })[] = [];

  retrieve: ModelsClient['retrieve'] = (request, report) => {
    const retrieval = { ...defer<Retrieval>(), request, report };
    this.retrievals.push(retrieval);
    return { promise: retrieval.promise, stop: () => retrieval.reject(cancelled()) };
  };

  /** As many pieces as letters; "x" is in no vocabulary. */
  tokenize: ModelsClient['tokenize'] = (texts) => {
    const ids = texts.map((text) => Array.from(text, (letter) => (letter === 'x' ? 0 : 1)));
    return Promise.resolve({ ids, unknownId: 0 });
  };

  /** What took the place of the bundle's own bridge, in order; `refusal` is thrown instead if it is set. */
  readonly replacements: (Replacement | null)[] = [];
  refusal: LinguaLiftError | null = null;

  replaceAlignment: ModelsClient['replaceAlignment'] = (replacement) => {
    if (this.refusal) return Promise.reject(this.refusal);
    this.replacements.push(replacement);
    return Promise.resolve();
  };

  terminate = () => {
    this.terminated = true;
  };
}

/** A word list whose id is its name; everything else is filled in. */
export function summaryOf(name: string): ListSummary {
  return { id: name, name, language: 'eo', entries: 10, rejected: 1, since: 0, kept: true };
}

interface LexiconCall<Name extends CallName = CallName> extends Deferred<
  LexiconCalls[Name]['result']
> {
  name: Name;
  request: LexiconCalls[Name]['request'];
  signal: AbortSignal | undefined;
}

export class FakeLexiconClient implements LexiconCaller {
  readonly calls: LexiconCall[] = [];

  call: LexiconCaller['call'] = (name, request, { signal } = {}) => {
    const call = { ...defer<LexiconCalls[typeof name]['result']>(), name, request, signal };
    this.calls.push(call as unknown as LexiconCall);
    return call.promise;
  };

  /** The latest call of a name. */
  last<Name extends CallName>(name: Name): LexiconCall<Name> {
    const call = this.calls.findLast((candidate) => candidate.name === name);
    if (call === undefined) throw new Error(`Nobody called ${name}.`);
    return call as unknown as LexiconCall<Name>;
  }
}
