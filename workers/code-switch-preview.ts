// A look at what code-switching makes of the training sentences, before anything is trained on them.
import {
  createSwitcher,
  type CodeSwitchSettings,
  type WeightedList,
} from '../src/lexicon/codeSwitch.ts';
import { fillSlots, type TrainingSentence } from '../src/lexicon/sentences.ts';
import { permutation, Random } from '../src/train/random.ts';
import type { PreviewSentence } from './lexicon-protocol.ts';

/** Sentences in a preview. */
const previewLength = 20;

/**
 * Code-switches some sentences that the seed picks. Each has random numbers of its own, so that a setting
 * changes the sentences that it is about and no others.
 * @throws LexiconError `settings`
 */
export function previewOf(
  sentences: readonly TrainingSentence[],
  lists: readonly WeightedList[],
  settings: CodeSwitchSettings,
): PreviewSentence[] {
  const switcher = createSwitcher(lists, settings);
  const order = permutation(sentences.length, Random.seeded(settings.seed));
  return Array.from(order.subarray(0, previewLength)).flatMap((place, index) => {
    const sentence = sentences[place];
    if (sentence === undefined) return [];
    const { question, values } = sentence;
    const random = Random.seeded(settings.seed, index + 1);
    const { language, pieces } = switcher.switch(question, () => random.nextFloat());
    return {
      english: fillSlots(question, values),
      language,
      pieces: pieces.map(({ text, english }) => ({ text: fillSlots(text, values), english })),
    };
  });
}
