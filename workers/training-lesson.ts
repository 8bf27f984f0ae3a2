// What a run teaches, each a row: sentences through the LLM, or words without it. A lesson knows what its steps take, and how
// to take them once there is a GPU.
import { createSwitcher, type Switcher } from '../src/lexicon/codeSwitch.ts';
import { decodeAlignment, type AlignmentFile } from '../src/train/alignmentFile.ts';
import type { RunConfig, RunData } from '../src/train/run.ts';
import type { RunnerParts } from '../src/train/runner.ts';
import {
  checkNetworks,
  estimateStep,
  estimateWordStep,
  latentsOf,
  startValues,
  trainerOptions,
  wordTrainerOptions,
  type StepEstimate,
} from '../src/train/setup.ts';
import { StageRun, type StageSettings } from '../src/train/stageRun.ts';
import { Trainer, type TrainerOptions } from '../src/train/trainer.ts';
import { WordRun } from '../src/train/wordRun.ts';
import { WordTrainer } from '../src/train/wordTrainer.ts';
import type { Gpu } from '../src/wgsl/device.ts';
import type { Profile } from '../src/wgsl/profile.ts';
import type { TrainingModels } from './training-models.ts';

/** Everything up to the GPU. */
export interface PreparedRun {
  /** Kind and sizes of what is trained, which its checkpoints are good for. */
  trained: Pick<TrainerOptions, 'alignment' | 'adapters'>;
  /** What a step takes. */
  estimate(profile: Profile): StepEstimate;
  open(gpu: Gpu): Promise<OpenRun>;
}

/** What a run consists of while it has memory on the GPU. */
export interface OpenRun extends Pick<RunnerParts, 'stage' | 'takeStep'> {
  trainer: Pick<Trainer, 'steps' | 'bytes' | 'parameters' | 'state' | 'restore' | 'dispose'>;
}

type Prepare = (
  models: TrainingModels,
  config: RunConfig,
  data: RunData,
  alignment: AlignmentFile,
  switcher: Switcher | null,
) => Promise<PreparedRun>;

const lessons: Readonly<Record<StageSettings['lesson'], Prepare>> = {
  async sentences(models, config, { sentences }, alignment, switcher) {
    const { networks, maxPositions } = models;
    const { settings, microBatch } = config;
    const stage = new StageRun(sentences, settings, models.tools(alignment.inputs), switcher);
    const sizes = await stage.planSizes(
      Math.min(microBatch, settings.batch),
      alignment.sizes.encoderDim,
      maxPositions,
      latentsOf(alignment),
    );
    const options = trainerOptions(networks, config, alignment, sizes);
    const { adapters } = options;
    return {
      trained: { alignment: options.alignment, ...(adapters && { adapters }) },
      estimate: (profile) => estimateStep(profile, options, config),
      async open(gpu) {
        const values = startValues(networks, config, alignment);
        const trainer = await Trainer.create(gpu, options, values);
        return { trainer, stage, takeStep: (time) => stage.step(trainer, sizes, time) };
      },
    };
  },

  words(models, config, { sentences, lists }, alignment, switcher) {
    const used = lists.filter(({ weight }) => weight > 0);
    const headwords = used.flatMap(({ list }) => list.pairs.map(({ english }) => english));
    const stage = new WordRun(
      sentences,
      config.settings,
      models.tools(alignment.inputs),
      { switcher, headwords },
      alignment.sizes.encoderDim,
    );
    const options = wordTrainerOptions(models.networks, config, alignment);
    return Promise.resolve({
      trained: { alignment: options.alignment },
      estimate: (profile: Profile) => estimateWordStep(profile, options, config),
      async open(gpu: Gpu) {
        const trainer = await WordTrainer.create(gpu, options, alignment.values);
        return { trainer, stage, takeStep: (time) => stage.step(trainer, time) };
      },
    });
  },
};

/**
 * Makes a run ready for the GPU, without touching it.
 * @throws TrainError `other-models` when it begins with an alignment between other networks, `bad-options`;
 *   LexiconError `settings`
 */
export function prepareRun(
  models: TrainingModels,
  config: RunConfig,
  data: RunData,
  start: Uint8Array<ArrayBuffer>,
): Promise<PreparedRun> {
  const alignment = decodeAlignment(start);
  checkNetworks(alignment, models.networks);
  const { settings, switching } = config;
  const switcher =
    settings.switches && switching !== null ? createSwitcher(data.lists, switching) : null;
  return lessons[settings.lesson](models, config, data, alignment, switcher);
}
