// The models worker: all it does is to answer models-protocol.ts with a ModelsSession.
import { answerCalls } from './answer-calls.ts';
import { openBundlesDisk, openStores } from './models-bundles.ts';
import { readCapabilities } from './models-machine.ts';
import type { ModelsCalls } from './models-protocol.ts';
import { ModelsSession } from './models-session.ts';

let session: Promise<ModelsSession> | null = null;

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

answerCalls<ModelsCalls>(async () => (await openSession()).handlers);
