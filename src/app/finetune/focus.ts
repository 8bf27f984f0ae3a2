// Where the keyboard goes when something in the room moves.
import { tick } from 'svelte';

/** To the run that has just been put on the page. */
export async function focusRun(): Promise<void> {
  await tick();
  document.querySelector<HTMLElement>('#run-name')?.focus();
}

/** To the list of runs, after one has gone. */
export async function focusRuns(): Promise<void> {
  await tick();
  document.querySelector<HTMLElement>('#runs')?.focus();
}
