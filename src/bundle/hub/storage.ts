// How much the browser lets this page store, and whether it promises to keep it.
// https://storage.spec.whatwg.org

export interface StorageUse {
  /** Of everything that this page stores, as the browser estimates it. */
  usedBytes: number;
  /** What the browser would let it store in all. */
  quotaBytes: number;
  /** Whether the browser will not delete it on its own when the disk is full. */
  persisted: boolean;
}

/** Asks the browser; `null` where it does not tell, as on plain http pages and in Node. */
export async function storageUse(): Promise<StorageUse | null> {
  const storage = storageManager();
  if (storage === null) return null;
  const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([
    storage.estimate(),
    storage.persisted(),
  ]);
  return { usedBytes: usage, quotaBytes: quota, persisted };
}

/**
 * Asks the browser to keep what is stored until the person deletes it. Only pages may ask, workers may not; some browsers
 * ask the person, others decide on their own.
 * @returns whether it promised
 */
export async function persistStorage(): Promise<boolean> {
  return (await storageManager()?.persist()) ?? false;
}

function storageManager(): StorageManager | null {
  // Node 20 has no `navigator`, and plain http pages have no `storage`.
  return (globalThis.navigator as Partial<Navigator> | undefined)?.storage ?? null;
}
