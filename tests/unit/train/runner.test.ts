// A run from step to step with a trainer that computes nothing, on a disk in memory: what is noted, what is
// written down, and that a run that was broken off goes on as if it had not been.
import { describe, expect, it } from 'vitest';
import { MemoryFolder } from '../../support/memory-folder.ts';
import { createSwitcher } from '../../../src/lexicon/codeSwitch.ts';
import { TrainError } from '../../../src/train/errors.ts';
import type { EvaluationEvent, RunConfig, RunSummary, StepEvent } from '../../../src/train/run.ts';
import { Runner, type RunnerEvent, type RunnerParts } from '../../../src/train/runner.ts';
import { RunStore, type StoredRun } from '../../../src/train/runs.ts';
import { StageRun } from '../../../src/train/stageRun.ts';
import { WgslError } from '../../../src/wgsl/errors.ts';
import {
  bridge,
  checkpointAt,
  config,
  FakeTrainer,
  runData,
  runOf,
  sizes,
  startBytes,
  tools,
} from './runs.ts';

type Evaluate = RunnerParts['evaluate'];

/** What a run computed, without how long it took. */
function computed({ curve, evaluations, status }: RunSummary) {
  const records = curve.map((event: StepEvent) => ({ ...event, milliseconds: 0, phases: {} }));
  return { curve: records, evaluations, status };
}

const noted = (step: number): EvaluationEvent => ({
  step,
  scores: { sw: { right: step, items: 10 } },
  samples: [],
});
const always: Evaluate = (step) => Promise.resolve(noted(step));

/** A runner over what the store has of the run. */
function assemble(
  store: RunStore,
  { run, data, checkpoint }: StoredRun,
  evaluate: Evaluate = always,
  onEvent: (event: RunnerEvent) => void = () => undefined,
) {
  const { settings, switching } = run.config;
  const switcher = switching && createSwitcher(data.lists, switching);
  const stage = new StageRun(data.sentences, settings, tools, switcher);
  const trainer = new FakeTrainer();
  const events: RunnerEvent[] = [];
  const emit = (event: RunnerEvent) => {
    events.push(event);
    onEvent(event);
  };
  const takeStep: RunnerParts['takeStep'] = (time) => stage.step(trainer, sizes, time);
  const parts = { trainer, stage, takeStep, bridge, store, evaluate, emit };
  return { runner: new Runner(parts, run, checkpoint), trainer, events };
}

async function begin(folder: MemoryFolder, changed: Partial<RunConfig> = {}) {
  const store = new RunStore(folder);
  const run = { ...runOf('one'), config: { ...config, ...changed } };
  await store.create(run, runData, startBytes);
  return { store, stored: await store.read('one') };
}

async function runToEnd(runner: Runner): Promise<RunSummary> {
  await runner.start();
  await runner.atRest;
  return runner.run;
}

async function unbroken() {
  const { store, stored } = await begin(new MemoryFolder());
  return computed(await runToEnd(assemble(store, stored).runner));
}

describe('Runner', () => {
  it('evaluates before the first step, every so many, and after the last', async () => {
    const { store, stored } = await begin(new MemoryFolder());
    const { runner, events } = assemble(store, stored);
    await runToEnd(runner);
    const told = events.map((event) => {
      if (event.type === 'step') return event.event.step;
      return event.type === 'status' ? event.status : `evaluation ${event.event.step}`;
    });
    expect(told).toEqual([
      ...['running', 'evaluation 0', 1, 2, 3, 'evaluation 3', 4, 5, 6, 'evaluation 6'],
      ...[7, 'evaluation 7', 'done'],
    ]);
    expect((await store.read('one')).run).toEqual(runner.run);
    expect((await store.read('one')).checkpoint?.state.steps).toBe(7);
  });

  it('goes on from a crash after any step as if there had been none', async () => {
    const expected = await unbroken();
    for (let last = 0; last < 7; last++) {
      const folder = new MemoryFolder();
      const { store, stored } = await begin(folder);
      const first = assemble(store, stored);
      // A step that never comes back is what a worker that died leaves.
      const step = first.trainer.step.bind(first.trainer);
      const death = new Promise<void>((died) => {
        first.trainer.step = (...args) => {
          if (first.trainer.steps < last) return step(...args);
          died();
          return new Promise(() => undefined);
        };
      });
      await first.runner.start();
      await death;

      const later = new RunStore(folder.copy());
      const again = await later.read('one');
      expect(again.run.curve).toHaveLength(last - (last % 2));
      expect(computed(await runToEnd(assemble(later, again).runner))).toEqual(expected);
    }
  });

  it('goes on from a crash at any write as if there had been none', async () => {
    const expected = await unbroken();
    const left = new Set<string>();
    for (let diesAt = 1; ; diesAt++) {
      const folder = new MemoryFolder();
      const { store, stored } = await begin(folder);
      Object.assign(folder.disk, { changes: 0, diesAt });
      const death = new Promise<boolean>((resolve) => (folder.disk.died = () => resolve(true)));
      const { runner } = assemble(store, stored);
      await runner.start();
      const hasDied = await Promise.race([death, runner.atRest.then(() => false)]);
      const later = new RunStore(folder.copy());
      const again = await later.read('one');
      left.add(`${again.run.status} at ${again.checkpoint?.state.steps ?? 'none'}`);
      const ended =
        again.run.status === 'done' ? again.run : await runToEnd(assemble(later, again).runner);
      expect(computed(ended)).toEqual(expected);
      if (!hasDied) break;
    }
    expect([...left]).toEqual([
      ...['paused at none', 'running at none', 'running at 2', 'running at 4', 'running at 6'],
      ...['running at 7', 'done at 7'],
    ]);
  });

  it('pauses after the step that has begun, and goes on in memory', async () => {
    const expected = await unbroken();
    const { store, stored } = await begin(new MemoryFolder());
    const paused: Promise<void>[] = [];
    const { runner } = assemble(store, stored, always, (event) => {
      if (event.type === 'step' && event.event.step === 3) paused.push(runner.pause());
    });
    await runner.start();
    await runner.atRest;
    await Promise.all(paused);
    expect(runner.run).toMatchObject({ status: 'paused', error: null });
    expect((await store.read('one')).checkpoint?.state.steps).toBe(3);
    expect(computed(await runToEnd(runner))).toEqual(expected);
  });

  it('breaks an evaluation off to pause, and makes it up', async () => {
    const { store, stored } = await begin(new MemoryFolder());
    let asked = 0;
    let begun = (): void => undefined;
    const first = new Promise<void>((resolve) => (begun = resolve));
    const evaluate: Evaluate = (step, signal) => {
      if (++asked > 1) return always(step, signal);
      begun();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
    };
    const { runner } = assemble(store, stored, evaluate);
    await runner.start();
    await first;
    await runner.pause();
    expect(runner.run).toMatchObject({ status: 'paused', curve: [], evaluations: [] });
    expect(computed(await runToEnd(runner))).toEqual(await unbroken());
  });

  it('takes single steps, and the run is done after the last', async () => {
    const { store, stored } = await begin(new MemoryFolder());
    const { runner } = assemble(store, stored);
    for (let step = 1; step <= 7; step++) {
      await runner.start(1);
      await runner.atRest;
      expect(runner.run.curve).toHaveLength(step);
      expect(runner.run.status).toBe(step < 7 ? 'paused' : 'done');
    }
    expect(computed(runner.run)).toEqual(await unbroken());
    await expect(runner.start()).rejects.toMatchObject({ code: 'run-done' });
  });

  it('is done where it is when it is finished', async () => {
    const { store, stored } = await begin(new MemoryFolder());
    const { runner } = assemble(store, stored);
    await runner.start(3);
    await runner.atRest;
    await runner.finish();
    const read = await store.read('one');
    expect(read.run).toMatchObject({ status: 'done', curve: [{}, {}, {}] });
    expect(read.checkpoint?.state.steps).toBe(3);
  });

  it.each([
    ['not-finite', new TrainError('not-finite', 'loss is NaN'), 'paused'],
    ['device-lost', new WgslError('device-lost', 'gone'), 'paused'],
    ['too-long', new TrainError('too-long', 'nothing fits'), 'failed'],
  ] as const)(
    'stops at %s, keeps why, and goes on from the last checkpoint',
    async (code, thrown, status) => {
      const folder = new MemoryFolder();
      const { store, stored } = await begin(folder);
      const { runner, trainer, events } = assemble(store, stored);
      trainer.failures.set(6, thrown);
      await runToEnd(runner);
      const error = { code, message: thrown.message, details: '' };
      expect(events.at(-1)).toEqual({ type: 'status', status, error });
      const left = await store.read('one');
      expect(left.run).toMatchObject({ status, error });
      expect(left.run.curve).toHaveLength(4);
      const again = await runToEnd(assemble(store, left).runner);
      expect(again.error).toBeNull();
      expect(computed(again)).toEqual(await unbroken());
    },
  );

  it('pauses with a sentence when the disk is full, and loses nothing that was written', async () => {
    const folder = new MemoryFolder();
    const { store, stored } = await begin(folder);
    const { runner } = assemble(store, stored, always, (event) => {
      if (event.type === 'step' && event.event.step === 3) folder.disk.quota = 1;
    });
    await runToEnd(runner);
    expect(runner.run).toMatchObject({ status: 'paused', error: { code: 'storage-full' } });
    expect(runner.run.error?.message).toContain('no more room');
    expect((await store.read('one')).checkpoint?.state.steps).toBe(2);
    folder.disk.quota = Infinity;
    expect(computed(await runToEnd(runner))).toEqual(await unbroken());
  });

  it('refuses the checkpoint of another LLM', async () => {
    const { store, stored } = await begin(new MemoryFolder());
    const other = checkpointAt(2);
    const checkpoint = { ...other, bridge: { ...other.bridge, llm: 'other' } };
    expect(() => assemble(store, { ...stored, checkpoint })).toThrow('"other"');
  });
});
