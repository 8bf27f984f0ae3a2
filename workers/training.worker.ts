// The training worker: one session, spoken to through workers/training-protocol.ts.
import { errorData } from '../src/train/errorData.ts';
import { RunStore } from '../src/train/runs.ts';
import { OpfsFolder } from './opfs.ts';
import type { TrainingRequest, TrainingResponse } from './training-protocol.ts';
import { TrainingSession } from './training-session.ts';

/** The folder of this origin that holds the runs. */
const runsFolder = 'lingualift-runs';

let opening: Promise<TrainingSession> | null = null;

const send = (response: TrainingResponse) => self.postMessage(response);

async function openSession(): Promise<TrainingSession> {
  return new TrainingSession(new RunStore(await OpfsFolder.open(runsFolder)), send);
}

/** What each request asks of the session, and the reply to it. */
async function reply(
  session: TrainingSession,
  request: TrainingRequest,
): Promise<TrainingResponse> {
  const { id } = request;
  const done = { id, type: 'done' } as const;
  switch (request.type) {
    case 'open':
      await session.open(request.url);
      return done;
    case 'estimate':
      return { id, type: 'estimate', estimate: await session.estimate(request.run) };
    case 'start':
      return { id, type: 'run', run: await session.start(request.name, request.run) };
    case 'resume':
      return { id, type: 'run', run: await session.resume(request.run) };
    case 'single-step':
      await session.singleStep();
      return done;
    case 'pause':
      await session.pause();
      return done;
    case 'finish':
      await session.finish();
      return done;
    case 'list':
      return { id, type: 'runs', ...(await session.list()) };
    case 'rename':
      await session.rename(request.run, request.name);
      return done;
    case 'delete':
      await session.delete(request.run);
      return done;
    case 'export':
      return { id, type: 'files', files: await session.export(request.run, request.what) };
  }
}

async function answer(request: TrainingRequest): Promise<void> {
  try {
    send(await reply(await (opening ??= openSession()), request));
  } catch (thrown) {
    send({ id: request.id, type: 'error', error: errorData(thrown) });
  }
}

self.addEventListener('message', ({ data }: MessageEvent<TrainingRequest>) => void answer(data));
