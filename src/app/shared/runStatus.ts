// What the statuses of runs are called, of trainings and evaluations alike.
import type { RunRecord } from '../../evaluate/record.ts';
import type { RunStatus } from '../../train/run.ts';

export type AnyStatus = RunStatus | RunRecord['status'];

export const statusNames: Readonly<Record<AnyStatus, string>> = {
  running: 'Running',
  paused: 'Paused',
  stopped: 'Stopped',
  done: 'Finished',
  failed: 'Failed',
  imported: 'Imported',
};
