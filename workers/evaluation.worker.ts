// The evaluation worker: translates evaluation-protocol.ts into calls of the session, and the questions of the
// session into messages that the page answers.
import { openDatasetCache } from '../src/evaluate/datasets/cache.ts';
import { IndexedStore } from '../src/evaluate/indexedStore.ts';
import { answerCalls } from './answer-calls.ts';
import { EvaluationData } from './evaluation-data.ts';
import { EvaluationPairs } from './evaluation-pairs.ts';
import type { EvaluationCalls, EvaluationEvent, EvaluationReply } from './evaluation-protocol.ts';
import { EvaluationSession } from './evaluation-session.ts';
import { Questions } from './evaluation-questions.ts';
import { heldRuns, takeRunLock } from './run-locks.ts';

/** The page, from the folder of the built worker and from that of its source. */
const base = new URL('../', self.location.href).href;
const send = (event: EvaluationEvent) => self.postMessage(event);
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

answerCalls<EvaluationCalls, EvaluationReply>(async () => (await session).handlers, {
  onOther: (reply) => {
    if (reply.type === 'asked') questions.answer(reply.ask, reply.outcomes);
    else questions.fail(reply.ask, reply.error);
  },
});
