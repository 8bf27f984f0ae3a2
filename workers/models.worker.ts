// The models worker: all it does is to translate models-protocol.ts into calls of a ModelsSession and back.
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { openBundlesDisk, openStores } from './models-bundles.ts';
import { readCapabilities } from './models-machine.ts';
import type { ModelsRequest, ModelsResponse } from './models-protocol.ts';
import { ModelsSession } from './models-session.ts';

/** What is under way, by request. */
const running = new Map<number, AbortController>();
let session: Promise<ModelsSession> | null = null;

const send = (response: ModelsResponse) => self.postMessage(response);

/** Opened by the first call, and again by the next one where that failed. */
function openSession(): Promise<ModelsSession> {
  session ??= (async () => {
    const [stores, settings, capabilities] = await Promise.all([
      openStores(),
      openBundlesDisk(),
      readCapabilities(),
    ]);
    return new ModelsSession(stores, settings, capabilities);
  })();
  session.catch(() => (session = null));
  return session;
}

async function run({ id, name, request }: Extract<ModelsRequest, { type: 'call' }>): Promise<void> {
  const stop = new AbortController();
  running.set(id, stop);
  try {
    const result = await (
      await openSession()
    ).call(name, request, {
      signal: stop.signal,
      onProgress: (progress) => send({ id, type: 'progress', progress }),
    });
    send({ id, type: 'result', result });
  } catch (thrown) {
    send({ id, type: 'error', error: LinguaLiftError.from(thrown).toData() });
  } finally {
    running.delete(id);
  }
}

self.addEventListener('message', ({ data: request }: MessageEvent<ModelsRequest>) => {
  if (request.type === 'stop') running.get(request.target)?.abort();
  else void run(request);
});
