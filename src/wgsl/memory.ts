// Where tensors live: each persistent tensor in a buffer of its own; temporaries that are not alive at
// the same time share one. Tensors of one dispatch are alive together, so they never share: WebGPU forbids
// to bind a buffer for reading and for writing at once.
import { WgslError } from './errors.ts';
import { bytesOf, describe, wholeOf, type Tensor } from './tensor.ts';

export interface PlannedBuffer {
  bytes: number;
  /** Every tensor that lives here, in the order of their lives. */
  tensors: Tensor[];
}

export interface MemoryLayout {
  buffers: PlannedBuffer[];
  /** What the buffers add up to. This is allocated, to the byte. */
  bytes: number;
  bufferOf: ReadonlyMap<Tensor, PlannedBuffer>;
}

/**
 * Assigns a buffer to every tensor.
 * @param uses for each dispatch, in order, the tensors it binds
 * @param pinned persistent tensors, whether a dispatch uses them or not
 * @throws WgslError `rejected` for a persistent tensor that is not among them
 */
export function planMemory(
  uses: readonly (readonly Tensor[])[],
  pinned: readonly Tensor[],
): MemoryLayout {
  const buffers: PlannedBuffer[] = pinned.map((tensor) => ({
    bytes: bytesOf(tensor),
    tensors: [tensor],
  }));
  const free: PlannedBuffer[] = [];
  const taken = new Map<Tensor, PlannedBuffer>();
  const bufferOf = new Map(
    buffers.flatMap((buffer) => buffer.tensors.map((tensor) => [tensor, buffer] as const)),
  );
  const ends = endings(uses);

  for (const [index, tensors] of uses.entries()) {
    for (const tensor of tensors.map(wholeOf)) {
      if (bufferOf.has(tensor)) continue;
      if (tensor.lifetime === 'persistent') {
        throw new WgslError('rejected', `${describe(tensor)} belongs to another plan.`);
      }
      const buffer = take(free, bytesOf(tensor)) ?? { bytes: 0, tensors: [] };
      if (buffer.tensors.length === 0) buffers.push(buffer);
      buffer.bytes = Math.max(buffer.bytes, bytesOf(tensor));
      buffer.tensors.push(tensor);
      bufferOf.set(tensor, buffer);
      taken.set(tensor, buffer);
    }
    // Only now: what ends here must not be handed to another tensor of the same dispatch.
    for (const tensor of ends.get(index) ?? []) {
      const buffer = taken.get(tensor);
      if (buffer) free.push(buffer);
    }
  }
  const bytes = buffers.reduce((sum, buffer) => sum + buffer.bytes, 0);
  return { buffers, bytes, bufferOf };
}

/** Temporaries by the last dispatch that uses them. */
function endings(uses: readonly (readonly Tensor[])[]): Map<number, Tensor[]> {
  const last = new Map<Tensor, number>();
  for (const [index, tensors] of uses.entries()) {
    for (const tensor of tensors.map(wholeOf)) {
      if (tensor.lifetime === 'temporary') last.set(tensor, index);
    }
  }
  const ends = new Map<number, Tensor[]>();
  for (const [tensor, index] of last) {
    const list = ends.get(index);
    if (list) list.push(tensor);
    else ends.set(index, [tensor]);
  }
  return ends;
}

/** The free buffer that fits best: the smallest that is large enough, else the largest, which then grows. */
function take(free: PlannedBuffer[], bytes: number): PlannedBuffer | undefined {
  let best = -1;
  for (const [index, buffer] of free.entries()) {
    const chosen = free[best];
    const better =
      chosen === undefined ||
      (chosen.bytes < bytes
        ? buffer.bytes > chosen.bytes
        : buffer.bytes >= bytes && buffer.bytes < chosen.bytes);
    if (better) best = index;
  }
  return best < 0 ? undefined : free.splice(best, 1)[0];
}
