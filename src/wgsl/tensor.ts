// A tensor as a plan sees it: a name, a shape and a data type; where its bytes live is decided later.
//
// Shape letters of the whole engine:
//   B sequences in a batch     T positions of a sequence     M = B*T rows of activations
//   D hidden size              F feed-forward size           V vocabulary
//   H query heads              G key/value heads (H is a multiple of G)     E size of a head
//   R LoRA rank                K the dimension that a matmul sums over, N its output columns
// Everything is row-major. A gradient has its tensor's name with a `d` before it and its shape.
import { WgslError } from './errors.ts';

/** `f16` is stored as it is, two to a word, and read without `shader-f16`; `u8` four to a word. */
export type DataType = 'f32' | 'u32' | 'f16' | 'u8';

export const bytesPerElement: Record<DataType, number> = { f32: 4, u32: 4, f16: 2, u8: 1 };

/**
 * - `temporary`: lives from the first dispatch that uses it to the last; shares memory with others
 * - `persistent`: weights, optimizer state, inputs and outputs; nothing else ever lives where it does
 */
export type Lifetime = 'temporary' | 'persistent';

export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dataType: DataType;
  readonly lifetime: Lifetime;
  /** A part of another tensor: the whole, and the byte where this part begins. */
  readonly part?: { readonly of: Tensor; readonly offset: number };
}

/** The tensor that owns the memory. */
export const wholeOf = (tensor: Tensor): Tensor => tensor.part?.of ?? tensor;

/**
 * The same memory under another shape: [M, H * E] as [M * H, E].
 * @throws WgslError `bad-shape` when the sizes differ
 */
export function reshaped(tensor: Tensor, shape: readonly number[]): Tensor {
  if (sizeOf({ shape }) !== sizeOf(tensor)) {
    throw new WgslError(
      'bad-shape',
      `${describe(tensor)} cannot be seen as [${shape.join(', ')}]: the sizes differ.`,
    );
  }
  return { ...tensor, shape, part: { of: wholeOf(tensor), offset: tensor.part?.offset ?? 0 } };
}

/** Number of elements. */
export function sizeOf(tensor: { shape: readonly number[] }): number {
  return tensor.shape.reduce((product, length) => product * length, 1);
}

/** Bytes in a storage buffer: whole words, at least one. */
export function bytesOf(tensor: Tensor): number {
  return Math.max(4, Math.ceil((sizeOf(tensor) * bytesPerElement[tensor.dataType]) / 4) * 4);
}

/** `x [6, 64] f32`, for messages. */
export function describe(tensor: Tensor): string {
  return `${tensor.name} [${tensor.shape.join(', ')}] ${tensor.dataType}`;
}

/**
 * Checks a tensor against what an operation expects.
 * @throws WgslError `bad-shape` that names operation, tensor and both shapes
 */
export function expectShape(
  operation: string,
  tensor: Tensor,
  shape: readonly number[],
  dataType: DataType = 'f32',
): void {
  const fits =
    tensor.dataType === dataType &&
    tensor.shape.length === shape.length &&
    shape.every((length, axis) => tensor.shape[axis] === length);
  if (fits) return;
  throw new WgslError(
    'bad-shape',
    `${operation}: ${describe(tensor)} should be [${shape.join(', ')}] ${dataType}.`,
  );
}

/**
 * Rows and columns of a matrix; leading axes count as rows.
 * @throws WgslError `bad-shape` for a scalar
 */
export function matrix(operation: string, tensor: Tensor): { rows: number; columns: number } {
  const columns = tensor.shape.at(-1);
  if (columns === undefined) {
    throw new WgslError('bad-shape', `${operation}: ${describe(tensor)} should be a matrix.`);
  }
  return { rows: columns === 0 ? 0 : sizeOf(tensor) / columns, columns };
}
