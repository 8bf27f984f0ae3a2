// Fine-tune trains the models that Ask has open: a training service that opens them before it is asked what depends on
// them.
import type { TrainingService } from '../finetune/training.svelte.ts';

/**
 * @param service the worker's client
 * @param address of the bundle that is open; it may change between calls
 */
export function onOpenModels(service: TrainingService, address: () => string): TrainingService {
  let opening: { address: string; promise: Promise<void> } | null = null;

  /** Opening others ends the worker; a run that it holds is paused then, and has its checkpoint. */
  const follow = (): Promise<void> => {
    const wanted = address();
    if (opening?.address === wanted) return opening.promise;
    const promise = service.open(wanted).catch((thrown: unknown) => {
      if (opening?.promise === promise) opening = null;
      throw thrown;
    });
    opening = { address: wanted, promise };
    return promise;
  };

  return {
    open: follow,
    estimate: async (run) => {
      await follow();
      return service.estimate(run);
    },
    start: async (name, run) => {
      await follow();
      return service.start(name, run);
    },
    resume: async (run) => {
      await follow();
      return service.resume(run);
    },
    singleStep: () => service.singleStep(),
    pause: () => service.pause(),
    finish: () => service.finish(),
    list: () => service.list(),
    rename: (run, name) => service.rename(run, name),
    delete: (run) => service.delete(run),
    export: (run, what) => service.export(run, what),
  };
}
