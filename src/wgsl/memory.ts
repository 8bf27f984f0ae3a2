// Where tensors live: persistent tensors in buffers of their own, small ones that no dispatch writes (weights, inputs) on
// shelves, many to a buffer; temporaries that are not alive at the same time share one. Tensors of one dispatch are
// alive together, so they never share: WebGPU forbids to bind a buffer for reading and for writing at once.
import { WgslError } from './errors.ts';
import { bytesOf, describe, wholeOf, type Tensor } from './tensor.ts';

/** Where a binding may begin: `minStorageBufferOffsetAlignment`, the same everywhere. */
export const bindingAlignment = 256;

/**
 * Smaller buffers are rounded up to a power of two by Dawn (kMaxSizeForSubAllocation), which for the 2.1 MB matrices of
 * an LLM is nearly twice of what they need.
 */
const shelvedBelow = 2 ** 22;
/** Well below the size of a buffer that every device allows. */
const shelfBytes = 2 ** 26;

export interface PlannedBuffer {
  bytes: number;
  /** Every tensor that lives here, in the order of their lives; on a shelf, side by side. */
  tensors: Tensor[];
}

export interface Place {
  buffer: PlannedBuffer;
  /** The byte where the tensor begins. */
  offset: number;
}

export interface MemoryLayout {
  buffers: PlannedBuffer[];
  /** What the buffers add up to. This is allocated, to the byte. */
  bytes: number;
  placeOf: ReadonlyMap<Tensor, Place>;
}

/**
 * Assigns a place to every tensor.
 * @param uses for each dispatch, in order, the tensors it binds
 * @param pinned persistent tensors, whether a dispatch uses them or not
 * @param written those of them that a dispatch writes
 * @throws WgslError `rejected` for a persistent tensor that is not among them
 */
export function planMemory(
  uses: readonly (readonly Tensor[])[],
  pinned: readonly Tensor[],
  written: ReadonlySet<Tensor>,
): MemoryLayout {
  const isShelved = (tensor: Tensor) => !written.has(tensor) && bytesOf(tensor) < shelvedBelow;
  const own = pinned.filter((tensor) => !isShelved(tensor));
  const placeOf = onShelves(pinned.filter(isShelved));
  const buffers = [...new Set([...placeOf.values()].map(({ buffer }) => buffer))];
  for (const tensor of own) {
    const buffer = { bytes: bytesOf(tensor), tensors: [tensor] };
    buffers.push(buffer);
    placeOf.set(tensor, { buffer, offset: 0 });
  }
  const free: PlannedBuffer[] = [];
  const taken = new Map<Tensor, PlannedBuffer>();
  const ends = endings(uses);

  for (const [index, tensors] of uses.entries()) {
    for (const tensor of tensors.map(wholeOf)) {
      if (placeOf.has(tensor)) continue;
      if (tensor.lifetime === 'persistent') {
        throw new WgslError('rejected', `${describe(tensor)} belongs to another plan.`);
      }
      const buffer = take(free, bytesOf(tensor)) ?? { bytes: 0, tensors: [] };
      if (buffer.tensors.length === 0) buffers.push(buffer);
      buffer.bytes = Math.max(buffer.bytes, bytesOf(tensor));
      buffer.tensors.push(tensor);
      placeOf.set(tensor, { buffer, offset: 0 });
      taken.set(tensor, buffer);
    }
    // Only now: what ends here must not be handed to another tensor of the same dispatch.
    for (const tensor of ends.get(index) ?? []) {
      const buffer = taken.get(tensor);
      if (buffer) free.push(buffer);
    }
  }
  const bytes = buffers.reduce((sum, buffer) => sum + buffer.bytes, 0);
  return { buffers, bytes, placeOf };
}

/** Lays tensors side by side, each where a binding may begin. */
function onShelves(tensors: readonly Tensor[]): Map<Tensor, Place> {
  let shelf: PlannedBuffer = { bytes: 0, tensors: [] };
  return new Map(
    tensors.map((tensor): [Tensor, Place] => {
      const next = Math.ceil(shelf.bytes / bindingAlignment) * bindingAlignment;
      const isFull = next + bytesOf(tensor) > shelfBytes;
      if (isFull) shelf = { bytes: 0, tensors: [] };
      const offset = isFull ? 0 : next;
      shelf.bytes = offset + bytesOf(tensor);
      shelf.tensors.push(tensor);
      return [tensor, { buffer: shelf, offset }];
    }),
  );
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
