// The presets: how long a run takes and how boldly it steps, each a row. Everything in them can be changed.
import { recipes, type Recipe, type StageName } from '../../train/recipes.ts';

export const presetIds = ['quick', 'lesson', 'published', 'paper'] as const;
export type PresetId = (typeof presetIds)[number];

export interface Preset {
  id: PresetId;
  name: string;
  hint: string;
  /** Steps of the run, or once through the sentences. */
  steps: Record<Recipe['lesson'], number | 'epoch'>;
  batch: Record<Recipe['lesson'], number>;
  /** Examples computed at once; gradients of the others wait for them. */
  microBatch: number;
  /** By what is trained. */
  learningRate: Record<Recipe['trains'], number> | 'as published';
  /** Of switched sentences, how many are to be translated; the others are to be solved. */
  translationShare: number;
  /** Development problems of each language. */
  developmentItems: number;
  evaluateEvery: Record<Recipe['lesson'], number>;
  checkpointEvery: number;
  /** Whether layers are computed again in the backward pass, for less memory. */
  recompute: boolean;
}

/** What networks of a few million parameters take (training/config.py), against 6e-4 for those of billions. */
const smallModelRates = { alignment: 2e-3, adapters: 1e-3 };

export const presets: readonly Preset[] = [
  {
    id: 'quick',
    name: 'Quick look',
    hint: 'Enough to see accuracy rise, even on a software GPU.',
    steps: { sentences: 60, words: 200 },
    batch: { sentences: 32, words: 16 },
    microBatch: 8,
    learningRate: smallModelRates,
    translationShare: 0,
    developmentItems: 20,
    evaluateEvery: { sentences: 20, words: 50 },
    checkpointEvery: 10,
    recompute: false,
  },
  {
    id: 'lesson',
    name: 'An afternoon’s lesson',
    hint: 'Five times as long with larger batches. Best on a real GPU.',
    steps: { sentences: 300, words: 800 },
    batch: { sentences: 64, words: 16 },
    microBatch: 16,
    learningRate: smallModelRates,
    translationShare: 0,
    developmentItems: 40,
    evaluateEvery: { sentences: 50, words: 200 },
    checkpointEvery: 20,
    recompute: false,
  },
  {
    id: 'published',
    name: 'For published models',
    hint: 'Small batches and little memory for LLMs of 100 million parameters and more. Needs a real GPU.',
    steps: { sentences: 400, words: 400 },
    batch: { sentences: 16, words: 16 },
    microBatch: 2,
    learningRate: 'as published',
    translationShare: 0,
    developmentItems: 4,
    evaluateEvery: { sentences: 200, words: 200 },
    checkpointEvery: 25,
    recompute: true,
  },
  {
    id: 'paper',
    name: 'As in the paper',
    hint: 'Batches of 128, once through the sentences, and the learning rates meant for large LLMs.',
    steps: { sentences: 'epoch', words: 'epoch' },
    batch: { sentences: recipes.stage1.batch, words: recipes['stage1-words'].batch },
    microBatch: 16,
    learningRate: 'as published',
    translationShare: 1,
    developmentItems: 40,
    evaluateEvery: { sentences: 10, words: 100 },
    checkpointEvery: 10,
    recompute: false,
  },
];

/** The recipe of a stage as a preset changes it. */
export function presetRecipe(stage: StageName, { batch, learningRate }: Preset): Recipe {
  const recipe = recipes[stage];
  return {
    ...recipe,
    batch: batch[recipe.lesson],
    learningRate:
      learningRate === 'as published' ? recipe.learningRate : learningRate[recipe.trains],
  };
}

/** The preset with an id. */
export function presetOf(id: PresetId): Preset {
  return presets.find((preset) => preset.id === id) ?? (presets[0] as Preset);
}
