// Where the keyboard goes when something in the room moves.
import { focusOn } from '../shared/focus.ts';

/** To the box, with the cursor at the end of the text it has just been given. */
export async function focusQuestion(): Promise<void> {
  const question = '#question';
  await focusOn(question);
  const box = document.querySelector<HTMLTextAreaElement>(question);
  box?.setSelectionRange(box.value.length, box.value.length);
}

/** To the entry that has just been put on the page. */
export const focusEntry = () => focusOn('#entry-question');
