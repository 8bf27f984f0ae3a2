import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stepInputs } from '../../../src/wgsl/adamw.ts';
import { scaled } from '../../../src/wgsl/add.ts';
import { openGpu } from '../../../src/wgsl/device.ts';
import type { AdapterKind } from '../../../src/wgsl/profile.ts';
import type { Program } from '../../../src/wgsl/program.ts';
import { bytesOf } from '../../../src/wgsl/tensor.ts';
import { largestError } from '../../reference/differences.ts';
import { watchBuffers, type LiveBuffers } from './buffers.ts';
import { adapterKinds, prepare, readAll, sharedGpu, type Bench } from './support.ts';
import {
  betas,
  firstParameters,
  labelCount,
  onlySequence,
  randomBatch,
  recordTinyModel,
  type Batch,
} from './tinyModel.ts';

const rejected = (message: string) => ({
  code: 'rejected',
  message: expect.stringContaining(message) as string,
});
const badShape = (message: string) => ({ ...rejected(message), code: 'bad-shape' });
const lost = { code: 'device-lost' };

/** The tiny model, ready to take steps over micro-batches. */
async function training(kind: AdapterKind) {
  const { program, plan, tensors } = await prepare(kind, recordTinyModel);
  const { batch, trained, state } = tensors;
  /** Everything as before the first step, but for what temporaries hold. */
  const reset = () => {
    for (const tensor of Object.values(state)) {
      program.write(tensor, new Uint8Array(bytesOf(tensor)));
    }
    program.write(trained.query, firstParameters.query);
    program.write(trained.output, firstParameters.output);
  };
  const step = async (index: number, ...batches: Batch[]) => {
    const labels = batches.reduce((sum, batch) => sum + labelCount(batch), 0);
    program.write(tensors.weight, Float32Array.of(1 / labels));
    program.write(tensors.inputs, stepInputs(index, 0.05, 1, betas));
    await program.run('begin');
    for (const { x, segments, labels } of batches) {
      program.write(batch.x, x);
      program.write(batch.segments, segments);
      program.write(batch.labels, labels);
      await program.run('accumulate');
    }
    await program.run('update');
    return readAll(program, state);
  };
  reset();
  return { program, plan, step, reset };
}

describe.each(adapterKinds)('a training step for a %s adapter', (kind) => {
  // Compiled once: SwiftShader takes seconds for the kernels of a GPU.
  let model: Awaited<ReturnType<typeof training>>;
  let allocated: { count: number; bytes: number };
  const errors: string[] = [];
  const note = ({ error }: GPUUncapturedErrorEvent) => errors.push(error.message);

  beforeAll(async () => {
    const { device } = await sharedGpu();
    device.addEventListener('uncapturederror', note);
    const buffers = watchBuffers(device);
    model = await training(kind);
    allocated = { count: buffers.count, bytes: buffers.bytes };
    buffers.stop();
  }, 120_000);
  beforeEach(() => model.reset());
  afterAll(async () => {
    model.program.dispose();
    (await sharedGpu()).device.removeEventListener('uncapturederror', note);
  });

  test('takes the memory that was planned, to the byte', () => {
    const { bytes, buffers } = model.plan.memory();
    expect(allocated).toEqual({ bytes, count: buffers.length });
  });

  test('gives the same bits in every run', async () => {
    const results = [];
    for (let run = 0; run < 2; run++) {
      model.reset();
      for (let index = 1; index < 3; index++) await model.step(index, randomBatch(index));
      const state = await model.step(3, randomBatch(3));
      results.push(
        Object.entries(state).map(([name, x]) => [name, new Uint32Array(x.buffer)] as const),
      );
      // Another batch in between leaves other values in all temporaries.
      await model.step(4, randomBatch(9));
    }
    expect(results[0]).toEqual(results[1]);
  });

  test('lowers the loss of a batch that comes again', async () => {
    const batch = randomBatch(1);
    const first = await model.step(1, batch);
    for (let index = 2; index < 12; index++) await model.step(index, batch);
    const last = await model.step(12, batch);
    expect(first.loss[0]).toBeGreaterThan(1);
    expect(last.loss[0]).toBeLessThan(0.7 * (first.loss[0] as number));
  });

  test('over two micro-batches is a step over both at once', async () => {
    const both = randomBatch(1);
    const expected = await model.step(1, both);
    model.reset();
    const actual = await model.step(1, onlySequence(both, 0), onlySequence(both, 1));
    expect(largestError(actual.loss, expected.loss)).toBeLessThan(1e-6);
    expect(largestError(actual.gradients, expected.gradients)).toBeLessThan(1e-5);
    expect(largestError(actual.firstMoment, expected.firstMoment)).toBeLessThan(1e-5);
  });

  test('stops at a loss that is no number and goes on from what was good', async () => {
    const good = randomBatch(1);
    const before = await model.step(1, good);
    const bad = await model.step(2, { ...good, x: good.x.with(20, NaN) });
    const after = await model.step(2, good);
    expect(bad.status[2]).toBe(0);
    expect(bad.parameters).toEqual(before.parameters);
    expect(bad.firstMoment).toEqual(before.firstMoment);
    expect(bad.secondMoment).toEqual(before.secondMoment);
    expect(after.status[2]).toBe(1);
    expect(after.parameters.every(Number.isFinite)).toBe(true);
    expect(after.parameters).not.toEqual(before.parameters);
  });

  test('raises no error of the device', async () => {
    await model.step(1, randomBatch(1));
    await model.program.finished();
    expect(errors).toEqual([]);
  });
});

describe('memory', () => {
  let buffers: LiveBuffers;
  beforeEach(async () => {
    buffers = watchBuffers((await sharedGpu()).device);
  });
  afterEach(() => buffers.stop());

  test('grows by what is read back, once', async () => {
    const { program, plan, tensors } = await prepare('software', ({ plan }) => ({
      y: plan.keep('y', [100]),
    }));
    await program.read(tensors.y);
    await program.read(tensors.y);
    expect(buffers.bytes).toBe(plan.memory().bytes + bytesOf(tensors.y));
    expect(program.bytes).toBe(buffers.bytes);
    program.dispose();
    expect(buffers.count).toBe(0);
  });

  test('is the same after three steps and after a hundred', async () => {
    const { program, step } = await training('software');
    for (let index = 1; index <= 3; index++) await step(index, randomBatch(index));
    const { count, bytes } = buffers;
    for (let index = 4; index <= 100; index++) await step(index, randomBatch(index));
    expect({ count: buffers.count, bytes: buffers.bytes }).toEqual({ count, bytes });
    expect(program.bytes).toBe(bytes);
    program.dispose();
    expect(buffers.count).toBe(0);
  });

  test('is given back when a kernel does not compile, whose label and line are named', async () => {
    const broken = prepare('software', ({ plan }) => {
      plan.dispatch({
        label: 'broken.forward',
        read: {},
        write: { y: plan.keep('y', [4]) },
        constants: {},
        body: '@compute @workgroup_size(1)\nfn main() { y[0] = nothing; }',
        workgroups: [1],
        flops: 0,
      });
    });
    await expect(broken).rejects.toMatchObject(
      rejected('broken.forward does not compile.\nline 3:'),
    );
    expect(buffers.count).toBe(0);
  });
});

describe('a program', () => {
  /** y = 2 x */
  const twice = ({ plan, given }: Bench) => {
    const x = given('x', [4], Float64Array.of(1, 2, 3, 4));
    const [y, half] = [plan.keep('y', [4]), plan.temporary('half', [4])];
    scaled(plan, { x, y: half, factor: 4 });
    scaled(plan, { x: half, y, factor: 0.5 });
    return { x, y, half };
  };
  let program: Program;
  afterEach(() => program.dispose());

  test('runs the phases that it is asked for', async () => {
    const prepared = await prepare('software', ({ plan, given }) => {
      const x = given('x', [1], Float64Array.of(3));
      const [y, z] = [plan.keep('y', [1]), plan.keep('z', [1])];
      plan.phase('first', () => scaled(plan, { x, y, factor: 2 }));
      plan.phase('second', () => scaled(plan, { x, y: z, factor: 3 }));
      return { y, z };
    });
    program = prepared.program;
    await program.run('second');
    const { y, z } = await readAll(program, prepared.tensors);
    expect([y[0], z[0]]).toEqual([0, 9]);
  });

  test('takes data no longer than the tensor, and only tensors that keep it', async () => {
    const prepared = await prepare('software', twice);
    const { x, half } = prepared.tensors;
    program = prepared.program;
    expect(() => program.write(x, new Float32Array(5))).toThrow(
      expect.objectContaining(badShape('x [4] f32 takes 16 bytes')) as Error,
    );
    expect(() => program.write(half, new Float32Array(4))).toThrow(
      expect.objectContaining(badShape('half [4] f32 is not a persistent tensor')) as Error,
    );
    await expect(program.read(half)).rejects.toMatchObject(badShape('half [4] f32'));
  });

  test('takes uploads of more than goes to the GPU at a time, each to its own place', async () => {
    const words = 9_000_000;
    const counted = (from: number) => new Float32Array(words).map((_, i) => from + i);
    const firstWrong = (read: Float32Array, from: number) =>
      read.findIndex((value, i) => value !== from + i);
    const prepared = await prepare('software', ({ plan }) => ({
      large: plan.keep('large', [words]),
      small: plan.keep('small', [3]),
      bytes: plan.keep('bytes', [6], 'u8'),
      other: plan.keep('other', [words]),
    }));
    const { large, small, bytes, other } = prepared.tensors;
    program = prepared.program;
    await program.upload([
      [large, counted(1)],
      [small, Float32Array.of(7, 8, 9)],
      [bytes, new Uint8Array([1, 2, 3, 4, 5, 6, 0, 0])],
      [other, counted(-words)],
    ]);
    expect(firstWrong(await program.read(large), 1)).toBe(-1);
    expect([...(await program.read(small))]).toEqual([7, 8, 9]);
    expect([...new Uint8Array((await program.read(bytes)).buffer)]).toEqual([
      1, 2, 3, 4, 5, 6, 0, 0,
    ]);
    expect(firstWrong(await program.read(other), -words)).toBe(-1);
    await expect(program.upload([[small, new Float32Array(4)]])).rejects.toMatchObject(
      badShape('small [3] f32 takes 12 bytes'),
    );
  });

  test('refuses to read a tensor that is being read', async () => {
    const prepared = await prepare('software', twice);
    program = prepared.program;
    await program.run();
    const first = program.read(prepared.tensors.y);
    await expect(program.read(prepared.tensors.y)).rejects.toMatchObject(
      rejected('y [4] f32 is being read already.'),
    );
    expect([...(await first)]).toEqual([2, 4, 6, 8]);
  });

  test('that is disposed says so to whom it keeps waiting, and to whom comes later', async () => {
    const prepared = await prepare('software', twice);
    program = prepared.program;
    const reading = program.read(prepared.tensors.y);
    program.dispose();
    await expect(reading).rejects.toMatchObject(rejected('The program is disposed.'));
    await expect(program.run()).rejects.toMatchObject(rejected('The program is disposed.'));
  });

  test('on a device that is lost says so', async () => {
    const gpu = await openGpu();
    const prepared = await prepare('software', twice, gpu);
    program = prepared.program;
    const reading = program.read(prepared.tensors.y);
    gpu.device.destroy();
    await expect(reading).rejects.toMatchObject(lost);
    await expect(program.run()).rejects.toMatchObject(lost);
    await expect(program.read(prepared.tensors.x)).rejects.toMatchObject(lost);
    await expect(program.finished()).rejects.toMatchObject(lost);
    expect(await gpu.lost).toMatchObject(lost);
  });
});
