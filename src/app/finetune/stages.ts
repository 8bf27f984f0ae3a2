// The stages as people see them: what each is for, what it trains and what it leaves alone.
import type { StageName } from '../../train/recipes.ts';

export interface StageDescription {
  stage: StageName;
  name: string;
  /** One sentence: what the models learn. */
  purpose: string;
  trained: string;
  frozen: string;
}

export const stageDescriptions: readonly StageDescription[] = [
  {
    stage: 'stage1-words',
    name: 'Stage 1: words',
    purpose:
      'Each word of your list is brought to where the LLM has the English one. The quickest way into a language that the bridge has never seen.',
    trained: 'the alignment, with 512 hidden units more that read how words are written',
    frozen: 'the encoder; the LLM only lends its embeddings',
  },
  {
    stage: 'stage1',
    name: 'Stage 1: sentences',
    purpose:
      'English problems with words of your list mixed in, which the LLM is to understand through the bridge.',
    trained: 'the alignment between encoder and LLM',
    frozen: 'the encoder and the LLM',
  },
  {
    stage: 'stage2-lora',
    name: 'Stage 2: reasoning, with LoRA',
    purpose:
      'English problems with solutions teach the LLM to reason over what the bridge hands it.',
    trained: 'small LoRA matrices beside the weights of the LLM',
    frozen: 'the encoder, the alignment and the weights of the LLM themselves',
  },
  {
    stage: 'stage2-alignment',
    name: 'Stage 2: reasoning, in the alignment',
    purpose:
      'English problems with solutions teach the bridge to hand over what reasoning needs, and the LLM stays as it is.',
    trained: 'the alignment between encoder and LLM',
    frozen: 'the encoder and the LLM',
  },
  {
    stage: 'langbridge',
    name: 'LangBridge',
    purpose:
      'English problems alone build a bridge; other languages cross it as far as the encoder understands them.',
    trained: 'the alignment between encoder and LLM',
    frozen: 'the encoder and the LLM',
  },
];

const byStage = new Map(stageDescriptions.map((one) => [one.stage, one]));

/** What people call a stage. */
export function stageName(stage: StageName): string {
  return byStage.get(stage)?.name ?? stage;
}
