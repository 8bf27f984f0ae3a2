// The inference worker: loads one bundle in its life and answers questions with it. All it does is to
// translate workers/protocol.ts into calls of src/bridge and back.
import { Bridge, type Outcome } from '../src/bridge/bridge.ts';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import type { DownloadProgress } from '../src/bundle/load.ts';
import { retrieve, type RetrievalProgress } from '../src/evaluate/retrieval/retrieve.ts';
import { createBrowserRuntime } from './browser-runtime.ts';
import { loadBundleAt } from './models-bundles.ts';
import type { InferenceRequest, InferenceResponse } from './protocol.ts';

type Request<Type extends InferenceRequest['type']> = Extract<InferenceRequest, { type: Type }>;

let bridge: Bridge | null = null;
/** What is under way, by request. */
const running = new Map<number, AbortController>();

const send = (response: InferenceResponse) => self.postMessage(response);

async function load({ id, url, provider }: Request<'load'>, signal: AbortSignal): Promise<void> {
  const started = performance.now();
  const onDownload: DownloadProgress = (item, loadedBytes, totalBytes) =>
    send({ id, type: 'progress', progress: { phase: 'download', item, loadedBytes, totalBytes } });
  const [{ files, fromCache, manifestSha256 }, runtime] = await Promise.all([
    loadBundleAt(url, { onProgress: onDownload, signal }),
    createBrowserRuntime(provider),
  ]);
  bridge = await Bridge.load(
    files,
    runtime,
    (progress) => send({ id, type: 'progress', progress }),
    signal,
  );
  send({
    id,
    type: 'loaded',
    bundle: {
      manifest: bridge.manifest,
      provider: bridge.provider,
      loadMs: performance.now() - started,
      ...{ fromCache, manifestSha256 },
    },
  });
}

function loaded(): Bridge {
  if (bridge !== null) return bridge;
  throw new LinguaLiftError('not-loaded', 'The models are not loaded yet. Load them, then ask.');
}

async function answer(request: Request<'answer'>, signal: AbortSignal): Promise<void> {
  const { id, question, options } = request;
  const result = await loaded().answer(
    question,
    options,
    (event) => send({ id, type: 'event', event }),
    signal,
  );
  send({ id, type: 'answer', answer: result });
}

async function answerAll(request: Request<'answer-all'>, signal: AbortSignal): Promise<void> {
  const { id, questions, options } = request;
  const onOutcome = (index: number, outcome: Outcome) => {
    if (outcome instanceof LinguaLiftError) {
      send({ id, type: 'refused', index, error: outcome.toData() });
    } else {
      send({ id, type: 'answered', index, answer: outcome });
    }
  };
  await loaded().answerAll(questions, options, onOutcome, signal);
  send({ id, type: 'all-answered' });
}

function tokenize({ id, texts }: Request<'tokenize'>): void {
  send({ id, type: 'tokens', tokens: loaded().tokenize(texts) });
}

async function search({ id, request }: Request<'retrieve'>, signal: AbortSignal): Promise<void> {
  const onProgress = (progress: RetrievalProgress) =>
    send({ id, type: 'retrieval-progress', progress });
  send({ id, type: 'retrieved', retrieval: await retrieve(loaded(), request, onProgress, signal) });
}

async function replaceAlignment({ id, replacement }: Request<'replace-alignment'>): Promise<void> {
  await loaded().replaceAlignment(replacement);
  send({ id, type: 'replaced' });
}

/** Does what was asked; every failure becomes an error message. */
async function run(
  request: Exclude<InferenceRequest, { type: 'stop' }>,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (request.type === 'load') await load(request, signal);
    else if (request.type === 'answer') await answer(request, signal);
    else if (request.type === 'answer-all') await answerAll(request, signal);
    else if (request.type === 'tokenize') tokenize(request);
    else if (request.type === 'retrieve') await search(request, signal);
    else await replaceAlignment(request);
  } catch (thrown) {
    send({ id: request.id, type: 'error', error: LinguaLiftError.from(thrown).toData() });
  } finally {
    running.delete(request.id);
  }
}

self.addEventListener('message', ({ data: request }: MessageEvent<InferenceRequest>) => {
  if (request.type === 'stop') {
    running.get(request.target)?.abort();
    send({ id: request.id, type: 'stopped' });
    return;
  }
  const stop = new AbortController();
  running.set(request.id, stop);
  void run(request, stop.signal);
});
