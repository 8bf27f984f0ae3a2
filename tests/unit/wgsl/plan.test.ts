import { describe, expect, test } from 'vitest';
import { add } from '../../../src/wgsl/add.ts';
import { attention } from '../../../src/wgsl/attention.ts';
import { WgslError } from '../../../src/wgsl/errors.ts';
import { Plan } from '../../../src/wgsl/plan.ts';
import { bytesOf } from '../../../src/wgsl/tensor.ts';
import { smallestDevice } from './profile.ts';

const newPlan = (limits: Partial<Plan['profile']['limits']> = {}) =>
  new Plan({ ...smallestDevice, limits: { ...smallestDevice.limits, ...limits } });

test('names are made unique, so that messages name one tensor', () => {
  const plan = newPlan();
  const names = [plan.temporary('x', [1]), plan.keep('x', [1]), plan.temporary('y', [1])];
  expect(names.map(({ name }) => name)).toEqual(['x', 'x#1', 'y']);
});

test('dispatches belong to the innermost phase', () => {
  const plan = newPlan();
  const [x, y] = [plan.keep('x', [4]), plan.keep('y', [4])];
  plan.phase('forward', () => {
    add(plan, { x, y });
    plan.phase('loss', () => add(plan, { x, y }));
    add(plan, { x, y });
  });
  add(plan, { x, y });
  const phases = plan.dispatches.map(({ phase }) => phase);
  expect(phases).toEqual(['forward', 'loss', 'forward', 'step']);
});

test('an operation on nothing records nothing', () => {
  const plan = newPlan();
  add(plan, { x: plan.keep('x', [0, 8]), y: plan.keep('y', [0, 8]) });
  expect(plan.dispatches).toEqual([]);
});

describe('a pack', () => {
  const shapes = { a: [3, 5], b: [64], c: [0], d: [65], e: [2, 2] };
  const plan = newPlan();
  const { whole, parts } = plan.pack('parameters', shapes);

  test('has a part of every shape under its name', () => {
    for (const [name, shape] of Object.entries(shapes)) {
      expect(parts[name]).toMatchObject({ name: `parameters.${name}`, shape, part: { of: whole } });
    }
  });

  test('begins its parts where a device can bind them, one after the other, inside the whole', () => {
    let end = 0;
    for (const part of Object.values(parts)) {
      const offset = part.part?.offset ?? NaN;
      expect(offset % 256).toBe(0);
      expect(offset).toBeGreaterThanOrEqual(end);
      end = offset + bytesOf(part);
    }
    expect(end).toBeLessThanOrEqual(bytesOf(whole));
  });

  test('is one persistent tensor', () => {
    expect(plan.persistent).toEqual([whole]);
    expect(plan.memory().bytes).toBe(bytesOf(whole));
  });
});

describe('limits of the device', () => {
  const thrown = (record: () => void): unknown => {
    try {
      record();
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test('a tensor that no buffer holds is refused when it is made', () => {
    const error = thrown(() => newPlan().keep('embed_tokens', [65_536, 1025]));
    expect(error).toEqual(
      new WgslError(
        'above-limit',
        'embed_tokens [65536, 1025] f32 takes 268697600 bytes, the device allows 268435456 in a buffer.',
      ),
    );
  });

  test('a tensor that no binding holds is refused by the operation that binds it', () => {
    const plan = newPlan();
    const [x, y] = [plan.keep('x', [32_769, 1024]), plan.keep('y', [32_769, 1024])];
    expect(thrown(() => add(plan, { x, y }))).toEqual(
      new WgslError(
        'above-limit',
        'add: x [32769, 1024] f32 takes 134221824 bytes, the device binds 134217728 at most.',
      ),
    );
    expect(plan.dispatches).toEqual([]);
  });

  test('a pack is held to them as a whole', () => {
    const shapes = { up: [32_768, 1024], down: [32_768, 1025] };
    expect(thrown(() => newPlan().pack('parameters', shapes))).toMatchObject({
      code: 'above-limit',
      message: expect.stringContaining('parameters [') as string,
    });
  });

  test('a grid that is too long is refused with its operation', () => {
    const plan = newPlan({ maxComputeWorkgroupsPerDimension: 7 });
    const tensor = (name: string) => plan.keep(name, [8, 4]);
    const record = () =>
      attention(plan, {
        q: tensor('q'),
        k: tensor('k'),
        v: tensor('v'),
        o: tensor('o'),
        segments: plan.keep('segments', [8], 'u32'),
        logSumExp: plan.keep('logSumExp', [8, 1]),
        positions: 1,
        heads: 1,
        keyValueHeads: 1,
      });
    expect(thrown(record)).toEqual(
      new WgslError(
        'above-limit',
        'attention.forward: 1 x 1 x 8 workgroups, the device allows 7 in a dimension.',
      ),
    );
  });

  test('more tensors than a shader binds are refused with their operation', () => {
    const plan = newPlan({ maxStorageBuffersPerShaderStage: 1 });
    const [x, y] = [plan.keep('x', [4]), plan.keep('y', [4])];
    expect(thrown(() => add(plan, { x, y }))).toEqual(
      new WgslError('above-limit', 'add: 2 tensors, the device binds 1 at once.'),
    );
  });

  test('a buffer that is read and written at once is refused, in parts too', () => {
    const plan = newPlan();
    const x = plan.keep('x', [4]);
    expect(thrown(() => add(plan, { x, y: x }))).toEqual(
      new WgslError('rejected', 'add: x [4] f32 is read while its buffer is written.'),
    );
    const { up, down } = plan.pack('parameters', { up: [4], down: [4] }).parts;
    expect(up && down).toBeDefined();
    if (!up || !down) return;
    expect(thrown(() => add(plan, { x: up, y: down }))).toMatchObject({ code: 'rejected' });
  });
});
