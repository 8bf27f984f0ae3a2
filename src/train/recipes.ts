// The stages that can be run, each a row of a table: what it trains, what it reads, and how.
//
// LangBridge: arXiv 2401.10695, section 3. LinguaLIFT stages 1 and 2: arXiv 2412.12499, section 3. Learning
// rates are those of the papers for LLMs of billions of parameters; for the few millions of the embedded
// bundle, `small` says what was measured to work (docs/model-card.md).
import type { ProjectionName } from './adapters.ts';

export const stageNames = [
  'langbridge',
  'stage1-words',
  'stage1',
  'stage2-lora',
  'stage2-alignment',
] as const;
export type StageName = (typeof stageNames)[number];

export interface Recipe {
  /** What gets gradients; everything else is frozen. */
  trains: 'alignment' | 'adapters';
  /** What it learns from: what the LLM is to write after a sentence, or where each word of it belongs (wordRun.ts). */
  lesson: 'sentences' | 'words';
  /** Whether the sentences are code-switched. */
  switches: boolean;
  learningRate: number;
  schedule: 'constant' | 'cosine';
  /** Share of the steps over which the learning rate rises. */
  warmupShare: number;
  weightDecay: number;
  maxGradientNorm: number;
  /** Examples a step. */
  batch: number;
}

const aligning = {
  trains: 'alignment',
  lesson: 'sentences',
  learningRate: 6e-4,
  schedule: 'constant',
  warmupShare: 0,
  weightDecay: 0,
  maxGradientNorm: 1,
  batch: 128,
} as const;

/** The published recipes, and one of ours: the words of stage 1 before its sentences. */
export const recipes: Readonly<Record<StageName, Recipe>> = {
  langbridge: { ...aligning, switches: false },
  'stage1-words': {
    ...aligning,
    lesson: 'words',
    switches: true,
    learningRate: 1.5e-3,
    schedule: 'cosine',
    warmupShare: 0.025,
    batch: 16,
  },
  stage1: { ...aligning, switches: true },
  'stage2-lora': {
    ...aligning,
    trains: 'adapters',
    switches: false,
    learningRate: 2e-4,
    schedule: 'cosine',
    warmupShare: 0.03,
  },
  'stage2-alignment': { ...aligning, switches: false },
};

/** LoRA beside every projection, as in LinguaLIFT's stage 2. */
export const allProjections: readonly ProjectionName[] = [
  'self_attn.q_proj',
  'self_attn.k_proj',
  'self_attn.v_proj',
  'self_attn.o_proj',
  'mlp.gate_proj',
  'mlp.up_proj',
  'mlp.down_proj',
];

/**
 * The learning rate of a step.
 * @param step from 0
 * @param steps of the whole run; a cosine ends at a tenth
 */
export function learningRateAt(
  {
    learningRate,
    schedule,
    warmupShare,
  }: Pick<Recipe, 'learningRate' | 'schedule' | 'warmupShare'>,
  step: number,
  steps: number,
): number {
  const warmup = Math.ceil(warmupShare * steps);
  const rise = warmup === 0 ? 1 : Math.min(1, (step + 1) / warmup);
  if (schedule === 'constant') return learningRate * rise;
  const progress = Math.min(1, step / Math.max(1, steps));
  return learningRate * rise * (0.55 + 0.45 * Math.cos(Math.PI * progress));
}
