// The states that sentences are compared by, as people see them, in the order of the table.
import { statesNames, type StatesName } from '../../../bridge/types.ts';
import { defaultPooling, type BundleManifest, type Pooling } from '../../../bundle/manifest.ts';
import type { Learned } from '../../models/models.svelte.ts';

export interface StatesDescription {
  states: StatesName;
  name: string;
  /** One sentence: what they are. */
  explanation: string;
}

export const statesDescriptions: readonly StatesDescription[] = [
  {
    states: 'encoder',
    name: 'Encoder',
    explanation: 'What the multilingual encoder makes of a sentence, before any bridge.',
  },
  {
    states: 'langbridge',
    name: 'LangBridge',
    explanation: 'What reaches the LLM over the bridge that was trained on English alone.',
  },
  {
    states: 'lingualift',
    name: 'LinguaLIFT',
    explanation: 'What reaches the LLM over the bridge that was trained on code-switched text.',
  },
];

/** How a sentence becomes one vector. */
const poolingSentences: Readonly<Record<Pooling, string>> = {
  mean: 'A sentence is the mean of its tokens.',
  cls: 'A sentence is what the model makes of its first token, as it was trained to; layers that some models have behind that are left out.',
  max: 'A sentence is the highest value among its tokens in each dimension, as the model was trained to.',
};

/** What the encoder's states are, and by which rule they stand for a sentence. */
export function encoderExplanation({
  pooling = defaultPooling,
  poolingAsked,
}: Pick<BundleManifest['encoder'], 'pooling' | 'poolingAsked'>): string {
  const states = statesDescriptions.find((one) => one.states === 'encoder')?.explanation ?? '';
  const rule = `${states} ${poolingSentences[pooling]}`;
  if (poolingAsked === undefined) return rule;
  return `${rule} The model’s files ask for another rule, “${poolingAsked}”, which this page does not have, so it may do better than this shows.`;
}

const names = new Map(statesDescriptions.map(({ states, name }) => [states, name]));

/** What states are called: with the name of the bridge that has taken the place of the bundle's own, if one has. */
export function statesLabel(states: StatesName, learned: Pick<Learned, 'name'> | null): string {
  const name = names.get(states) ?? states;
  return states === 'lingualift' && learned ? `${name}: ${learned.name}` : name;
}

/** The states that a bundle has, those of a learned bridge among them. */
export function offeredStates(
  { alignments }: Pick<BundleManifest, 'alignments'>,
  hasLearned: boolean,
): StatesName[] {
  return statesNames.filter(
    (states) =>
      states === 'encoder' ||
      alignments[states] !== undefined ||
      (states === 'lingualift' && hasLearned),
  );
}
