// The worker's side of calls: each is answered with what its handler returns, or with why it failed.
import { LinguaLiftError } from '../src/bundle/errors.ts';
import type { CallRequest, CallResponse, CallTable, ProgressOf } from './calls-protocol.ts';

/** What a call is told beside its request. */
export interface CallContext<Progress = never> {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

/** What answers each call. */
export type Handlers<Calls extends CallTable<Calls>> = {
  [Name in keyof Calls]: (
    request: Calls[Name]['request'],
    context: CallContext<ProgressOf<Calls[Name]>>,
  ) => Promise<Calls[Name]['result']>;
};

interface Answering<Other> {
  /** Called with messages that are no calls. */
  onOther?: (message: Other) => void;
  /** What the page is told of something that was thrown. */
  toError?: (thrown: unknown) => LinguaLiftError;
}

/**
 * Answers the page's calls from now on.
 * @param handlers asked for by every call: what they need may still be opening, or be opened again
 */
export function answerCalls<Calls extends CallTable<Calls>, Other = never>(
  handlers: () => Promise<Handlers<Calls>>,
  { onOther, toError = (thrown) => LinguaLiftError.from(thrown) }: Answering<Other> = {},
): void {
  /** What is under way, by request. */
  const running = new Map<number, AbortController>();
  const send = (response: CallResponse<unknown>) => self.postMessage(response);

  async function answer(call: Extract<CallRequest<Calls>, { type: 'call' }>): Promise<void> {
    const { id } = call;
    const stop = new AbortController();
    running.set(id, stop);
    try {
      const handle = (await handlers())[call.name];
      const result = await handle(call.request, {
        signal: stop.signal,
        onProgress: (progress) => send({ id, type: 'progress', progress }),
      });
      send({ id, type: 'result', result });
    } catch (thrown) {
      send({ id, type: 'error', error: toError(thrown).toData() });
    } finally {
      running.delete(id);
    }
  }

  self.addEventListener('message', ({ data }: MessageEvent<CallRequest<Calls> | Other>) => {
    if (!isRequest<Calls>(data)) onOther?.(data as Other);
    else if (data.type === 'stop') running.get(data.target)?.abort();
    else void answer(data);
  });
}

/** Only calls, and what stops them, have an id. */
function isRequest<Calls extends CallTable<Calls>>(
  message: unknown,
): message is CallRequest<Calls> {
  return typeof message === 'object' && message !== null && 'id' in message;
}
