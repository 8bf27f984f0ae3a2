import { describe, expect, test } from 'vitest';
import { adamw, type AdamW } from '../../../src/wgsl/adamw.ts';
import { add, addBias, addBiasBackward, scaled } from '../../../src/wgsl/add.ts';
import { attention, attentionBackward, type Attention } from '../../../src/wgsl/attention.ts';
import {
  crossEntropy,
  crossEntropyBackward,
  type CrossEntropy,
} from '../../../src/wgsl/crossEntropy.ts';
import { WgslError } from '../../../src/wgsl/errors.ts';
import { gelu, geluBackward } from '../../../src/wgsl/gelu.ts';
import { layerNorm, layerNormBackward } from '../../../src/wgsl/layerNorm.ts';
import { lora, loraBackward } from '../../../src/wgsl/lora.ts';
import { matmul } from '../../../src/wgsl/matmul.ts';
import type { BlockMatrix } from '../../../src/wgsl/operand.ts';
import { Plan } from '../../../src/wgsl/plan.ts';
import { rmsNorm, rmsNormBackward } from '../../../src/wgsl/rmsNorm.ts';
import { rope, ropeBackward } from '../../../src/wgsl/rope.ts';
import { embed, placeRows, takeRows } from '../../../src/wgsl/rows.ts';
import { squaredError, squaredErrorBackward } from '../../../src/wgsl/squaredError.ts';
import { swiglu, swigluBackward } from '../../../src/wgsl/swiglu.ts';
import type { DataType, Tensor } from '../../../src/wgsl/tensor.ts';
import { smallestDevice } from './profile.ts';

/** A tensor of another shape or data type than the operation wants. */
type Wrong = readonly [shape: readonly number[], dataType?: DataType];

interface Case {
  /** Tensors that fit each other, by name. */
  tensors: Record<string, Wrong>;
  /** Records the operation with them. */
  record(plan: Plan, tensor: (name: string) => Tensor): void;
  /** Each alone makes the operation throw, and what it says. */
  wrong: Record<string, { as: Wrong; message: string }>;
}

const attentionTensors: Record<string, Wrong> = {
  q: [[6, 16]],
  k: [[6, 8]],
  v: [[6, 8]],
  o: [[6, 16]],
  segments: [[6], 'u32'],
  logSumExp: [[6, 4]],
};
const attentionOf = (t: (name: string) => Tensor): Attention => ({
  q: t('q'),
  k: t('k'),
  v: t('v'),
  o: t('o'),
  segments: t('segments'),
  logSumExp: t('logSumExp'),
  positions: 3,
  heads: 4,
  keyValueHeads: 2,
});
const entropyTensors: Record<string, Wrong> = {
  h: [[4, 8]],
  head: [[10, 8]],
  labels: [[4], 'u32'],
  weight: [[1]],
  loss: [[1]],
};
const entropyOf = (t: (name: string) => Tensor): CrossEntropy => ({
  h: t('h'),
  head: [t('head')],
  labels: t('labels'),
  weight: t('weight'),
  loss: t('loss'),
  chunk: 4,
});

const cases: Record<string, Case> = {
  matmul: {
    tensors: { a: [[2, 3]], b: [[4, 3]], out: [[2, 4]] },
    record: (plan, t) =>
      matmul(plan, { layout: 'NT', a: t('a'), b: t('b'), out: t('out'), label: 'q_proj' }),
    wrong: {
      a: {
        as: [[2, 5]],
        message: 'q_proj (NT): the inner sizes of a [2, 5] and b [4, 3] differ: 5 and 3.',
      },
      b: { as: [[4, 3], 'u8'], message: 'q_proj: b [4, 3] u8 should be f32 or f16.' },
      out: { as: [[3, 4]], message: 'q_proj: out [3, 4] f32 should be [2, 4] f32.' },
    },
  },
  'matmul with packed blocks': {
    tensors: {
      a: [[2, 64]],
      data: [[4, 32], 'u8'],
      scales: [[4, 2]],
      zeros: [[4, 1], 'u8'],
      out: [[2, 4]],
    },
    record: (plan, t) => {
      const b: BlockMatrix = {
        bits: 4,
        blockSize: 32,
        rows: 4,
        columns: 64,
        data: t('data'),
        scales: t('scales'),
        zeroPoints: t('zeros'),
      };
      matmul(plan, { layout: 'NT', a: t('a'), b, out: t('out') });
    },
    wrong: {
      a: {
        as: [[2, 32]],
        message: 'matmul (NT): the inner sizes of a [2, 32] and data [4, 64] differ: 32 and 64.',
      },
      data: { as: [[4, 64], 'u8'], message: 'matmul: data [4, 64] u8 should be [4, 32] u8.' },
      scales: { as: [[4, 1]], message: 'matmul: scales [4, 1] f32 should be [4, 2] f32.' },
      zeros: { as: [[4, 2], 'u8'], message: 'matmul: zeros [4, 2] u8 should be [4, 1] u8.' },
    },
  },
  rmsNorm: {
    tensors: { x: [[2, 3, 8]], weight: [[8]], y: [[2, 3, 8]], scale: [[6]] },
    record: (plan, t) =>
      rmsNorm(plan, { x: t('x'), weight: t('weight'), y: t('y'), scale: t('scale'), epsilon: 1 }),
    wrong: {
      x: { as: [[], 'f32'], message: 'rmsNorm: x [] f32 should be a matrix.' },
      weight: { as: [[6]], message: 'rmsNorm: weight [6] f32 should be [8] f32.' },
      y: { as: [[6, 8]], message: 'rmsNorm: y [6, 8] f32 should be [2, 3, 8] f32.' },
      scale: { as: [[2]], message: 'rmsNorm: scale [2] f32 should be [6] f32.' },
    },
  },
  rmsNormBackward: {
    tensors: { x: [[6, 8]], weight: [[8]], scale: [[6]], dy: [[6, 8]], dx: [[6, 8]], dw: [[8]] },
    record: (plan, t) =>
      rmsNormBackward(plan, {
        x: t('x'),
        weight: t('weight'),
        scale: t('scale'),
        dy: t('dy'),
        dx: t('dx'),
        dweight: t('dw'),
      }),
    wrong: {
      dy: { as: [[6, 4]], message: 'rmsNormBackward: dy [6, 4] f32 should be [6, 8] f32.' },
      dx: { as: [[5, 8]], message: 'rmsNormBackward: dx [5, 8] f32 should be [6, 8] f32.' },
      dw: { as: [[6]], message: 'rmsNormBackward: dw [6] f32 should be [8] f32.' },
    },
  },
  layerNorm: {
    tensors: { x: [[6, 8]], weight: [[8]], bias: [[8]], y: [[6, 8]], mean: [[6]], scale: [[6]] },
    record: (plan, t) =>
      layerNorm(plan, {
        x: t('x'),
        weight: t('weight'),
        bias: t('bias'),
        y: t('y'),
        mean: t('mean'),
        scale: t('scale'),
        epsilon: 1,
      }),
    wrong: {
      weight: { as: [[6]], message: 'layerNorm: weight [6] f32 should be [8] f32.' },
      bias: { as: [[6]], message: 'layerNorm: bias [6] f32 should be [8] f32.' },
      mean: { as: [[8]], message: 'layerNorm: mean [8] f32 should be [6] f32.' },
      scale: { as: [[8]], message: 'layerNorm: scale [8] f32 should be [6] f32.' },
    },
  },
  layerNormBackward: {
    tensors: {
      x: [[6, 8]],
      weight: [[8]],
      mean: [[6]],
      scale: [[6]],
      dy: [[6, 8]],
      dx: [[6, 8]],
      dw: [[8]],
      db: [[8]],
    },
    record: (plan, t) =>
      layerNormBackward(plan, {
        x: t('x'),
        weight: t('weight'),
        mean: t('mean'),
        scale: t('scale'),
        dy: t('dy'),
        dx: t('dx'),
        parameters: { dweight: t('dw'), dbias: t('db') },
      }),
    wrong: {
      dy: { as: [[6, 7]], message: 'layerNormBackward: dy [6, 7] f32 should be [6, 8] f32.' },
      dx: { as: [[6, 7]], message: 'layerNormBackward: dx [6, 7] f32 should be [6, 8] f32.' },
      dw: { as: [[6]], message: 'layerNormBackward: dw [6] f32 should be [8] f32.' },
      db: { as: [[6]], message: 'layerNormBackward: db [6] f32 should be [8] f32.' },
    },
  },
  swiglu: {
    tensors: { gate: [[2, 4]], up: [[2, 4]], h: [[2, 4]] },
    record: (plan, t) => swiglu(plan, { gate: t('gate'), up: t('up'), h: t('h') }),
    wrong: {
      up: { as: [[2, 5]], message: 'swiglu: up [2, 5] f32 should be [2, 4] f32.' },
      h: { as: [[2, 4], 'u32'], message: 'swiglu: h [2, 4] u32 should be [2, 4] f32.' },
    },
  },
  swigluBackward: {
    tensors: { gate: [[2, 4]], up: [[2, 4]], dh: [[2, 4]], dgate: [[2, 4]], dup: [[2, 4]] },
    record: (plan, t) =>
      swigluBackward(plan, {
        gate: t('gate'),
        up: t('up'),
        dh: t('dh'),
        dgate: t('dgate'),
        dup: t('dup'),
      }),
    wrong: {
      dh: { as: [[2, 5]], message: 'swigluBackward: dh [2, 5] f32 should be [2, 4] f32.' },
      dgate: { as: [[8]], message: 'swigluBackward: dgate [8] f32 should be [2, 4] f32.' },
      dup: { as: [[4, 2]], message: 'swigluBackward: dup [4, 2] f32 should be [2, 4] f32.' },
    },
  },
  gelu: {
    tensors: { x: [[2, 4]], y: [[2, 4]] },
    record: (plan, t) => gelu(plan, { x: t('x'), y: t('y') }),
    wrong: { y: { as: [[2, 5]], message: 'gelu: y [2, 5] f32 should be [2, 4] f32.' } },
  },
  geluBackward: {
    tensors: { x: [[2, 4]], dy: [[2, 4]], dx: [[2, 4]] },
    record: (plan, t) => geluBackward(plan, { x: t('x'), dy: t('dy'), dx: t('dx') }),
    wrong: {
      dy: { as: [[2, 5]], message: 'geluBackward: dy [2, 5] f32 should be [2, 4] f32.' },
      dx: { as: [[2]], message: 'geluBackward: dx [2] f32 should be [2, 4] f32.' },
    },
  },
  squaredError: {
    tensors: { y: [[2, 4]], goal: [[2, 4]], weight: [[2]], loss: [[1]] },
    record: (plan, t) =>
      squaredError(plan, { y: t('y'), goal: t('goal'), weight: t('weight'), loss: t('loss') }),
    wrong: {
      goal: { as: [[2, 5]], message: 'squaredError: goal [2, 5] f32 should be [2, 4] f32.' },
      weight: { as: [[1]], message: 'squaredError: weight [1] f32 should be [2] f32.' },
      loss: { as: [[2]], message: 'squaredError: loss [2] f32 should be [1] f32.' },
    },
  },
  squaredErrorBackward: {
    tensors: { y: [[2, 4]], goal: [[2, 4]], weight: [[2]], dy: [[2, 4]] },
    record: (plan, t) =>
      squaredErrorBackward(plan, { y: t('y'), goal: t('goal'), weight: t('weight'), dy: t('dy') }),
    wrong: {
      goal: { as: [[2]], message: 'squaredErrorBackward: goal [2] f32 should be [2, 4] f32.' },
      weight: { as: [[4]], message: 'squaredErrorBackward: weight [4] f32 should be [2] f32.' },
      dy: { as: [[8]], message: 'squaredErrorBackward: dy [8] f32 should be [2, 4] f32.' },
    },
  },
  addBias: {
    tensors: { bias: [[4]], y: [[2, 4]] },
    record: (plan, t) => addBias(plan, { bias: t('bias'), y: t('y') }),
    wrong: { bias: { as: [[2]], message: 'addBias: bias [2] f32 should be [4] f32.' } },
  },
  addBiasBackward: {
    tensors: { dy: [[2, 4]], dbias: [[4]] },
    record: (plan, t) => addBiasBackward(plan, { dy: t('dy'), dbias: t('dbias') }),
    wrong: { dbias: { as: [[2]], message: 'addBiasBackward: dbias [2] f32 should be [4] f32.' } },
  },
  add: {
    tensors: { x: [[4]], y: [[4]] },
    record: (plan, t) => add(plan, { x: t('x'), y: t('y') }),
    wrong: { x: { as: [[5]], message: 'add: x [5] f32 should be [4] f32.' } },
  },
  scaled: {
    tensors: { x: [[4]], y: [[4]] },
    record: (plan, t) => scaled(plan, { x: t('x'), y: t('y'), factor: 2 }),
    wrong: { x: { as: [[5]], message: 'scaled: x [5] f32 should be [4] f32.' } },
  },
  embed: {
    tensors: { table: [[9, 8]], ids: [[6], 'u32'], out: [[2, 3, 8]] },
    record: (plan, t) => embed(plan, { table: t('table'), ids: t('ids'), out: t('out') }),
    wrong: {
      table: { as: [[9, 8], 'u32'], message: 'embed: table [9, 8] u32 should be f32 or f16.' },
      ids: { as: [[6]], message: 'embed: ids [6] f32 should be [6] u32.' },
      out: { as: [[6, 4]], message: 'embed: out [6, 4] f32 should be [6, 8] f32.' },
    },
  },
  'embed from a part of a table': {
    tensors: { table: [[9, 8]], ids: [[2], 'u32'], out: [[2, 8]] },
    record: (plan, t) =>
      embed(plan, {
        table: { of: t('table'), first: 5, rows: 4 },
        ids: t('ids'),
        out: t('out'),
      }),
    wrong: {
      table: { as: [[8, 8]], message: 'embed: rows 5 to 9 of table, which has 8 rows.' },
    },
  },
  placeRows: {
    tensors: { x: [[4, 8]], to: [[4], 'u32'], out: [[6, 8]] },
    record: (plan, t) => placeRows(plan, { x: t('x'), to: t('to'), out: t('out') }),
    wrong: {
      to: { as: [[6], 'u32'], message: 'placeRows: to [6] u32 should be [4] u32.' },
      out: { as: [[6, 4]], message: 'placeRows: out [6, 4] f32 should be [6, 8] f32.' },
    },
  },
  takeRows: {
    tensors: { x: [[6, 8]], from: [[4], 'u32'], out: [[4, 8]] },
    record: (plan, t) => takeRows(plan, { x: t('x'), from: t('from'), out: t('out') }),
    wrong: {
      x: { as: [[6, 4]], message: 'takeRows: x [6, 4] f32 should be [6, 8] f32.' },
      from: { as: [[6], 'u32'], message: 'takeRows: from [6] u32 should be [4] u32.' },
    },
  },
  rope: {
    tensors: { x: [[6, 24]], positions: [[6], 'u32'], cos: [[9, 4]], sin: [[9, 4]] },
    record: (plan, t) =>
      rope(plan, {
        x: t('x'),
        heads: 3,
        positions: t('positions'),
        cos: t('cos'),
        sin: t('sin'),
      }),
    wrong: {
      x: { as: [[6, 21]], message: 'rope: x [6, 21] f32 should have 3 heads of an even size.' },
      positions: { as: [[6]], message: 'rope: positions [6] f32 should be [6] u32.' },
      cos: { as: [[9, 8]], message: 'rope: cos [9, 8] f32 should be [9, 4] f32.' },
      sin: { as: [[8, 4]], message: 'rope: sin [8, 4] f32 should be [9, 4] f32.' },
    },
  },
  ropeBackward: {
    tensors: { dx: [[6, 24]], positions: [[6], 'u32'], cos: [[9, 4]], sin: [[9, 4]] },
    record: (plan, t) =>
      ropeBackward(plan, {
        dx: t('dx'),
        heads: 3,
        positions: t('positions'),
        cos: t('cos'),
        sin: t('sin'),
      }),
    wrong: {
      dx: { as: [[6, 16]], message: 'rope: dx [6, 16] f32 should have 3 heads of an even size.' },
    },
  },
  attention: {
    tensors: attentionTensors,
    record: (plan, t) => attention(plan, attentionOf(t)),
    wrong: {
      q: {
        as: [[6, 24]],
        message:
          'attention: q [6, 24] f32 in sequences of 3, 4 query and 2 key heads of 6: sequences and heads must divide, the size of a head be a multiple of 4.',
      },
      k: { as: [[6, 16]], message: 'attention: k [6, 16] f32 should be [6, 8] f32.' },
      v: { as: [[5, 8]], message: 'attention: v [5, 8] f32 should be [6, 8] f32.' },
      o: { as: [[6, 8]], message: 'attention: o [6, 8] f32 should be [6, 16] f32.' },
      segments: { as: [[2], 'u32'], message: 'attention: segments [2] u32 should be [6] u32.' },
      logSumExp: { as: [[6]], message: 'attention: logSumExp [6] f32 should be [6, 4] f32.' },
    },
  },
  attentionBackward: {
    tensors: { ...attentionTensors, dO: [[6, 16]], dq: [[6, 16]], dk: [[6, 8]], dv: [[6, 8]] },
    record: (plan, t) =>
      attentionBackward(plan, {
        ...attentionOf(t),
        dO: t('dO'),
        dq: t('dq'),
        dk: t('dk'),
        dv: t('dv'),
      }),
    wrong: {
      dO: { as: [[6, 8]], message: 'attentionBackward: dO [6, 8] f32 should be [6, 16] f32.' },
      dq: { as: [[6, 8]], message: 'attentionBackward: dq [6, 8] f32 should be [6, 16] f32.' },
      dk: { as: [[6, 16]], message: 'attentionBackward: dk [6, 16] f32 should be [6, 8] f32.' },
      dv: { as: [[6, 16]], message: 'attentionBackward: dv [6, 16] f32 should be [6, 8] f32.' },
    },
  },
  crossEntropy: {
    tensors: entropyTensors,
    record: (plan, t) => void crossEntropy(plan, entropyOf(t)),
    wrong: {
      head: {
        as: [[10, 6]],
        message: 'lmHead (NT): the inner sizes of h [4, 8] and head [4, 6] differ: 8 and 6.',
      },
      labels: { as: [[5], 'u32'], message: 'crossEntropy: labels [5] u32 should be [4] u32.' },
      weight: { as: [[4]], message: 'crossEntropy: weight [4] f32 should be [1] f32.' },
      loss: { as: [[4]], message: 'crossEntropy: loss [4] f32 should be [1] f32.' },
    },
  },
  'crossEntropy without a vocabulary': {
    tensors: entropyTensors,
    record: (plan, t) => void crossEntropy(plan, entropyOf(t)),
    wrong: {
      head: {
        as: [[0, 8]],
        message: 'crossEntropy: the LM head has no rows (head [0, 8] f32).',
      },
    },
  },
  crossEntropyBackward: {
    tensors: { ...entropyTensors, dh: [[4, 8]], logSumExp: [[4]] },
    record: (plan, t) =>
      crossEntropyBackward(plan, { ...entropyOf(t), dh: t('dh'), logSumExp: t('logSumExp') }),
    wrong: {
      dh: { as: [[4, 6]], message: 'crossEntropyBackward: dh [4, 6] f32 should be [4, 8] f32.' },
    },
  },
  lora: {
    tensors: { x: [[6, 8]], y: [[6, 5]], down: [[2, 8]], up: [[5, 2]] },
    record: (plan, t) =>
      void lora(plan, { x: t('x'), y: t('y'), down: t('down'), up: t('up'), scale: 1 }),
    wrong: {
      up: { as: [[5, 3]], message: 'lora: up [5, 3] f32 should be [5, 2] f32.' },
      down: {
        as: [[2, 7]],
        message: 'lora.down (NT): the inner sizes of x [6, 8] and down [2, 7] differ: 8 and 7.',
      },
    },
  },
  loraBackward: {
    tensors: {
      x: [[6, 8]],
      dy: [[6, 5]],
      u: [[6, 2]],
      down: [[2, 8]],
      up: [[5, 2]],
      ddown: [[2, 8]],
      dup: [[5, 2]],
      dx: [[6, 8]],
    },
    record: (plan, t) =>
      loraBackward(plan, {
        x: t('x'),
        dy: t('dy'),
        u: t('u'),
        down: t('down'),
        up: t('up'),
        scale: 1,
        ddown: t('ddown'),
        dup: t('dup'),
        dx: t('dx'),
      }),
    wrong: {
      ddown: { as: [[2, 5]], message: 'lora.ddown: ddown [2, 5] f32 should be [2, 8] f32.' },
      dup: { as: [[2, 5]], message: 'lora.dup: dup [2, 5] f32 should be [5, 2] f32.' },
      dx: { as: [[6, 5]], message: 'lora.dx: dx [6, 5] f32 should be [6, 8] f32.' },
    },
  },
  adamw: {
    tensors: {
      parameters: [[64]],
      gradients: [[64]],
      firstMoment: [[64]],
      secondMoment: [[64]],
      inputs: [[4]],
      loss: [[1]],
      status: [[3]],
    },
    record: (plan, t) => {
      const names = ['parameters', 'gradients', 'firstMoment', 'secondMoment'] as const;
      const [parameters, gradients, firstMoment, secondMoment] = names.map(t) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const state = { parameters, gradients, firstMoment, secondMoment };
      const scalars = { inputs: t('inputs'), loss: t('loss'), status: t('status') };
      const settings = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 };
      const options: AdamW = { ...state, ...scalars, ...settings };
      adamw(plan, options);
    },
    wrong: {
      gradients: { as: [[63]], message: 'adamw: gradients [63] f32 should be [64] f32.' },
      firstMoment: { as: [[63]], message: 'adamw: firstMoment [63] f32 should be [64] f32.' },
      secondMoment: { as: [[63]], message: 'adamw: secondMoment [63] f32 should be [64] f32.' },
      inputs: { as: [[3]], message: 'adamw: inputs [3] f32 should be [4] f32.' },
      loss: { as: [[2]], message: 'adamw: loss [2] f32 should be [1] f32.' },
      status: { as: [[4]], message: 'adamw: status [4] f32 should be [3] f32.' },
    },
  },
};

/** Records a case, one tensor replaced when `name` is given. */
function record({ tensors, record: run }: Case, name?: string, as?: Wrong): Plan {
  const plan = new Plan(smallestDevice);
  const made = new Map(
    Object.entries(tensors).map(([key, fitting]) => {
      const [shape, dataType] = key === name && as ? as : fitting;
      return [key, plan.keep(key, shape, dataType)];
    }),
  );
  run(plan, (key) => {
    const tensor = made.get(key);
    if (!tensor) throw new RangeError(`the case has no tensor ${key}`);
    return tensor;
  });
  return plan;
}

describe.each(Object.entries(cases))('%s', (_, one) => {
  test('takes tensors that fit', () => {
    expect(record(one).dispatches.length).toBeGreaterThan(0);
  });

  test.each(Object.entries(one.wrong))('refuses %s that does not fit', (name, { as, message }) => {
    expect(() => record(one, name, as)).toThrow(new WgslError('bad-shape', message));
  });
});

test('chunks of a vocabulary have at least one row', () => {
  const plan = new Plan(smallestDevice);
  const tensor = (name: string) => {
    const [shape, dataType] = entropyTensors[name] as Wrong;
    return plan.keep(name, shape, dataType);
  };
  expect(() => crossEntropy(plan, { ...entropyOf(tensor), chunk: 0 })).toThrow(
    new WgslError(
      'bad-shape',
      'crossEntropy: chunks of the vocabulary should have at least one row, not 0.',
    ),
  );
});
