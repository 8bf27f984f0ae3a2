// Every weight of a transformer's graph as its file packs it, for kernels that unpack in registers: nothing
// that has a packed form is expanded, and bytes that already lie as the kernels read them are views of the
// file. Names and divisions are those of readWeights.
import type { ConstantReader, FloatTensor } from './constants.ts';
import { alignedElements, DataType } from './dataTypes.ts';
import { dimsOf, elementCount, type ExternalData, type ModelProto } from './model.ts';
import { packBlocks } from './packBlocks.ts';
import type { BlockQuantized } from './quantize.ts';
import { floatMatrix, transposeElements, type StoredMatrix } from './storedMatrix.ts';
import { walkWeights, type WeightForm } from './weightWalk.ts';

/** A matrix [rows, columns] in blocks, laid out as quantize.ts says; its rows are whole 32-bit words. */
export interface PackedBlocks extends BlockQuantized {
  kind: 'blocks';
}

/** Float values, row-major; float16 as bit patterns. */
export type PackedFloats =
  | { kind: 'float32'; dims: number[]; data: Float32Array }
  | { kind: 'float16'; dims: number[]; data: Uint16Array };

export type PackedWeight = PackedFloats | PackedBlocks;

/**
 * Reads every weight without expanding it. Linear weights are [N, K], embedding tables [V, D]; packed
 * projections are divided into views. A tied LM head shares the arrays of the embedding table.
 *
 * MatMulNBits, GatherBlockQuantized, and 8-bit integers with one scale for all or one a row become blocks;
 * float16 matrices stay float16. What has no packed form (bitsandbytes' 4 bits, float zero points, bfloat16)
 * and every norm, bias and other small parameter is float32.
 * @throws OnnxError where a weight's form is not known, as `readWeights`
 */
export function readPackedWeights(
  model: ModelProto,
  external: ExternalData = new Map(),
): Map<string, PackedWeight> {
  const packed = new Map<string, PackedWeight>();
  const form: WeightForm<PackedWeight> = {
    matrix(stored, reader) {
      const key = identity(stored);
      const known = key === undefined ? undefined : packed.get(key);
      const weight = known ?? pack(stored, reader);
      if (key !== undefined) packed.set(key, weight);
      return weight;
    },
    parameter: float32,
    rows: rowsOf,
  };
  return walkWeights(model, external, form);
}

/** Equal for matrices that are one, such as a tied head and table. */
function identity(stored: StoredMatrix): string | undefined {
  if (stored.kind === 'computed') return undefined;
  const { kind } = stored;
  const parts = kind === 'dense' ? [stored.tensor.name, stored.transposed] : stored.key;
  return JSON.stringify([kind, ...parts]);
}

function pack(stored: StoredMatrix, reader: ConstantReader): PackedWeight {
  if (stored.kind === 'blocks') {
    const blocks = packBlocks(stored.source);
    if (blocks) return { kind: 'blocks', ...blocks };
  }
  if (stored.kind === 'dense' && stored.tensor.dataType === DataType.FLOAT16) {
    return float16(stored, reader);
  }
  return float32(floatMatrix(stored, reader));
}

function float32({ dims, data }: FloatTensor): PackedWeight {
  return { kind: 'float32', dims, data };
}

function float16(
  { tensor, transposed }: StoredMatrix & { kind: 'dense' },
  reader: ConstantReader,
): PackedWeight {
  const dims = dimsOf(tensor);
  const count = elementCount(dims);
  const bytes = alignedElements(reader.bytes(tensor), DataType.FLOAT16, count, tensor.name);
  const data = new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  if (!transposed) return { kind: 'float16', dims, data };
  const [columns = 0, rows = 0] = dims;
  const turned = transposeElements(data, new Uint16Array(count), rows, columns);
  return { kind: 'float16', dims: [rows, columns], data: turned };
}

/** Some rows of a weight or a bias, as views. */
function rowsOf(weight: PackedWeight, first: number, count: number): PackedWeight {
  const end = first + count;
  if (weight.kind === 'blocks') {
    const { data, scales, zeroPoints, rows } = weight;
    const slice = <Elements extends Uint8Array | Float32Array>(elements: Elements): Elements => {
      const width = elements.length / rows;
      return elements.subarray(first * width, end * width) as Elements;
    };
    return {
      ...weight,
      rows: count,
      data: slice(data),
      scales: slice(scales),
      ...(zeroPoints && { zeroPoints: slice(zeroPoints) }),
    };
  }
  const [, ...inner] = weight.dims;
  const width = elementCount(inner);
  const dims = [count, ...inner];
  return weight.kind === 'float16'
    ? { kind: 'float16', dims, data: weight.data.subarray(first * width, end * width) }
    : { kind: 'float32', dims, data: weight.data.subarray(first * width, end * width) };
}
