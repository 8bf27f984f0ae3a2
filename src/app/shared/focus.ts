// Where the keyboard goes when something on the page moves.
import { tick } from 'svelte';

/** To what a selector finds first, once the page shows what has changed; nowhere if nothing is there. */
export async function focusOn(selector: string): Promise<void> {
  await tick();
  document.querySelector<HTMLElement>(selector)?.focus();
}

/** To the run that has just been put on the page. */
export const focusRun = () => focusOn('#run-name');

/** To the list of runs, after one has gone. */
export const focusRuns = () => focusOn('#runs');
