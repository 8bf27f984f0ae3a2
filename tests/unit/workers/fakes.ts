// Workers that a test plays by hand.
import type { WorkerLike } from '../../../workers/clients.ts';

export class FakeWorker<Request, Response> extends EventTarget implements WorkerLike {
  readonly requests: Request[] = [];
  terminated = false;

  postMessage(request: Request): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.terminated = true;
  }

  respond(response: Response): void {
    this.dispatchEvent(new MessageEvent('message', { data: response }));
  }
}

/** The workers that a client starts with `start`, in their order. */
export class FakeWorkers<Request, Response> {
  readonly started: FakeWorker<Request, Response>[] = [];

  readonly start = (): WorkerLike => {
    const worker = new FakeWorker<Request, Response>();
    this.started.push(worker);
    return worker;
  };

  at(index: number): FakeWorker<Request, Response> {
    const one = this.started[index];
    if (one === undefined) throw new Error(`Worker ${index} was not started.`);
    return one;
  }
}
