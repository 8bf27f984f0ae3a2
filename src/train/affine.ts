// A trained affine map: y = x Wᵀ + b, its parameters and gradients found by name.
import { addBias, addBiasBackward } from '../wgsl/add.ts';
import { matmul } from '../wgsl/matmul.ts';
import type { Plan } from '../wgsl/plan.ts';
import { sizeOf, type Tensor } from '../wgsl/tensor.ts';

/** Parameters, or their gradients, by the names of the safetensors file. */
export type Named = Readonly<Record<string, Tensor>>;

/** Records y [M, N] = x Wᵀ + b for x [M, K]; `name.bias` may be absent. */
export function affine(plan: Plan, p: Named, name: string, x: Tensor, y: Tensor): void {
  matmul(plan, { layout: 'NT', a: x, b: required(p, `${name}.weight`), out: y, label: name });
  const bias = p[`${name}.bias`];
  if (bias) addBias(plan, { bias, y });
}

/**
 * Records dW += dyᵀ x, db += Σ dy, and dx = dy W where it is wanted.
 * @param options.accumulate adds to dx instead of writing it
 */
export function affineBackward(
  plan: Plan,
  p: Named,
  d: Named,
  name: string,
  { x, dy, dx, accumulate = false }: { x: Tensor; dy: Tensor; dx?: Tensor; accumulate?: boolean },
): void {
  const [b, dweight] = [required(p, `${name}.weight`), required(d, `${name}.weight`)];
  matmul(plan, { layout: 'TN', a: dy, b: x, out: dweight, accumulate: true, label: `d${name}` });
  const dbias = d[`${name}.bias`];
  if (dbias) addBiasBackward(plan, { dy, dbias });
  if (dx) matmul(plan, { layout: 'NN', a: dy, b, out: dx, accumulate, label: `${name}.backward` });
}

/** @throws RangeError that names what is missing */
export function required(tensors: Named, name: string): Tensor {
  const tensor = tensors[name];
  if (!tensor) throw new RangeError(`The alignment has no tensor "${name}".`);
  return tensor;
}

export const columnsOf = (tensor: Tensor): number => tensor.shape.at(-1) ?? 1;
export const rowsOf = (tensor: Tensor): number => sizeOf(tensor) / columnsOf(tensor);
