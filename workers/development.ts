// Development accuracy: the problems are asked as in Ask, through the same bridge, greedily.
import type { Bridge } from '../src/bridge/bridge.ts';
import { isAboutQuestion } from '../src/bridge/questionErrors.ts';
import type { Answer } from '../src/bridge/types.ts';
import { isCorrect, readAnswer } from '../src/evaluate/compare.ts';
import type { DevelopmentProblem, EvaluationEvent } from '../src/train/run.ts';

/** Outputs that are shown, spread over the languages. */
const shownSamples = 6;

/**
 * Asks the problems on the route `lingualift`, one after the other.
 * @param step steps taken before
 * @returns `null` when `signal` said stop before the last, or when there are no problems
 */
export async function evaluateDevelopment(
  bridge: Pick<Bridge, 'answer'>,
  problems: readonly DevelopmentProblem[],
  step: number,
  signal: AbortSignal,
): Promise<EvaluationEvent | null> {
  const languages = new Set(problems.map(({ lang }) => lang));
  const shown = Math.ceil(shownSamples / Math.max(1, languages.size));
  const event: EvaluationEvent = { step, scores: {}, samples: [] };
  for (const { id, lang, question, answer } of problems) {
    const given = await ask(bridge, question, signal);
    if (signal.aborted) return null;
    const expected = readAnswer(answer, lang);
    const right = expected !== null && isCorrect(given.finalAnswer, expected);
    const score = (event.scores[lang] ??= { right: 0, items: 0 });
    score.items++;
    if (right) score.right++;
    if (score.items <= shown) {
      event.samples.push({ id, question, text: given.text, answer, right });
    }
  }
  return problems.length === 0 ? null : event;
}

async function ask(
  bridge: Pick<Bridge, 'answer'>,
  question: string,
  signal: AbortSignal,
): Promise<Pick<Answer, 'text' | 'finalAnswer'>> {
  try {
    return await bridge.answer(question, { route: 'lingualift' }, undefined, signal);
  } catch (thrown) {
    // A problem that the models cannot even read is one they cannot solve.
    if (!isAboutQuestion(thrown)) throw thrown;
    return { text: thrown.message, finalAnswer: null };
  }
}
