// What is read out of a run while it streams. Token by token it would drown a screen reader.
import { parseReasoning } from '../../bridge/reasoning.ts';
import type { RunState } from './ask.svelte.ts';
import { standing } from './outcome.ts';
import { routeName } from './routes.ts';
import { lineText } from './transcript.ts';
import { typesetNumber } from './typeset.ts';

/**
 * The sentences to read out so far; a later call with more text only adds to them.
 * @param compared with several routes side by side only their outcomes are read, each with its route
 */
export function spoken(run: RunState, compared: boolean): string[] {
  const { text, status } = run;
  const over = status !== 'waiting' && status !== 'running';
  // A line can be read once it has ended.
  const whole = over ? text : text.slice(0, text.lastIndexOf('\n') + 1);
  const steps = compared ? [] : parseReasoning(whole).lines.map(lineText);
  if (!over) return steps;
  const ending = endingOf(run);
  if (ending === null) return steps;
  return [...steps, compared ? `${routeName(run.route)}: ${ending}` : ending];
}

/** How a run ended; `null` for one that failed with an error, which is an alert of its own. */
function endingOf(run: RunState): string | null {
  const reasoning = parseReasoning(run.text);
  const { finalAnswer } = reasoning;
  return finalAnswer === null ? standing(run, reasoning) : `Answer: ${typesetNumber(finalAnswer)}`;
}
