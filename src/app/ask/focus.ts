// Where the keyboard goes when something on the page moves.
import { tick } from 'svelte';

/** To the box, with the cursor at the end of the text it has just been given. */
export async function focusQuestion(): Promise<void> {
  await tick();
  const box = document.querySelector<HTMLTextAreaElement>('#question');
  box?.focus();
  box?.setSelectionRange(box.value.length, box.value.length);
}

/** To the entry that has just been put on the page. */
export async function focusEntry(): Promise<void> {
  await tick();
  document.querySelector<HTMLElement>('#entry-question')?.focus();
}
