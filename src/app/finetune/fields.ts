// The numbers of a draft that a person can set, each a row: what it is called, what it means, what it may be.
import { recipes, type StageName } from '../../train/recipes.ts';
import type { Draft } from './draft.ts';

/** The parts of a draft that are numbers. */
export type NumberKey = {
  [Key in keyof Draft]: Draft[Key] extends number ? Key : never;
}[keyof Draft];

export interface NumberField {
  key: NumberKey;
  label: string;
  hint: string;
  min: number;
  max: number;
  /** Only whole numbers. */
  whole: boolean;
  /** Whether a draft has any use for it; always if missing. */
  applies?: (draft: Draft) => boolean;
}

const isTrained = (what: 'alignment' | 'adapters') => (draft: Draft) =>
  recipes[draft.stage].trains === what;
const isFresh =
  (...kinds: Draft['kind'][]) =>
  (draft: Draft) =>
    draft.start === 'scratch' && kinds.includes(draft.kind);

const whole = { whole: true, min: 1 };
const share = { whole: false, min: 0, max: 1 };

export interface FieldGroup {
  title: string;
  fields: readonly NumberField[];
}

/** How long and how fast: what most people change first. */
export const mainFields: readonly NumberField[] = [
  {
    key: 'steps',
    label: 'Steps',
    max: 100_000,
    ...whole,
    hint: 'How often the weights are changed.',
  },
  {
    key: 'batch',
    label: 'Examples a step',
    max: 4096,
    ...whole,
    hint: 'More give a steadier direction and take longer.',
  },
  {
    key: 'learningRate',
    label: 'Learning rate',
    min: 1e-7,
    max: 1,
    whole: false,
    hint: 'How far each step goes. Too far, and the loss jumps.',
  },
];

export const advancedGroups: readonly FieldGroup[] = [
  {
    title: 'Optimizer',
    fields: [
      {
        key: 'warmupShare',
        label: 'Warm-up',
        ...share,
        hint: 'Share of the steps over which the learning rate rises.',
      },
      {
        key: 'weightDecay',
        label: 'Weight decay',
        ...share,
        hint: 'Pull of all weights towards zero; none in the papers.',
      },
      {
        key: 'maxGradientNorm',
        label: 'Largest gradient',
        min: 0.001,
        max: 1000,
        whole: false,
        hint: 'Gradients beyond this norm are scaled down to it.',
      },
      {
        key: 'seed',
        label: 'Seed',
        min: 0,
        max: 2 ** 31 - 1,
        whole: true,
        hint: 'The same seed gives the same run.',
      },
    ],
  },
  {
    title: 'Code-switching',
    fields: [
      {
        key: 'translationShare',
        label: 'To translate',
        ...share,
        applies: ({ stage }) => recipes[stage].switches && recipes[stage].lesson === 'sentences',
        hint: 'Share of the switched sentences that are to be written in pure English; the others are to be solved.',
      },
    ],
  },
  {
    title: 'Fresh alignment',
    fields: [
      {
        key: 'hiddenDim',
        label: 'Hidden width',
        max: 8192,
        ...whole,
        hint: 'Of the layer in the middle.',
        applies: isFresh('mlp', 'latent'),
      },
      {
        key: 'latents',
        label: 'Soft prompt length',
        max: 512,
        ...whole,
        hint: 'Vectors that stand for any question.',
        applies: isFresh('latent'),
      },
      {
        key: 'heads',
        label: 'Attention heads',
        max: 64,
        ...whole,
        hint: 'Must divide the hidden width.',
        applies: isFresh('latent'),
      },
    ],
  },
  {
    title: 'LoRA',
    fields: [
      {
        key: 'rank',
        label: 'Rank',
        max: 256,
        ...whole,
        applies: isTrained('adapters'),
        hint: 'Width of the two small matrices; more can learn more.',
      },
      {
        key: 'alpha',
        label: 'Alpha',
        max: 1024,
        ...whole,
        applies: isTrained('adapters'),
        hint: 'Their output is scaled by alpha divided by rank.',
      },
    ],
  },
  {
    title: 'Measuring and memory',
    fields: [
      {
        key: 'developmentItems',
        label: 'Problems a language',
        max: 1000,
        ...whole,
        hint: 'Development problems asked before, in between and after.',
      },
      {
        key: 'evaluateEvery',
        label: 'Ask them every',
        max: 100_000,
        ...whole,
        hint: 'Steps from one measurement to the next.',
      },
      {
        key: 'checkpointEvery',
        label: 'Save every',
        max: 100_000,
        ...whole,
        hint: 'Steps that a crash can cost at most.',
      },
      {
        key: 'microBatch',
        label: 'Examples at once',
        max: 4096,
        ...whole,
        hint: 'Fewer need less GPU memory and take a little longer; the result is the same.',
      },
    ],
  },
];

/** Every number that a draft has a use for. */
export function fieldsOf(draft: Draft): NumberField[] {
  return [...mainFields, ...advancedGroups.flatMap(({ fields }) => fields)].filter(
    ({ applies }) => applies?.(draft) ?? true,
  );
}

/** What is wrong with a number, or `null`. */
export function fieldProblem({ min, max, whole }: NumberField, value: number): string | null {
  if (!Number.isFinite(value)) return 'Type a number.';
  if (whole && !Number.isInteger(value)) return 'Type a whole number.';
  if (value < min || value > max) {
    return `Between ${min.toLocaleString('en')} and ${max.toLocaleString('en')}.`;
  }
  return null;
}

/** Whether code-switching matters to a stage: it then needs a word list. */
export function needsLists(stage: StageName): boolean {
  return recipes[stage].switches;
}
