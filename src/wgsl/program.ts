// A plan made ready for a device: buffers, pipelines and bind groups made once, then run step after step.
// A step allocates nothing; it only encodes dispatches and submits them.
import type { Gpu } from './device.ts';
import { WgslError } from './errors.ts';
import type { MemoryLayout } from './memory.ts';
import type { Dispatch, Plan } from './plan.ts';
import type { AdapterKind } from './profile.ts';
import { boundTensors, shaderCode } from './shader.ts';
import { bytesOf, describe, wholeOf, type Tensor } from './tensor.ts';

/**
 * Floating-point operations in one submit. Chrome's watchdog kills about ten seconds of work, and a pause
 * should be felt at once: this is about half a second on a software adapter and less on a GPU.
 */
const submitFlops: Record<AdapterKind, number> = { software: 5e8, gpu: 1e11 };

/** Submits that may wait in the queue, so that the GPU has no gap and a pause no long tail. */
const submitsAhead = 2;

interface Step {
  dispatch: Dispatch;
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
}

export class Program {
  readonly #gpu: Gpu;
  readonly #layout: MemoryLayout;
  readonly #buffers: ReadonlyMap<Tensor, GPUBuffer>;
  readonly #steps: readonly Step[];
  readonly #staging = new Map<Tensor, GPUBuffer>();
  /** What was submitted and may still run, the oldest first. */
  readonly #running: Promise<undefined>[] = [];
  /** Why nothing can be run any more: the device is lost, or the program disposed. */
  #ended: WgslError | undefined;

  private constructor(
    gpu: Gpu,
    layout: MemoryLayout,
    buffers: ReadonlyMap<Tensor, GPUBuffer>,
    steps: readonly Step[],
  ) {
    this.#gpu = gpu;
    this.#layout = layout;
    this.#buffers = buffers;
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
    const buffers = await allocate(device, layout);
    try {
      const pipelines = await compileKernels(device, plan.dispatches);
      device.pushErrorScope('validation');
      const steps = plan.dispatches.map((dispatch, index) => {
        const pipeline = pipelines[index] as GPUComputePipeline;
        return { dispatch, pipeline, bindGroup: bind(device, pipeline, dispatch, buffers) };
      });
      const error = await device.popErrorScope();
      if (error) throw new WgslError('rejected', error.message);
      return new Program(gpu, layout, buffers, steps);
    } catch (error) {
      for (const buffer of new Set(buffers.values())) buffer.destroy();
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
  write(tensor: Tensor, data: Float32Array | Uint32Array | Uint8Array): void {
    if (data.byteLength > bytesOf(tensor) || data.byteLength % 4 !== 0) {
      throw new WgslError(
        'bad-shape',
        `${describe(tensor)} takes ${bytesOf(tensor)} bytes in whole words, not ${data.byteLength}.`,
      );
    }
    this.#gpu.device.queue.writeBuffer(
      this.#buffer(tensor),
      tensor.part?.offset ?? 0,
      data.buffer as ArrayBuffer,
      data.byteOffset,
      data.byteLength,
    );
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
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.#buffer(tensor), tensor.part?.offset ?? 0, staging, 0, bytes);
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
    for (const buffer of new Set([...this.#buffers.values(), ...this.#staging.values()])) {
      buffer.destroy();
    }
  }

  #buffer(tensor: Tensor): GPUBuffer {
    const buffer = this.#buffers.get(wholeOf(tensor));
    if (!buffer || tensor.lifetime !== 'persistent') {
      throw new WgslError(
        'bad-shape',
        `${describe(tensor)} is not a persistent tensor of this plan.`,
      );
    }
    return buffer;
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

async function allocate(
  device: GPUDevice,
  layout: MemoryLayout,
): Promise<ReadonlyMap<Tensor, GPUBuffer>> {
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
    [...layout.bufferOf].map(([tensor, planned]) => [tensor, made.get(planned) as GPUBuffer]),
  );
}

/** The pipeline of each dispatch. Those with the same text share one. */
async function compileKernels(
  device: GPUDevice,
  dispatches: readonly Dispatch[],
): Promise<GPUComputePipeline[]> {
  const compiled = new Map<string, Promise<GPUComputePipeline>>();
  const pipelines = dispatches.map((dispatch) => {
    const code = shaderCode(dispatch);
    const pipeline = compiled.get(code) ?? compileKernel(device, dispatch.label, code);
    compiled.set(code, pipeline);
    return pipeline;
  });
  return Promise.all(pipelines);
}

async function compileKernel(
  device: GPUDevice,
  label: string,
  code: string,
): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ label, code });
  try {
    const compute = { module, entryPoint: 'main' };
    return await device.createComputePipelineAsync({ label, layout: 'auto', compute });
  } catch (cause) {
    const { messages } = await module.getCompilationInfo();
    const lines = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`);
    throw new WgslError('rejected', [`${label} does not compile.`, ...lines].join('\n'), {
      cause,
    });
  }
}

function bind(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  dispatch: Dispatch,
  buffers: ReadonlyMap<Tensor, GPUBuffer>,
): GPUBindGroup {
  return device.createBindGroup({
    label: dispatch.label,
    layout: pipeline.getBindGroupLayout(0),
    entries: boundTensors(dispatch).map((tensor, binding) => ({
      binding,
      // A buffer that several temporaries share is as large as the largest; each binds its own part.
      resource: {
        buffer: buffers.get(wholeOf(tensor)) as GPUBuffer,
        offset: tensor.part?.offset ?? 0,
        size: bytesOf(tensor),
      },
    })),
  });
}
