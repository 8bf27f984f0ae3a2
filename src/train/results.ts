// What a run has learned up to its last checkpoint, as the files that inference and others read.
import { encodeAdapter, type AdapterFiles } from './adapterFile.ts';
import { decodeAlignment, encodeAlignment } from './alignmentFile.ts';
import { TrainError } from './errors.ts';
import type { RunSummary } from './run.ts';
import type { StoredRun } from './runs.ts';
import type { Values } from './state.ts';

/**
 * The alignment of a run: the trained one, or the one that LoRA was trained beside.
 * @param start the file of the alignment that the run began with
 * @param trained the alignment's parameters; without, those of `start`
 * @param steps that they took
 */
export function alignmentOf(
  { config, languages }: Pick<RunSummary, 'config' | 'languages'>,
  start: Uint8Array<ArrayBuffer>,
  trained: Values | null,
  steps: number,
): Uint8Array<ArrayBuffer> {
  if (trained === null || config.settings.trains !== 'alignment') return start;
  const { settings, switching } = config;
  return encodeAlignment({
    ...decodeAlignment(start),
    stage: config.stage,
    recipe: { ...settings, steps, switching, languages },
    values: trained,
  });
}

/** LoRA branches as files. @throws TrainError `bad-options` for a run that trains none */
export function adapterOf(
  { config, bundle }: Pick<RunSummary, 'config' | 'bundle'>,
  trained: Values,
): AdapterFiles {
  if (config.settings.trains !== 'adapters' || config.adapters === null) {
    throw new TrainError('bad-options', 'This run trains the alignment and has no LoRA adapter.');
  }
  return encodeAdapter(trained, { baseModel: bundle.llm, ...config.adapters });
}

/** The alignment file of a stored run. */
export function storedAlignment({ run, start, checkpoint }: StoredRun): Uint8Array<ArrayBuffer> {
  const state = checkpoint?.state;
  return alignmentOf(run, start, state?.parameters ?? null, state?.steps ?? 0);
}

/**
 * The adapter files of a stored run.
 * @throws TrainError `bad-options` for a run that trains no LoRA, or has no checkpoint of it yet
 */
export function storedAdapter({ run, checkpoint }: StoredRun): AdapterFiles {
  if (checkpoint) return adapterOf(run, checkpoint.state.parameters);
  throw new TrainError('bad-options', 'This run has no checkpoint yet. Pause it, and it has one.');
}
