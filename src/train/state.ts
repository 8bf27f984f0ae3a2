// What a run has come to: the trained parameters, both moments of AdamW for each, and the number of steps. A
// trainer with this state written to it goes on as the one it was read from: on the same adapter, to the bit.
//
// On the GPU parameters and moments are three tensors of one layout (plan.pack), so three copies read them.
import type { Program } from '../wgsl/program.ts';
import { bytesPerElement, sizeOf, type Tensor } from '../wgsl/tensor.ts';
import { TrainError } from './errors.ts';

/** Numbers by the names of the safetensors files, row-major. */
export type Values = Readonly<Record<string, Float32Array>>;

export interface TrainerState {
  /** Steps taken. The bias of the moments is corrected by it. */
  steps: number;
  /** Of every trained parameter, by name. */
  shapes: Readonly<Record<string, readonly number[]>>;
  parameters: Values;
  /** AdamW's m and v. */
  firstMoments: Values;
  secondMoments: Values;
}

/** Where the state lies on the GPU. */
export interface TrainedTensors {
  /** All parameters, all their first moments, all their second moments. */
  parameters: Tensor;
  firstMoment: Tensor;
  secondMoment: Tensor;
  /** The parameters by name, as parts of `parameters`; their moments lie at the same places. */
  parts: Readonly<Record<string, Tensor>>;
}

/** Reads what is trained, and nothing of its moments. */
export async function readParameters(
  program: Program,
  { parameters, parts }: TrainedTensors,
): Promise<Record<string, Float32Array>> {
  return cut(await program.read(parameters), parts);
}

/** Reads a state. Everything is copied before what is submitted next. */
export async function readState(
  program: Program,
  { parameters, firstMoment, secondMoment, parts }: TrainedTensors,
  steps: number,
): Promise<TrainerState> {
  const [p, m, v] = await Promise.all([
    program.read(parameters),
    program.read(firstMoment),
    program.read(secondMoment),
  ]);
  return {
    steps,
    shapes: Object.fromEntries(Object.entries(parts).map(([name, { shape }]) => [name, shape])),
    parameters: cut(p, parts),
    firstMoments: cut(m, parts),
    secondMoments: cut(v, parts),
  };
}

/**
 * Writes a state.
 * @throws TrainError `bad-weights`, and nothing was written, when it is not one of these tensors
 */
export function writeState(
  program: Program,
  { parameters, firstMoment, secondMoment, parts }: TrainedTensors,
  state: TrainerState,
): void {
  checkShapes(parts, state);
  const written = [
    [parameters, join(parameters, parts, state.parameters, '')],
    [firstMoment, join(firstMoment, parts, state.firstMoments, 'The first moment of ')],
    [secondMoment, join(secondMoment, parts, state.secondMoments, 'The second moment of ')],
  ] as const;
  for (const [tensor, data] of written) program.write(tensor, data);
}

/**
 * Values beside the tensors that they are for.
 * @param of stands before the name in an error
 * @throws TrainError `bad-weights` when one is missing or has another size
 */
export function valuesOf(
  tensors: Readonly<Record<string, Tensor>>,
  values: Values,
  of = '',
): [Tensor, Float32Array][] {
  return Object.entries(tensors).map(([name, tensor]) => {
    const data = values[name];
    if (data?.length !== sizeOf(tensor)) {
      throw new TrainError(
        'bad-weights',
        `${of}"${name}" should have ${sizeOf(tensor)} numbers [${tensor.shape.join(', ')}], it has ${data?.length ?? 'none'}.`,
      );
    }
    return [tensor, data];
  });
}

function checkShapes(
  parts: Readonly<Record<string, Tensor>>,
  { steps, shapes }: TrainerState,
): void {
  if (!Number.isSafeInteger(steps) || steps < 0) {
    throw new TrainError('bad-weights', `${steps} is no number of steps to go on from.`);
  }
  for (const name of new Set([...Object.keys(parts), ...Object.keys(shapes)])) {
    const there = describeShape(shapes[name]);
    const here = describeShape(parts[name]?.shape);
    if (there === here) continue;
    throw new TrainError(
      'bad-weights',
      `The state does not fit what is trained: "${name}" is ${there} in it and ${here} here.`,
    );
  }
}

const describeShape = (shape: readonly number[] | undefined): string =>
  shape ? `[${shape.join(', ')}]` : 'not there';

/** Where a part begins in the numbers of its whole. */
const beginOf = ({ part }: Tensor): number => (part?.offset ?? 0) / bytesPerElement.f32;

function cut(
  whole: Float32Array,
  parts: Readonly<Record<string, Tensor>>,
): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, tensor]) => [
      name,
      whole.slice(beginOf(tensor), beginOf(tensor) + sizeOf(tensor)),
    ]),
  );
}

function join(
  whole: Tensor,
  parts: Readonly<Record<string, Tensor>>,
  values: Values,
  of: string,
): Float32Array {
  const joined = new Float32Array(sizeOf(whole));
  for (const [tensor, data] of valuesOf(parts, values, of)) joined.set(data, beginOf(tensor));
  return joined;
}
