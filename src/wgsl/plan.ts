// A plan is a training step written down before the GPU is touched: its tensors and its dispatches, in
// order, grouped into phases. Operations add to it; program.ts compiles and runs it.
//
// Everything about a step is known beforehand, because shapes are fixed: how much memory it takes, which
// buffers exist, which pipelines are compiled. A step then only submits.
import { WgslError } from './errors.ts';
import { bindingAlignment, planMemory, type MemoryLayout } from './memory.ts';
import type { Profile } from './profile.ts';
import { boundTensors, type Kernel } from './shader.ts';
import {
  bytesOf,
  bytesPerElement,
  describe,
  wholeOf,
  type DataType,
  type Tensor,
} from './tensor.ts';

export interface Dispatch extends Kernel {
  phase: string;
}

export class Plan {
  /** What the kernels are written for: tile sizes, limits. */
  readonly profile: Profile;
  readonly dispatches: Dispatch[] = [];
  readonly persistent: Tensor[] = [];
  #phase = 'step';
  readonly #names = new Map<string, number>();

  constructor(profile: Profile) {
    this.profile = profile;
  }

  /** Everything that `record` adds belongs to this phase. Phases can be run and timed one by one. */
  phase(name: string, record: () => void): void {
    const outer = this.#phase;
    this.#phase = name;
    record();
    this.#phase = outer;
  }

  /** An intermediate result. Its memory is reused after the last dispatch that uses it. */
  temporary(name: string, shape: readonly number[], dataType: DataType = 'f32'): Tensor {
    return { name: this.#unique(name), shape, dataType, lifetime: 'temporary' };
  }

  /**
   * A tensor that keeps its memory: weights, state, what goes in and comes out. Zero at first.
   * @throws WgslError `above-limit`
   */
  keep(name: string, shape: readonly number[], dataType: DataType = 'f32'): Tensor {
    const tensor: Tensor = { name: this.#unique(name), shape, dataType, lifetime: 'persistent' };
    const largest = this.profile.limits.maxBufferSize;
    if (bytesOf(tensor) > largest) {
      throw new WgslError(
        'above-limit',
        `${describe(tensor)} takes ${bytesOf(tensor)} bytes, the device allows ${largest} in a buffer.`,
      );
    }
    this.persistent.push(tensor);
    return tensor;
  }

  /**
   * Tensors that lie one after the other in a single persistent tensor: all parameters, or all their
   * gradients, so that an optimizer takes one dispatch for them. Parts begin where the device can bind them; the gaps stay zero.
   */
  pack(
    name: string,
    shapes: Readonly<Record<string, readonly number[]>>,
  ): { whole: Tensor; parts: Record<string, Tensor> } {
    let bytes = 0;
    const places = Object.entries(shapes).map(([part, shape]) => {
      const tensor: Tensor = {
        name: `${name}.${part}`,
        shape,
        dataType: 'f32',
        lifetime: 'persistent',
      };
      const offset = bytes;
      bytes += Math.ceil(bytesOf(tensor) / bindingAlignment) * bindingAlignment;
      return { part, tensor, offset };
    });
    const whole = this.keep(name, [bytes / bytesPerElement.f32]);
    const parts = places.map(({ part, tensor, offset }): [string, Tensor] => [
      part,
      { ...tensor, part: { of: whole, offset } },
    ]);
    return { whole, parts: Object.fromEntries(parts) };
  }

  /**
   * Adds a dispatch. One with nothing to do (an empty batch) is left out.
   * @throws WgslError `above-limit` when a tensor or the grid is larger than the device allows; `rejected`
   *   when a buffer is read and written at once, which WebGPU forbids even for different parts of it
   */
  dispatch(kernel: Kernel): void {
    const [x, y = 1, z = 1] = kernel.workgroups;
    if (x * y * z === 0) return;
    const { limits } = this.profile;
    const most = limits.maxComputeWorkgroupsPerDimension;
    if (Math.max(x, y, z) > most) {
      throw new WgslError(
        'above-limit',
        `${kernel.label}: ${x} x ${y} x ${z} workgroups, the device allows ${most} in a dimension.`,
      );
    }
    const tensors = boundTensors(kernel);
    const bindings = limits.maxStorageBuffersPerShaderStage;
    if (tensors.length > bindings) {
      throw new WgslError(
        'above-limit',
        `${kernel.label}: ${tensors.length} tensors, the device binds ${bindings} at once.`,
      );
    }
    const largest = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
    for (const tensor of tensors) {
      if (bytesOf(tensor) <= largest) continue;
      throw new WgslError(
        'above-limit',
        `${kernel.label}: ${describe(tensor)} takes ${bytesOf(tensor)} bytes, the device binds ${largest} at most.`,
      );
    }
    const written = new Set(Object.values(kernel.write).map(wholeOf));
    for (const tensor of Object.values(kernel.read)) {
      if (!written.has(wholeOf(tensor))) continue;
      throw new WgslError(
        'rejected',
        `${kernel.label}: ${describe(tensor)} is read while its buffer is written.`,
      );
    }
    this.dispatches.push({ ...kernel, phase: this.#phase });
  }

  /** The buffers of this plan, exactly as program.ts will allocate them. */
  memory(): MemoryLayout {
    const written = this.dispatches.flatMap(({ write }) => Object.values(write).map(wholeOf));
    return planMemory(this.dispatches.map(boundTensors), this.persistent, new Set(written));
  }

  #unique(name: string): string {
    const seen = this.#names.get(name) ?? 0;
    this.#names.set(name, seen + 1);
    return seen === 0 ? name : `${name}#${seen}`;
  }
}
