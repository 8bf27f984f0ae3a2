// A matrix as a kernel reads it: four neighbours of a row at a time, whatever they are stored as. A frozen
// weight stays packed in memory; it is unpacked in registers, where it is used.
//
// Quantized formats are those of ONNX Runtime's MatMulNBits (src/onnx/quantize.ts): rows are cut into
// blocks with one scale s and one zero point z each, W = (q - z) s. Int8 per channel is one block a row.
import { WgslError } from './errors.ts';
import { describe, expectShape, matrix, type Tensor } from './tensor.ts';

/** A matrix [rows, columns] in blocks of 4 or 8 bits. */
export interface BlockMatrix {
  bits: 4 | 8;
  /** Columns per scale, a multiple of 4. */
  blockSize: number;
  rows: number;
  columns: number;
  /** [rows, blocks * blockSize * bits / 8] u8; columns past the end hold the zero point. */
  data: Tensor;
  /** [rows, blocks] */
  scales: Tensor;
  /** [rows, ceil(blocks * bits / 8)] u8, low bits first; without: 2^(bits-1) everywhere. */
  zeroPoints?: Tensor;
}

/** Some rows of a matrix, as if they were all: a chunk of the vocabulary. */
export interface RowRange {
  of: Tensor | BlockMatrix;
  first: number;
  rows: number;
}

/** f32 or f16 values, quantized blocks, or a range of rows of either. */
export type Operand = Tensor | BlockMatrix | RowRange;

/** What a kernel needs in order to call `<name>4(row, quad) -> vec4f`: elements 4*quad to 4*quad+3. */
export interface Accessor {
  /** The matrix's name, for messages. */
  source: string;
  rows: number;
  columns: number;
  read: Record<string, Tensor>;
  vectors: string[];
  /** WGSL. Elements beyond the last column are zero; rows must exist. */
  code: string;
}

/**
 * How `operand` is read under `name`.
 * @throws WgslError `bad-shape`
 */
export function accessor(operation: string, name: string, operand: Operand): Accessor {
  if ('first' in operand) return rangeAccessor(operation, name, operand);
  if ('bits' in operand) return blockAccessor(operation, name, operand);
  const { rows, columns } = matrix(operation, operand);
  const whole = columns % 4 === 0;
  const accessors = { f32: whole ? quads : scalars, f16: whole ? halfQuads : halves };
  if (operand.dataType !== 'f32' && operand.dataType !== 'f16') {
    throw new WgslError('bad-shape', `${operation}: ${describe(operand)} should be f32 or f16.`);
  }
  return {
    source: operand.name,
    rows,
    columns,
    read: { [name]: operand },
    vectors: operand.dataType === 'f32' && whole ? [name] : [],
    code: accessors[operand.dataType](name, columns),
  };
}

const quads = (name: string, columns: number) => /* wgsl */ `
fn ${name}4(row: u32, quad: u32) -> vec4f { return ${name}[row * ${columns / 4}u + quad]; }`;

const scalars = (name: string, columns: number) => /* wgsl */ `
fn ${name}1(row: u32, column: u32) -> f32 {
  return select(0.0, ${name}[row * ${columns}u + min(column, ${columns - 1}u)], column < ${columns}u);
}${fourOf(name)}`;

/** Rows that are no whole quads: four elements one by one. */
const fourOf = (name: string) => /* wgsl */ `
fn ${name}4(row: u32, quad: u32) -> vec4f {
  let i = quad * 4u;
  return vec4f(${name}1(row, i), ${name}1(row, i + 1u), ${name}1(row, i + 2u), ${name}1(row, i + 3u));
}`;

const halfQuads = (name: string, columns: number) => /* wgsl */ `
fn ${name}4(row: u32, quad: u32) -> vec4f {
  let word = (row * ${columns / 4}u + quad) * 2u;
  return vec4f(unpack2x16float(${name}[word]), unpack2x16float(${name}[word + 1u]));
}`;

const halves = (name: string, columns: number) => /* wgsl */ `
fn ${name}1(row: u32, column: u32) -> f32 {
  let i = row * ${columns}u + min(column, ${columns - 1}u);
  return select(0.0, unpack2x16float(${name}[i / 2u])[i % 2u], column < ${columns}u);
}${fourOf(name)}`;

function rangeAccessor(operation: string, name: string, { of, first, rows }: RowRange): Accessor {
  const whole = accessor(operation, `${name}Whole`, of);
  if (first + rows > whole.rows) {
    throw new WgslError(
      'bad-shape',
      `${operation}: rows ${first} to ${first + rows} of ${whole.source}, which has ${whole.rows} rows.`,
    );
  }
  const code = /* wgsl */ `
fn ${name}4(row: u32, quad: u32) -> vec4f { return ${name}Whole4(row + ${first}u, quad); }`;
  return { ...whole, rows, code: whole.code + code };
}

function blockAccessor(operation: string, name: string, operand: BlockMatrix): Accessor {
  const { bits, blockSize, rows, columns, data, scales, zeroPoints } = operand;
  const blocks = Math.ceil(columns / blockSize);
  const stride = (blocks * blockSize * bits) / 8;
  if (blockSize % 4 !== 0 || stride % 4 !== 0) {
    throw new WgslError(
      'bad-shape',
      `${operation}: the rows of ${describe(data)} are no whole words (block size ${blockSize}).`,
    );
  }
  expectShape(operation, data, [rows, stride], 'u8');
  expectShape(operation, scales, [rows, blocks]);
  const zeroBytes = Math.ceil((blocks * bits) / 8);
  if (zeroPoints) expectShape(operation, zeroPoints, [rows, zeroBytes], 'u8');

  const word =
    bits === 8
      ? `let q = vec4f(unpack4xU8(${name}[row * ${stride / 4}u + quad]));`
      : `let half = ${name}[row * ${stride / 4}u + quad / 2u] >> (16u * (quad % 2u));
  let q = vec4f((vec4u(half) >> vec4u(0u, 4u, 8u, 12u)) & vec4u(15u));`;
  const zero = zeroPoints
    ? `let byte = row * ${zeroBytes}u + block * ${bits}u / 8u;
  let shift = 8u * (byte % 4u) + ${bits === 4 ? '4u * (block % 2u)' : '0u'};
  let z = f32((${name}Zeros[byte / 4u] >> shift) & ${2 ** bits - 1}u);`
    : `let z = ${2 ** (bits - 1)}.0;`;
  return {
    source: data.name,
    rows,
    columns,
    read: {
      [name]: data,
      [`${name}Scales`]: scales,
      ...(zeroPoints && { [`${name}Zeros`]: zeroPoints }),
    },
    vectors: [],
    code: /* wgsl */ `
fn ${name}4(row: u32, quad: u32) -> vec4f {
  let block = quad / ${blockSize / 4}u;
  ${word}
  ${zero}
  return (q - z) * ${name}Scales[row * ${blocks}u + block];
}`,
  };
}
