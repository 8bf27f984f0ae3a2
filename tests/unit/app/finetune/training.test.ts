// How the page follows runs: listing, starting, pausing, resuming, what the worker tells, and what goes wrong.
import { beforeEach, describe, expect, it } from 'vitest';
import { Training } from '../../../../src/app/finetune/training.svelte.ts';
import { LinguaLiftError } from '../../../../src/bundle/errors.ts';
import type { RunSummary, TrainingEvent } from '../../../../workers/training-protocol.ts';
import { estimate, FakeService, made, measured, stepAt, summary } from './fakes.ts';

describe('Training', () => {
  let service: FakeService;
  let stored: RunSummary[];
  let isAwake: boolean;
  let training: Training;

  beforeEach(() => {
    stored = [];
    isAwake = false;
    const createService = (tell: (event: TrainingEvent) => void) => {
      service = new FakeService(tell);
      service.stored = stored;
      return service;
    };
    training = new Training('https://example.org/bundle.json', createService, {
      hold: () => (isAwake = true),
      release: () => (isAwake = false),
    });
  });

  /** Lists runs of earlier visits, as the room does when it is opened. */
  async function load(...runs: Parameters<typeof summary>[]) {
    stored.push(...runs.map((one) => summary(...one)));
    await training.load();
  }

  const run = (index = 0) => {
    const found = training.runs?.[index];
    if (found === undefined) throw new Error(`There is no run ${index}.`);
    return found;
  };

  it('shows the runs of earlier visits without opening a bundle', async () => {
    await load(['a', { curve: [stepAt(1), stepAt(2)] }]);
    expect(run().status).toBe('paused');
    expect(run().steps).toBe(2);
    expect(service.calls).toEqual(['list']);
  });

  it('opens the bundle once for several estimates', async () => {
    await training.estimate(made);
    await training.estimate(made);
    expect(service.calls).toEqual(['open', 'estimate', 'estimate']);
  });

  it('tries again to open a bundle that could not be opened', async () => {
    await training.load();
    service.refusals.open = new LinguaLiftError('offline', 'No connection.');
    await expect(training.estimate(made)).rejects.toThrow('No connection.');
    service.refusals = {};
    await expect(training.estimate(made)).resolves.toBe(estimate);
  });

  it('puts a started run first, shows it and keeps the screen on until it is done', async () => {
    await load(['a']);
    await training.start('Esperanto', made, estimate);
    expect(training.open?.name).toBe('Esperanto');
    expect(training.runs?.map(({ id }) => id)).toEqual(['new', 'a']);
    expect(run().estimate).toBe(estimate);
    expect(isAwake).toBe(true);
    service.tell({ id: null, type: 'status', run: 'new', status: 'done', error: null });
    expect(run().status).toBe('done');
    expect(isAwake).toBe(false);
    expect(training.isHeld(run())).toBe(false);
  });

  it('follows steps and measurements of the run they belong to', async () => {
    await load(['a'], ['b']);
    service.tell({ id: null, type: 'step', run: 'b', event: stepAt(1) });
    service.tell({ id: null, type: 'evaluation', run: 'b', event: measured(1, 5) });
    expect([run(0).steps, run(1).steps]).toEqual([0, 1]);
    expect(run(1).evaluations).toHaveLength(1);
  });

  it('forgets steps after the checkpoint from which a run is resumed', async () => {
    await load(['a', { curve: [stepAt(1), stepAt(2), stepAt(3)] }]);
    await training.resume(run());
    expect(run().steps).toBe(1);
    expect(training.isHeld(run())).toBe(true);
  });

  it('replaces a step that is told again', async () => {
    await load(['a', { curve: [stepAt(1), stepAt(2, { loss: 9 })] }]);
    service.tell({ id: null, type: 'step', run: 'a', event: stepAt(2, { loss: 1 }) });
    expect(run().curve.map(({ loss }) => loss)).toEqual([2, 1]);
  });

  it('says why a run stopped by itself, and asks for a resume rather than a single step', async () => {
    await load(['a']);
    await training.resume(run());
    const error = { code: 'device-lost', message: 'The GPU was lost.', details: '' };
    service.tell({ id: null, type: 'status', run: 'a', status: 'paused', error });
    expect(run().error).toEqual(error);
    expect(training.isHeld(run())).toBe(false);
    expect(isAwake).toBe(false);
  });

  it('shows what was refused and goes on', async () => {
    await load(['a']);
    service.refusals.resume = new LinguaLiftError('locked', 'Another tab has this run.');
    await training.resume(run());
    expect(training.failure?.title).toBe('The run was not resumed');
    expect(training.failure?.error.message).toBe('Another tab has this run.');
    expect(training.doing).toBeNull();
  });

  it('does one thing at a time', async () => {
    await load(['a']);
    await training.resume(run());
    const first = training.pause();
    const second = await training.finish();
    await first;
    expect(second).toBe(false);
    expect(service.calls).not.toContain('finish');
  });

  it('lists again after a list that failed', async () => {
    await training.estimate(made);
    service.refusals.list = new LinguaLiftError('unreadable', 'Storage is closed.');
    await load(['a']);
    expect(training.runs).toBeNull();
    expect(training.failure?.error.message).toBe('Storage is closed.');
    service.refusals = {};
    await training.load();
    expect(training.runs).toHaveLength(1);
    expect(training.failure).toBeNull();
  });

  it('renames to what is typed, but not to nothing', async () => {
    await load(['a']);
    await training.rename(run(), '  ');
    expect(service.calls).not.toContain('rename');
    await training.rename(run(), ' Better ');
    expect(run().name).toBe('Better');
  });

  it('takes a deleted run off the page', async () => {
    await load(['a'], ['b']);
    training.show(run());
    await training.delete('a');
    expect(training.open).toBeNull();
    expect(training.runs?.map(({ id }) => id)).toEqual(['b']);
  });
});
