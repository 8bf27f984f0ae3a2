// What the page checks before it hands a question to the models, and which keys send it.

/** More than any word problem needs; the models' own limit, in tokens, is checked where they run. */
export const maxQuestionCharacters = 2000;

/** From here on the box shows how many characters are left. */
export const countFromCharacters = 1600;

/**
 * What keeps a question from being asked.
 * @returns a sentence for people, or `null` when the question can be asked
 */
export function questionProblem(question: string): string | null {
  const text = question.trim();
  if (text === '') return 'The box is empty. Type a math problem, or pick an example below.';
  const length = countCharacters(text);
  if (length > maxQuestionCharacters) {
    const surplus = length - maxQuestionCharacters;
    return `This is ${surplus.toLocaleString('en')} ${surplus === 1 ? 'character' : 'characters'} too long. Keep the problem itself and leave out the rest.`;
  }
  return null;
}

/** Characters as people count them: code points, so that 𞤀 is one. */
export function countCharacters(text: string): number {
  return [...text].length;
}

/** Enter sends, Shift+Enter starts a line, and Enter that ends a composition (Japanese, Chinese, ...) does neither. */
export function sendsQuestion(event: {
  key: string;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
}): boolean {
  // Safari ends a composition before it reports the key, but marks the key with 229.
  const composing = event.isComposing || event.keyCode === 229;
  return event.key === 'Enter' && !event.shiftKey && !composing;
}
