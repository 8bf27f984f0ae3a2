// From prompts to answers: the LLM reads the prompts side by side and writes all the texts at once.
import { decode } from './decode.ts';
import type { Parts } from './parts.ts';
import type { AskedQuestion } from './question.ts';
import { finalAnswerOf } from './reasoning.ts';
import { stopwatch } from './stopwatch.ts';
import type { Answer } from './types.ts';
import { Writer } from './writer.ts';

/** What is told while the answers are written. */
export interface AnswerListener<Question> {
  /** The text so far, after every token. */
  onText?: (question: Question, text: string, tokens: number) => void;
  /** An answer is finished; others may still be going on. */
  onAnswer?: (question: Question, answer: Answer) => void;
}

/**
 * Writes the answers to questions whose prompts are meant for the same LLM and fit side by side (batch.ts). When
 * `signal` says stop, those that are unfinished end as they are.
 * @returns the answers in the order of the questions
 * @throws LinguaLiftError `logits-nan` when the model's scores are no numbers
 */
export async function writeAnswers<Question extends AskedQuestion>(
  questions: readonly Question[],
  { llmTokenizer, llmSettings }: Pick<Parts, 'llmTokenizer' | 'llmSettings'>,
  { route, provider }: Pick<Answer, 'route' | 'provider'>,
  { onText, onAnswer }: AnswerListener<Question>,
  signal?: AbortSignal,
): Promise<Answer[]> {
  const llm = questions[0]?.prompt.llm;
  if (llm === undefined) return [];
  const hasSteps = questions.some(({ notation }) => notation.steps !== null);
  const canTakeBack = hasSteps && (await llm.canBatch());
  const lap = stopwatch();
  const continuation = await llm.prefill(questions.map(({ prompt }) => prompt.embeddings));
  const prefillMs = lap();
  const start = performance.now();
  const answers: Answer[] = [];

  const writers = questions.map((question, place) => {
    const { prompt, notation, maxNewTokens } = question;
    return new Writer({
      notation,
      vocabulary: llmTokenizer,
      endIds: llmSettings.endIds,
      maxNewTokens,
      canTakeBack,
      onText: (raw, tokens) => onText?.(question, notation.present(raw), tokens),
      onEnd: ({ text: raw, tokens, stop }) => {
        const { info, encodeMs, alignMs } = prompt;
        const decodeMs = performance.now() - start;
        const tokensPerSecond = (1000 * tokens) / Math.max(decodeMs, Number.EPSILON);
        const text = notation.present(raw);
        const answer: Answer = {
          route,
          text,
          finalAnswer: finalAnswerOf(text),
          stop,
          tokens,
          prompt: info,
          timings: { encodeMs, alignMs, prefillMs, decodeMs, tokensPerSecond },
          provider,
        };
        answers[place] = answer;
        onAnswer?.(question, answer);
      },
    });
  });
  try {
    await decode(continuation, writers, signal);
  } finally {
    continuation.dispose();
  }
  return answers;
}
