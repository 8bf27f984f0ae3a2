// The head of every compute shader: constants and bindings, written from the tensors that are bound, so
// that a kernel's body is plain WGSL that names its tensors.
import type { DataType, Tensor } from './tensor.ts';

/** A dispatch as an operation describes it. */
export interface Kernel {
  /** Operation and pass, `rmsNorm.forward`: for profiles and errors. */
  label: string;
  /** Tensors by the name that the body uses. A tensor that is updated in place is only in `write`. */
  read: Readonly<Record<string, Tensor>>;
  write: Readonly<Record<string, Tensor>>;
  /** Whole numbers become `u32`, others `f32`. A number that may be either is wrapped in `float`. */
  constants: Readonly<Record<string, number | { float: number }>>;
  /** WGSL with `fn main`; everything above it is made here. */
  body: string;
  workgroups: readonly [x: number, y?: number, z?: number];
  /** Floating-point operations: how long submits are, and what a bench divides by. */
  flops: number;
  /** Elements of bindings that the body reads four at a time. The last axis must be a multiple of 4. */
  vectors?: readonly string[];
}

const elementTypes: Record<DataType, string> = { f32: 'f32', u32: 'u32', f16: 'u32', u8: 'u32' };

/** The whole shader: reads are bound first, then writes, in the order of their names in the kernel. */
export function shaderCode(kernel: Kernel): string {
  const constants = Object.entries(kernel.constants).map(
    ([name, value]) => `const ${name} = ${literal(value)};`,
  );
  const bindings = [
    ...Object.entries(kernel.read).map(([name, tensor]) => ({ name, tensor, access: 'read' })),
    ...Object.entries(kernel.write).map(([name, tensor]) => ({
      name,
      tensor,
      access: 'read_write',
    })),
  ].map(({ name, tensor, access }, index) => {
    const element = elementTypes[tensor.dataType];
    const type = kernel.vectors?.includes(name) ? `vec4<${element}>` : element;
    return `@group(0) @binding(${index}) var<storage, ${access}> ${name}: array<${type}>;`;
  });
  return [...constants, ...bindings, kernel.body.trim(), ''].join('\n');
}

/** The tensors in the order of their bindings. */
export function boundTensors(kernel: Kernel): Tensor[] {
  return [...Object.values(kernel.read), ...Object.values(kernel.write)];
}

function literal(value: number | { float: number }): string {
  if (typeof value === 'number' && Number.isInteger(value)) return `${value}u`;
  const float = Math.fround(typeof value === 'number' ? value : value.float);
  return `f32(${Number.isInteger(float) ? float.toFixed(1) : String(float)})`;
}
