// A plan made ready for a device: buffers, pipelines and bind groups made once, then run step after step.
// A step allocates nothing; it only encodes dispatches and submits them.
import type { Gpu } from './device.ts';
import { WgslError } from './errors.ts';
import type { MemoryLayout } from './memory.ts';
import { compileKernels } from './pipelines.ts';
import type { Dispatch, Plan } from './plan.ts';
import type { AdapterKind } from './profile.ts';
import { boundTensors } from './shader.ts';
import { bytesOf, describe, wholeOf, type Tensor } from './tensor.ts';

/**
 * Floating-point operations in one submit. Chrome's watchdog kills about ten seconds of work, and a pause
 * should be felt at once: this is about half a second on a software adapter and less on a GPU.
 */
const submitFlops: Record<AdapterKind, number> = { software: 5e8, gpu: 1e11 };

/** Submits that may wait in the queue, so that the GPU has no gap and a pause no long tail. */
const submitsAhead = 2;

/**
 * Bytes of weights that may be on their way to the GPU. The browser hands them over through memory that both of its
 * processes hold, as much as a write has, and gives it back late: without a limit a table of 545 MB is there twice.
 */
const uploadsAhead = 2 ** 25;

/** What tensors are written from. */
export type TensorData = Float32Array | Uint32Array | Uint8Array;

/** Where a tensor is on the device. */
interface Place {
  buffer: GPUBuffer;
  /** In bytes. */
  offset: number;
}

interface Step {
  dispatch: Dispatch;
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
}

export class Program {
  readonly #gpu: Gpu;
  readonly #layout: MemoryLayout;
  readonly #places: ReadonlyMap<Tensor, Place>;
  readonly #steps: readonly Step[];
  readonly #staging = new Map<Tensor, GPUBuffer>();
  /** What was submitted and may still run, the oldest first. */
  readonly #running: Promise<undefined>[] = [];
  /** Why nothing can be run any more: the device is lost, or the program disposed. */
  #ended: WgslError | undefined;

  private constructor(
    gpu: Gpu,
    layout: MemoryLayout,
    places: ReadonlyMap<Tensor, Place>,
    steps: readonly Step[],
  ) {
    this.#gpu = gpu;
    this.#layout = layout;
    this.#places = places;
    this.#steps = steps;
    void gpu.lost.then((reason) => (this.#ended ??= reason));
  }

  /**
   * Allocates the plan's buffers (zero at first) and compiles its kernels, each text once.
   * @throws WgslError `rejected` with the kernel's label and the compiler's message; `above-limit` when
   *   memory runs out
   */
  static async compile(gpu: Gpu, plan: Plan): Promise<Program> {
    const { device } = gpu;
    const layout = plan.memory();
    const places = await allocate(device, layout);
    try {
      const pipelines = await compileKernels(device, plan.dispatches);
      device.pushErrorScope('validation');
      const steps = plan.dispatches.map((dispatch, index) => {
        const pipeline = pipelines[index] as GPUComputePipeline;
        return { dispatch, pipeline, bindGroup: bind(device, pipeline, dispatch, places) };
      });
      const error = await device.popErrorScope();
      if (error) throw new WgslError('rejected', error.message);
      return new Program(gpu, layout, places, steps);
    } catch (error) {
      for (const { buffer } of places.values()) buffer.destroy();
      throw error;
    }
  }

  /** Bytes of GPU memory that this program holds: those of the plan, and of tensors that are read back. */
  get bytes(): number {
    const staged = [...this.#staging.keys()].reduce((sum, tensor) => sum + bytesOf(tensor), 0);
    return this.#layout.bytes + staged;
  }

  /**
   * Writes a persistent tensor, from its first element on.
   * @throws WgslError `bad-shape` when the data is longer than the tensor
   */
  write(tensor: Tensor, data: TensorData): void {
    this.#write(tensor, 0, bytesFor(tensor, data));
  }

  /**
   * Writes many or large persistent tensors; resolves when the GPU has them.
   * @throws what `write` throws; WgslError `device-lost`
   */
  async upload(values: Iterable<readonly [Tensor, TensorData]>): Promise<void> {
    let ahead = 0;
    for (const [tensor, data] of values) {
      const bytes = bytesFor(tensor, data);
      for (let begin = 0; begin < bytes.length; begin += uploadsAhead) {
        const portion = bytes.subarray(begin, begin + uploadsAhead);
        if (ahead + portion.length > uploadsAhead) {
          await this.finished();
          ahead = 0;
        }
        this.#write(tensor, begin, portion);
        ahead += portion.length;
      }
    }
    await this.finished();
  }

  /**
   * Reads a persistent tensor after everything that was submitted. `u32` tensors come as their bits.
   * @throws WgslError `device-lost`; `rejected` when the tensor is being read already
   */
  async read(tensor: Tensor): Promise<Float32Array> {
    const { device } = this.#gpu;
    const bytes = bytesOf(tensor);
    let staging = this.#staging.get(tensor);
    if (!staging) {
      const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
      staging = device.createBuffer({ label: `${tensor.name} (read)`, size: bytes, usage });
      this.#staging.set(tensor, staging);
    }
    if (staging.mapState !== 'unmapped') {
      throw new WgslError('rejected', `${describe(tensor)} is being read already.`);
    }
    const { buffer, offset } = this.#place(tensor);
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    await this.#settled(staging.mapAsync(GPUMapMode.READ));
    const copy = new Float32Array(staging.getMappedRange().slice(0));
    staging.unmap();
    return copy;
  }

  /**
   * Submits the dispatches of the given phases (all of them by default), in the order of the plan, in
   * portions that the watchdog lets pass. Resolves when all is submitted; the last portions may still run.
   * @throws WgslError `device-lost`
   */
  async run(...phases: string[]): Promise<void> {
    const { device, profile } = this.#gpu;
    const steps =
      phases.length === 0
        ? this.#steps
        : this.#steps.filter(({ dispatch }) => phases.includes(dispatch.phase));
    for (let begin = 0; begin < steps.length;) {
      await this.#settled(this.#running.length > submitsAhead ? this.#running.shift() : undefined);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      let flops = 0;
      do {
        const { dispatch, pipeline, bindGroup } = steps[begin++] as Step;
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(...dispatch.workgroups);
        flops += dispatch.flops;
      } while (begin < steps.length && flops < submitFlops[profile.kind]);
      pass.end();
      device.queue.submit([encoder.finish()]);
      this.#running.push(device.queue.onSubmittedWorkDone());
    }
  }

  /** Resolves when the GPU has done everything that was submitted. For timing. */
  async finished(): Promise<void> {
    await this.#settled(this.#gpu.device.queue.onSubmittedWorkDone());
  }

  /** Frees the memory, once the GPU no longer uses it. What waits for the program is told. */
  dispose(): void {
    this.#ended ??= new WgslError('rejected', 'The program is disposed.');
    for (const { buffer } of this.#places.values()) buffer.destroy();
    for (const buffer of this.#staging.values()) buffer.destroy();
  }

  #write(tensor: Tensor, begin: number, bytes: Uint8Array<ArrayBuffer>): void {
    const { buffer, offset } = this.#place(tensor);
    this.#gpu.device.queue.writeBuffer(buffer, offset + begin, bytes);
  }

  #place(tensor: Tensor): Place {
    const place = placeIn(this.#places, tensor);
    if (!place || tensor.lifetime !== 'persistent') {
      throw new WgslError(
        'bad-shape',
        `${describe(tensor)} is not a persistent tensor of this plan.`,
      );
    }
    return place;
  }

  /** Waits for the device. When it is lost its promises still settle, some before the news come. */
  async #settled(promise: Promise<undefined> | undefined): Promise<void> {
    let failure: unknown;
    try {
      await promise;
    } catch (cause) {
      await this.#gpu.device.queue.onSubmittedWorkDone();
      failure = new WgslError('rejected', `The device refused: ${String(cause)}`, { cause });
    }
    if (this.#ended ?? failure) throw this.#ended ?? failure;
  }
}

/** Data as bytes. @throws WgslError `bad-shape` when a tensor cannot take it */
function bytesFor(tensor: Tensor, data: TensorData): Uint8Array<ArrayBuffer> {
  if (data.byteLength > bytesOf(tensor) || data.byteLength % 4 !== 0) {
    throw new WgslError(
      'bad-shape',
      `${describe(tensor)} takes ${bytesOf(tensor)} bytes in whole words, not ${data.byteLength}.`,
    );
  }
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

async function allocate(
  device: GPUDevice,
  layout: MemoryLayout,
): Promise<ReadonlyMap<Tensor, Place>> {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  device.pushErrorScope('out-of-memory');
  const made = new Map(
    layout.buffers.map((planned) => {
      const label = planned.tensors[0]?.name ?? '';
      return [planned, device.createBuffer({ label, size: planned.bytes, usage })] as const;
    }),
  );
  const error = await device.popErrorScope();
  if (error) {
    for (const buffer of made.values()) buffer.destroy();
    throw new WgslError(
      'above-limit',
      `The device has no room for the ${layout.bytes} bytes of this plan. ${error.message}`,
    );
  }
  return new Map(
    [...layout.placeOf].map(([tensor, { buffer, offset }]) => [
      tensor,
      { buffer: made.get(buffer) as GPUBuffer, offset },
    ]),
  );
}

/** Where a tensor is, or the part of one. */
function placeIn(places: ReadonlyMap<Tensor, Place>, tensor: Tensor): Place | undefined {
  const whole = places.get(wholeOf(tensor));
  return whole && { ...whole, offset: whole.offset + (tensor.part?.offset ?? 0) };
}

function bind(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  dispatch: Dispatch,
  places: ReadonlyMap<Tensor, Place>,
): GPUBindGroup {
  return device.createBindGroup({
    label: dispatch.label,
    layout: pipeline.getBindGroupLayout(0),
    entries: boundTensors(dispatch).map((tensor, binding) => ({
      binding,
      // A buffer that several temporaries share is as large as the largest; each binds its own part.
      resource: { ...(placeIn(places, tensor) as Place), size: bytesOf(tensor) },
    })),
  });
}
