// Runs a plan on this browser's adapter: tensors are given by their values, results are read back.
import { openGpu, type Gpu } from '../../../src/wgsl/device.ts';
import { Plan } from '../../../src/wgsl/plan.ts';
import { Program } from '../../../src/wgsl/program.ts';
import type { AdapterKind } from '../../../src/wgsl/profile.ts';
import type { DataType, Tensor } from '../../../src/wgsl/tensor.ts';

let opened: Promise<Gpu> | undefined;

/** One device for all tests of a file: opening takes longer than most kernels. */
export const sharedGpu = (): Promise<Gpu> => (opened ??= openGpu());

/** Kernels are written for an adapter's kind; every variant has to be right on every adapter. */
export const adapterKinds: readonly AdapterKind[] = ['gpu', 'software'];

export interface Bench {
  plan: Plan;
  /** A persistent tensor with these values: f32 from numbers, others from their bytes. */
  given(
    name: string,
    shape: number[],
    values: Float64Array | Float32Array | Uint32Array | Uint8Array,
    dataType?: DataType,
  ): Tensor;
}

/**
 * Records a plan and makes it ready to run: the given values are written. The caller disposes the program.
 * @param record gets the plan and returns the tensors that the caller wants to read or write
 */
export async function prepare<Tensors>(
  kind: AdapterKind,
  record: (bench: Bench) => Tensors,
  gpu?: Gpu,
): Promise<{ program: Program; plan: Plan; tensors: Tensors }> {
  const used = gpu ?? (await sharedGpu());
  const plan = new Plan({ ...used.profile, kind });
  const writes: [Tensor, Float32Array | Uint32Array | Uint8Array][] = [];
  const tensors = record({
    plan,
    given(name, shape, values, dataType = 'f32') {
      const tensor = plan.keep(name, shape, dataType);
      writes.push([tensor, values instanceof Float64Array ? Float32Array.from(values) : values]);
      return tensor;
    },
  });
  const program = await Program.compile(used, plan);
  for (const [tensor, values] of writes) program.write(tensor, values);
  return { program, plan, tensors };
}

/** The values of the named tensors. */
export async function readAll<Names extends string>(
  program: Program,
  tensors: Record<Names, Tensor>,
): Promise<Record<Names, Float32Array>> {
  const read = Object.entries<Tensor>(tensors).map(
    async ([name, tensor]) => [name, await program.read(tensor)] as const,
  );
  return Object.fromEntries(await Promise.all(read)) as Record<Names, Float32Array>;
}

/**
 * Records a plan, runs it and reads the named results.
 * @param record gets the plan and returns the tensors to read
 */
export async function runPlan<Names extends string>(
  kind: AdapterKind,
  record: (bench: Bench) => Record<Names, Tensor>,
): Promise<Record<Names, Float32Array>> {
  const { program, tensors } = await prepare(kind, record);
  try {
    await program.run();
    return await readAll(program, tensors);
  } finally {
    program.dispose();
  }
}
