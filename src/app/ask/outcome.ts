// How a run stands when it has no answer to show, and the small print of one that has ended.
import type { Answer, Reasoning } from '../../bridge/types.ts';
import { formatCount, formatDuration, formatRate } from '../shared/format.ts';
import { languageName } from '../shared/languages.ts';
import type { RunState } from './ask.svelte.ts';

/**
 * One sentence for a run without a final answer.
 * @returns `null` when nothing needs to be said: there is an answer, an error is shown, or steps are being written
 */
export function standing(
  { status, answer, error }: RunState,
  { lines, finalAnswer }: Reasoning,
): string | null {
  if (status === 'waiting') return 'Kept until the models are ready.';
  if (status === 'running') return lines.length === 0 ? 'Reading the question.' : null;
  if (status === 'stopped') return finalAnswer === null ? 'Stopped before the answer.' : 'Stopped.';
  if (status === 'failed') return error === null ? 'The models gave up before the answer.' : null;
  if (finalAnswer !== null) return null;
  return answer?.stop === 'length'
    ? 'The answer did not fit: the model reached the longest text it may write.'
    : 'The model ended without an answer.';
}

/** Milliseconds from the question to the last token. */
export function totalMs({ encodeMs, alignMs, prefillMs, decodeMs }: Answer['timings']): number {
  return encodeMs + alignMs + prefillMs + decodeMs;
}

/** Time and speed of an answer in one line: `0.4 s · 118 tokens/s`. */
export function speedText({ timings }: Answer): string {
  return `${formatDuration(totalMs(timings))} · ${formatRate(timings.tokensPerSecond)}`;
}

/** A line of the small print. */
export type Fact = readonly [name: string, value: string];

/** What happened on the way to an answer, in the order in which it happened. */
export function answerFacts({ timings, prompt, tokens }: Answer): Fact[] {
  const { glossLanguage, softPromptLength, promptTokens } = prompt;
  const dictionary: Fact[] =
    glossLanguage === null ? [] : [['Dictionary', languageName(glossLanguage)]];
  const bridge: Fact[] =
    softPromptLength === 0
      ? []
      : [
          ['Reading (encoder)', formatDuration(timings.encodeMs)],
          ['Handing over (alignment)', formatDuration(timings.alignMs)],
          ['Soft prompt', `${formatCount(softPromptLength)} positions`],
        ];
  const prefill = `${formatDuration(timings.prefillMs)} for ${formatCount(promptTokens)} positions`;
  const decode = `${formatDuration(timings.decodeMs)} for ${formatCount(tokens)} tokens`;
  return [...dictionary, ...bridge, ['Taking in the prompt', prefill], ['Writing', decode]];
}
