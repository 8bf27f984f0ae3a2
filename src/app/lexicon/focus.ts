// Where the keyboard goes when what had it has gone.
import { tick } from 'svelte';

/** To the way back, after something was deleted. */
export async function focusUndo(): Promise<void> {
  await tick();
  document.querySelector<HTMLElement>('#undo')?.focus();
}

/** To the button that edits a row of the word table. */
export async function focusRow(index: number): Promise<void> {
  await tick();
  document.querySelector<HTMLElement>(`[data-edits="${index}"]`)?.focus();
}

/** To the button that opened the form for a new pair. */
export async function focusAdd(): Promise<void> {
  await tick();
  document.querySelector<HTMLElement>('#add-pair')?.focus();
}
