// How far a download or a file is, in words and as a share.
import { formatBytes } from '../shared/format.ts';
import type { BytesRead } from '../../../workers/evaluation-protocol.ts';

/** @param before what is said until bytes arrive */
export function readingWords({ loadedBytes, totalBytes }: BytesRead, before: string): string {
  if (loadedBytes === 0) return before;
  const loaded = formatBytes(loadedBytes);
  return totalBytes === null ? `${loaded} read` : `${loaded} of ${formatBytes(totalBytes)}`;
}

/** 0 to 1; `null` where the whole is not known. */
export function readingShare({ loadedBytes, totalBytes }: BytesRead): number | null {
  return totalBytes ? Math.min(1, loadedBytes / totalBytes) : null;
}
