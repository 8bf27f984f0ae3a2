// The files of a model, several at a time. The first that fails ends the others; what arrived is kept, and asking again
// goes on with it.
import { together } from '../together.ts';
import { fileUrl } from './address.ts';
import { downloadFile, type FilePhase } from './downloadFile.ts';
import type { HubFile, HubListing } from './listing.ts';
import type { Pause } from './retries.ts';
import type { ModelStore } from './store.ts';

/** How far one file is, and with it the model. */
export interface ModelProgress {
  path: string;
  phase: FilePhase;
  /** Of the file: bytes that are there, or in the phase `check` bytes that were hashed. */
  bytes: number;
  fileBytes: number;
  /** Of the model: bytes that are there. They get fewer when a server makes a file begin anew. */
  downloadedBytes: number;
  totalBytes: number;
}

export interface DownloadOptions {
  /** Address of the hub or of a mirror. */
  hub: string;
  signal?: AbortSignal | undefined;
  onProgress?: (progress: ModelProgress) => void;
  pause?: Pause | undefined;
}

/** One large file after the other would leave the line idle between them; more connections than this gain nothing. */
const filesAtOnce = 4;

/**
 * Downloads what is missing of a model, from its pinned commit.
 * @param listing with the files that are wanted
 * @throws LinguaLiftError what the first file to fail threw (`downloadFile`), when no file is being written any more
 */
export async function downloadModel(
  listing: HubListing,
  store: ModelStore,
  { hub, signal, onProgress, pause }: DownloadOptions,
): Promise<void> {
  await store.add(listing);
  const { repository, commit, files } = listing;
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const arrived = new Map<string, number>();
  const report = ({ path, bytes: fileBytes }: HubFile, phase: FilePhase, bytes: number) => {
    if (phase === 'download') arrived.set(path, bytes);
    const downloadedBytes = [...arrived.values()].reduce((sum, count) => sum + count, 0);
    onProgress?.({ path, phase, bytes, fileBytes, downloadedBytes, totalBytes });
  };

  // Files of the same bytes lie in one place, so they go one after the other: the second finds the first.
  const sameBytes = new Map<string, HubFile[]>();
  for (const file of files) {
    sameBytes.set(file.checksum.hex, [...(sameBytes.get(file.checksum.hex) ?? []), file]);
  }
  const waiting = [...sameBytes.values()];
  const work = async (stop: AbortSignal) => {
    for (let same = waiting.shift(); same; same = waiting.shift()) {
      for (const file of same) {
        const url = fileUrl(hub, repository, commit, file.path);
        const target = { repository, revision: commit, path: file.path };
        await downloadFile({ file, url, target }, store.contents, {
          ...{ signal: stop, pause },
          onBytes: (phase, bytes) => report(file, phase, bytes),
        });
      }
    }
  };

  let workers: Promise<void>[] = [];
  try {
    await together(signal, (stop) => {
      workers = Array.from({ length: filesAtOnce }, () => work(stop));
      return Promise.all(workers);
    });
  } finally {
    await Promise.allSettled(workers);
  }
}
