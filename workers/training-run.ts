// Puts a run together from its config, its data and the open bundle: on paper, and on the GPU.
import type { BundleManifest } from '../src/bundle/manifest.ts';
import {
  decodeAlignment,
  encodeAlignment,
  type AlignmentFile,
} from '../src/train/alignmentFile.ts';
import { TrainError } from '../src/train/errors.ts';
import { storedAlignment } from '../src/train/results.ts';
import type { RunConfig, RunData, RunSummary } from '../src/train/run.ts';
import { Runner, type RunnerEvent } from '../src/train/runner.ts';
import { configProblem } from '../src/train/runSchema.ts';
import type { RunStore, StoredRun } from '../src/train/runs.ts';
import { alignmentFromScratch } from '../src/train/setup.ts';
import type { Trainer } from '../src/train/trainer.ts';
import { withWords } from '../src/train/widen.ts';
import { prepareRun } from './training-lesson.ts';
import type { TrainingModels } from './training-models.ts';

/** A run with its memory on the GPU. */
export interface AssembledRun {
  runner: Runner;
  trainer: Pick<Trainer, 'bytes' | 'dispose'>;
}

/** Hidden units that an alignment gets to learn words with: 256 learn two thirds as many, 1,024 hardly more. */
const wordUnits = 512;

/**
 * The file of the alignment that a run is to begin with.
 * @param imported the file that the config means by `from: 'file'`
 * @throws TrainError `bad-options` for a config that no run can be made of; what reading the alignment throws
 */
export async function startFile(
  models: TrainingModels,
  store: RunStore,
  config: RunConfig,
  imported: Uint8Array<ArrayBuffer> | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const problem = configProblem(config);
  if (problem !== null) {
    throw new TrainError('bad-options', `The settings of the run make no sense. ${problem}`);
  }
  const file = await chosenFile(models, store, config, imported);
  if (config.settings.lesson === 'sentences') return file;
  const alignment = decodeAlignment(file);
  // One that another run has taught words has its units already.
  const isTaught = alignment.inputs === 'states+words' && config.alignment.start.from !== 'bundle';
  if (isTaught) return file;
  return encodeAlignment(withWords(alignment, wordUnits, config.settings.seed));
}

async function chosenFile(
  models: TrainingModels,
  store: RunStore,
  config: RunConfig,
  imported: Uint8Array<ArrayBuffer> | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const { start } = config.alignment;
  switch (start.from) {
    case 'bundle':
      return models.alignment(start.name);
    case 'run':
      return storedAlignment(await store.read(start.id));
    case 'file':
      if (imported !== null) return imported;
      throw new TrainError('bad-options', `The file of the alignment ${start.name} is missing.`);
    case 'scratch':
      return encodeAlignment(alignmentFromScratch(models.networks, config));
  }
}

/** A run that has not begun. */
export function newRun(
  { id, revision, encoder, llm }: BundleManifest,
  name: string,
  config: RunConfig,
  { lists }: RunData,
  start: Uint8Array<ArrayBuffer>,
): RunSummary {
  const used = config.settings.switches ? lists.filter(({ weight }) => weight > 0) : [];
  return {
    ...{ id: crypto.randomUUID(), name, created: new Date().toISOString() },
    bundle: { id, revision, encoder: encoder.id, llm: llm.id },
    config: usedOf(config, decodeAlignment(start)),
    languages: [...new Set(used.map(({ list }) => list.language))],
    ...{ status: 'paused', error: null, curve: [], evaluations: [] },
  };
}

/**
 * Gives a run its memory on the GPU and puts it where its checkpoint is.
 * @param emit gets what happens to it
 * @throws what `prepareRun` and `Trainer.create` throw; TrainError `other-checkpoint`
 */
export async function assembleRun(
  models: TrainingModels,
  store: RunStore,
  { run, data, start, checkpoint }: StoredRun,
  emit: (event: RunnerEvent) => void,
): Promise<AssembledRun> {
  const { gpu, networks } = models;
  const { trained, open } = await prepareRun(models, run.config, data, start);
  const { trainer, stage, takeStep } = await open(gpu);
  const parts = {
    ...{ trainer, stage, takeStep, store, emit },
    bridge: { encoder: networks.encoder.id, llm: networks.llm.id, ...trained },
    evaluate: async (step: number, signal: AbortSignal) =>
      models.evaluate(run, data, start, await trainer.parameters(), step, signal),
  };
  try {
    return { trainer, runner: new Runner(parts, run, checkpoint) };
  } catch (thrown) {
    trainer.dispose();
    throw thrown;
  }
}

/** The part of a config that decides anything, with the sizes that the alignment has. */
function usedOf(config: RunConfig, { kind, sizes }: AlignmentFile): RunConfig {
  const { hiddenDim, latents, heads } = sizes;
  const { settings, adapters, switching } = config;
  return {
    ...config,
    alignment: { kind, hiddenDim, latents, heads, start: config.alignment.start },
    adapters: settings.trains === 'adapters' ? adapters : null,
    switching: settings.switches ? switching : null,
  };
}
