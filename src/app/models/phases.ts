// The way of a bundle to its first answer, phase by phase: what is through, what goes on, and what was not needed.
import type { CheckState } from './gpuCheck.ts';
import type { ModelsStatus } from './models.svelte.ts';
import { describeProgress, type ShownPhase } from './progress.ts';

export type StepState = 'done' | 'now' | 'waiting' | 'left-out';

export interface Step {
  phase: ShownPhase;
  name: string;
  state: StepState;
  /** How far it is, or why it was left out; may be empty. */
  note: string;
}

const names: Record<ShownPhase, string> = {
  download: 'Download',
  read: 'Read',
  compile: 'Compile',
  'warm-up': 'Warm up',
  'self-check': 'Self-check',
  ready: 'Ready',
};

/** The phases of a bundle of the page: what is downloaded is not read again. */
const embeddedPhases: readonly ShownPhase[] = ['download', 'compile', 'warm-up', 'ready'];
const storedPhases: readonly ShownPhase[] = [
  'download',
  'read',
  'compile',
  'warm-up',
  'self-check',
  'ready',
];

/** What is said of the check once the bundle is open, and whether it was left out. */
const checkNotes: Record<CheckState['kind'], { note: string; isLeftOut: boolean }> = {
  'not-needed': { note: 'not needed on WASM', isLeftOut: true },
  known: { note: 'passed before', isLeftOut: false },
  'too-large': { note: 'too large to open twice', isLeftOut: true },
  skipped: { note: 'skipped', isLeftOut: true },
  failed: { note: 'could not be made', isLeftOut: true },
  done: { note: '', isLeftOut: false },
};

/**
 * The phases of the bundle that is open or on its way.
 * @param isStored whether it is one of this device, whose files are there before its load begins
 */
export function loadSteps(status: ModelsStatus, isStored: boolean, check: CheckState): Step[] {
  const phases = isStored ? storedPhases : embeddedPhases;
  const current = phaseOf(status, isStored);
  const at = current === null ? -1 : phases.indexOf(current);
  return phases.map((phase, place) => {
    const name = names[phase];
    const isOver = place < at || status.kind === 'ready' || (isStored && phase === 'download');
    if (isOver && phase === 'self-check') {
      const { note, isLeftOut } = checkNotes[check.kind];
      return { phase, name, note, state: isLeftOut ? 'left-out' : 'done' };
    }
    if (isOver) return { phase, name, note: '', state: 'done' };
    if (place === at && status.kind === 'loading') {
      const { detail, percent } = describeProgress(status.progress);
      const note = phase === 'download' || phase === 'read' ? `${percent} %` : detail;
      return { phase, name, note, state: 'now' };
    }
    return { phase, name, note: '', state: 'waiting' };
  });
}

function phaseOf(status: ModelsStatus, isStored: boolean): ShownPhase | null {
  if (status.kind === 'ready') return 'ready';
  if (status.kind !== 'loading') return null;
  return status.progress?.phase ?? (isStored ? 'read' : 'download');
}
