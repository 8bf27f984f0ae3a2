// From what the models said of an item to the sample that is written down.
import type { Answer } from '../bridge/types.ts';
import type { LinguaLiftError } from '../bundle/errors.ts';
import { score } from './extract.ts';
import type { PlanItem } from './plan.ts';
import type { Sample } from './record.ts';

/** What a question got: an answer, or why there is none. */
export type Result = Answer | LinguaLiftError;

/** The sample of an item. Without an answer it counts as wrong, whatever the extractor. */
export function sampleOf({ index, route, problem }: PlanItem, result: Result): Sample {
  const { id, lang, question, answer: expected } = problem;
  const asked = { index, id, lang, route, question, expected: expected.text };
  if (result instanceof Error) {
    return {
      ...asked,
      ...score('', lang, expected),
      ...{ text: '', stop: null, tokens: 0, promptTokens: 0, softPromptLength: 0, timings: null },
      error: result.message,
    };
  }
  const { text, stop, tokens, prompt, timings } = result;
  const { promptTokens, softPromptLength } = prompt;
  return {
    ...asked,
    ...{ text, ...score(text, lang, expected) },
    ...{ stop, tokens, promptTokens, softPromptLength, timings, error: null },
  };
}
