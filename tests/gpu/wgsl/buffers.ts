// Counts the buffers that live on a device, by watching them being made and destroyed.

export interface LiveBuffers {
  readonly count: number;
  readonly bytes: number;
  /** Stops watching. */
  stop(): void;
}

/** Watches `device` from now on. */
export function watchBuffers(device: GPUDevice): LiveBuffers {
  const live = new Set<GPUBuffer>();
  const create = GPUDevice.prototype.createBuffer;
  device.createBuffer = (descriptor) => {
    const buffer = create.call(device, descriptor);
    live.add(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      return GPUBuffer.prototype.destroy.call(buffer);
    };
    return buffer;
  };
  return {
    get count() {
      return live.size;
    },
    get bytes() {
      return [...live].reduce((sum, { size }) => sum + size, 0);
    },
    stop() {
      device.createBuffer = create;
    },
  };
}
