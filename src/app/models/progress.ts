// A load in words and in one number, for the strip under the question and for the badge.
import type { LoadPhase, LoadProgress } from '../../bridge/types.ts';
import { formatSize } from './sizes.ts';

/** The phases of a load as people see them: bundles of this device are read, and checked at the end. */
export type ShownPhase = LoadPhase | 'read' | 'self-check';

export type ShownProgress = Omit<LoadProgress, 'phase'> & { phase: ShownPhase };

/** What each phase is called while it lasts. */
const phaseNames: Record<ShownPhase, string> = {
  download: 'Downloading the models',
  read: 'Reading the models',
  compile: 'Preparing the models',
  'warm-up': 'Trying the models out',
  'self-check': 'Comparing the GPU with the processor',
  ready: 'Ready',
};

/** Phases whose bytes tell how far they are. */
const countedPhases: readonly ShownPhase[] = ['download', 'read'];

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
export function describeProgress(progress: ShownProgress | null): LoadDescription {
  if (progress === null) return { phase: 'Starting', detail: '', percent: 0 };
  const { phase, item, loadedBytes, totalBytes } = progress;
  const share = totalBytes > 0 ? Math.min(loadedBytes / totalBytes, 1) : 0;
  return {
    phase: phaseNames[phase],
    detail: countedPhases.includes(phase)
      ? `${formatSize(loadedBytes)} of ${formatSize(totalBytes)}`
      : item,
    percent: Math.floor(share * 100),
  };
}
