// A load in words and in one number, for the strip under the question and for the badge.
import type { LoadPhase, LoadProgress } from '../../bridge/types.ts';
import { formatBytes } from '../shared/format.ts';

/** What each phase is called while it lasts. */
const phaseNames: Record<LoadPhase, string> = {
  download: 'Downloading the models',
  compile: 'Preparing the models',
  'warm-up': 'Trying the models out',
  ready: 'Ready',
};

export interface LoadDescription {
  phase: string;
  /** Bytes while downloading, the part that is worked on afterwards. */
  detail: string;
  /** Share of the bytes, 0 to 100. */
  percent: number;
}

/**
 * Describes how far a load is.
 * @param progress `null` before the first report
 */
export function describeProgress(progress: LoadProgress | null): LoadDescription {
  if (progress === null) return { phase: 'Starting', detail: '', percent: 0 };
  const { phase, item, loadedBytes, totalBytes } = progress;
  const share = totalBytes > 0 ? Math.min(loadedBytes / totalBytes, 1) : 0;
  return {
    phase: phaseNames[phase],
    detail:
      phase === 'download' ? `${formatBytes(loadedBytes)} of ${formatBytes(totalBytes)}` : item,
    percent: Math.floor(share * 100),
  };
}
