// src/wgsl, as the trainer uses it.
import type { Gpu } from '../../src/wgsl/device.ts';
import { matmul } from '../../src/wgsl/matmul.ts';
import { Plan } from '../../src/wgsl/plan.ts';
import { Program } from '../../src/wgsl/program.ts';
import type { Contender } from '../problems.ts';

export const ours =
  (gpu: Gpu): Contender =>
  async ({ layout, M, N, K }, operands) => {
    const plan = new Plan(gpu.profile);
    const a = plan.keep('a', layout === 'TN' ? [K, M] : [M, K]);
    const b = plan.keep('b', layout === 'NT' ? [N, K] : [K, N]);
    const out = plan.keep('out', [M, N]);
    matmul(plan, { layout, a, b, out });
    const program = await Program.compile(gpu, plan);
    program.write(a, operands.a);
    program.write(b, operands.b);
    return {
      name: 'lingualift',
      async run(times) {
        for (let i = 0; i < times; i++) await program.run();
        await program.finished();
      },
      read: () => program.read(out),
      dispose: () => program.dispose(),
    };
  };
