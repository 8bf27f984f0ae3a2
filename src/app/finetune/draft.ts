// What a person has set up and not started: one flat record, and how it becomes the config of a run.
import type { RunConfig } from '../../../workers/training-protocol.ts';
import type { CodeSwitchSettings } from '../../lexicon/codeSwitch.ts';
import type { ProjectionName } from '../../train/adapters.ts';
import type { AlignmentKind } from '../../train/alignment.ts';
import { allProjections, recipes, type Recipe, type StageName } from '../../train/recipes.ts';
import { presetOf, presetRecipe, type PresetId } from './presets.ts';

/** Where the alignment starts: one of the bundle, a run (by its id), a file (by its name), or random numbers. */
export type Start = 'langbridge' | 'lingualift' | 'scratch' | `run:${string}` | `file:${string}`;

export interface Draft {
  stage: StageName;
  preset: PresetId;
  steps: number;
  batch: number;
  microBatch: number;
  learningRate: number;
  schedule: Recipe['schedule'];
  warmupShare: number;
  weightDecay: number;
  maxGradientNorm: number;
  seed: number;
  start: Start;
  /** Of a fresh alignment. */
  kind: AlignmentKind;
  hiddenDim: number;
  latents: number;
  heads: number;
  rank: number;
  alpha: number;
  targets: ProjectionName[];
  translationShare: number;
  developmentItems: number;
  evaluateEvery: number;
  checkpointEvery: number;
  recompute: boolean;
}

/** Where each stage's alignment starts unless a person says otherwise: after the stage before it. */
const usualStart: Record<StageName, Start> = {
  langbridge: 'scratch',
  'stage1-words': 'lingualift',
  // LinguaLIFT's own alignment was made with its LoRA beside the LLM, which stage 1 does not see.
  stage1: 'langbridge',
  'stage2-lora': 'lingualift',
  'stage2-alignment': 'lingualift',
};

/**
 * A draft of a stage as a preset has it.
 * @param sentences how many there are to train on, for presets that go once through them
 */
export function draftOf(stage: StageName, id: PresetId, sentences: number): Draft {
  const preset = presetOf(id);
  const { lesson, batch, learningRate, schedule, warmupShare, weightDecay, maxGradientNorm } =
    presetRecipe(stage, preset);
  const { steps, microBatch, translationShare, developmentItems } = preset;
  const { checkpointEvery, recompute } = preset;
  const stepsOfLesson = steps[lesson];
  return {
    ...{ stage, preset: id, batch, microBatch, learningRate, schedule, warmupShare, weightDecay },
    ...{ maxGradientNorm, translationShare, developmentItems, checkpointEvery },
    evaluateEvery: preset.evaluateEvery[lesson],
    steps: stepsOfLesson === 'epoch' ? Math.max(1, Math.ceil(sentences / batch)) : stepsOfLesson,
    seed: 1,
    start: usualStart[stage],
    // The embedded bundle's own alignments, and LoRA as LinguaLIFT's stage 2 has it.
    ...{ kind: 'mlp', hiddenDim: 512, latents: 32, heads: 4 },
    ...{ rank: 16, alpha: 32, targets: [...allProjections] },
    recompute,
  };
}

/**
 * The config of a run; parts that the stage has no use for are `null`.
 * @param switching how sentences are code-switched, as set in the Lexicon room
 */
export function configOf(draft: Draft, switching: CodeSwitchSettings): RunConfig {
  const { stage, steps, batch, learningRate, schedule, seed, translationShare, start } = draft;
  const { warmupShare, weightDecay, maxGradientNorm } = draft;
  const { kind, hiddenDim, latents, heads, rank, alpha, targets } = draft;
  const { microBatch, recompute, evaluateEvery, checkpointEvery } = draft;
  const { trains, lesson, switches } = recipes[stage];
  return {
    stage,
    settings: {
      ...{
        trains,
        lesson,
        switches,
        learningRate,
        schedule,
        warmupShare,
        weightDecay,
        maxGradientNorm,
      },
      ...{ batch, seed, steps },
      translationShare: switches && lesson === 'sentences' ? translationShare : 0,
    },
    microBatch: Math.min(microBatch, batch),
    alignment: { kind, hiddenDim, latents, heads, start: startOf(start) },
    adapters: trains === 'adapters' ? { rank, alpha, targets: [...targets] } : null,
    switching: switches ? { ...switching, tokenRatio: [...switching.tokenRatio] } : null,
    ...{ recompute, evaluateEvery, checkpointEvery },
  };
}

function startOf(start: Start): RunConfig['alignment']['start'] {
  if (start === 'scratch') return { from: 'scratch' };
  if (start === 'langbridge' || start === 'lingualift') return { from: 'bundle', name: start };
  if (start.startsWith('file:')) return { from: 'file', name: start.slice('file:'.length) };
  return { from: 'run', id: start.slice('run:'.length) };
}

/** The kinds of a fresh alignment. */
export const alignmentKinds: readonly { value: AlignmentKind; name: string; hint: string }[] = [
  {
    value: 'linear',
    name: 'Linear',
    hint: 'One matrix, as LangBridge has it: the fewest parameters, the fastest steps.',
  },
  {
    value: 'mlp',
    name: 'MLP',
    hint: 'Two layers with a bend between them, as the built-in bridge has them.',
  },
  {
    value: 'latent',
    name: 'Latent',
    hint: 'A resampler: a soft prompt of fixed length, however long the question is.',
  },
];
