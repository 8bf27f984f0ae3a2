// Where the keyboard goes when what had it has gone.
import { focusOn } from '../shared/focus.ts';

/** To the way back, after something was deleted. */
export const focusUndo = () => focusOn('#undo');

/** To the button that edits a row of the word table. */
export const focusRow = (index: number) => focusOn(`[data-edits="${index}"]`);

/** To the button that opened the form for a new pair. */
export const focusAdd = () => focusOn('#add-pair');
