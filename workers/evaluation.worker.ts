// The evaluation worker: translates evaluation-protocol.ts into calls of the session, and the questions of the
// session into messages that the page answers.
import { LinguaLiftError, type ErrorData } from '../src/bundle/errors.ts';
import { openDatasetCache } from '../src/evaluate/datasets/cache.ts';
import { IndexedStore } from '../src/evaluate/indexedStore.ts';
import { EvaluationData } from './evaluation-data.ts';
import { EvaluationPairs } from './evaluation-pairs.ts';
import type { EvaluationRequest, EvaluationResponse } from './evaluation-protocol.ts';
import { EvaluationSession, type CallContext } from './evaluation-session.ts';
import { Questions } from './evaluation-questions.ts';
import { heldRuns, takeRunLock } from './run-locks.ts';

type Call = Extract<EvaluationRequest, { type: 'call' }>;

/** The page, from the folder of the built worker and from that of its source. */
const base = new URL('../', self.location.href).href;
const send = (response: EvaluationResponse) => self.postMessage(response);
const questions = new Questions(send);
const session = openDatasetCache().then(
  (cache) =>
    new EvaluationSession({
      data: new EvaluationData({ base, fetch: (...args) => fetch(...args), cache }),
      pairs: new EvaluationPairs({ fetch: (...args) => fetch(...args), cache }),
      store: new IndexedStore(),
      locks: { take: takeRunLock, held: heldRuns },
      askAll: (run) => questions.askAll(run),
      emit: send,
    }),
);
/** What is under way, by request. */
const running = new Map<number, AbortController>();

async function run({ id, name, request }: Call, signal: AbortSignal): Promise<void> {
  try {
    const { handlers } = await session;
    // The name picks the handler, so the two agree, which the compiler cannot see.
    const handle = handlers[name] as (request: unknown, context: CallContext) => Promise<unknown>;
    const onBytes: CallContext['onBytes'] = (loadedBytes, totalBytes) =>
      send({ id, type: 'bytes', loadedBytes, totalBytes });
    send({ id, type: 'result', result: await handle(request, { signal, onBytes }) });
  } catch (thrown) {
    send({ id, type: 'error', error: errorData(thrown) });
  } finally {
    running.delete(id);
  }
}

function errorData(thrown: unknown): ErrorData {
  return LinguaLiftError.from(thrown).toData();
}

self.addEventListener('message', ({ data: message }: MessageEvent<EvaluationRequest>) => {
  if (message.type === 'cancel') running.get(message.target)?.abort();
  else if (message.type === 'asked') questions.answer(message.ask, message.outcomes);
  else if (message.type === 'ask-failed') questions.fail(message.ask, message.error);
  else {
    const stop = new AbortController();
    running.set(message.id, stop);
    void run(message, stop.signal);
  }
});
