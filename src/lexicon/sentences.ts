// The built-in English training sentences, a problem a line: `{"question", "values", "solution"}`, numbers as
// slots `<n0>`. Here they show what a word list is worth, so only the questions are read.

export interface TrainingSentence {
  /** With slots. */
  question: string;
  /** What stands in place of the slots, in their order. */
  values: readonly string[];
}

/**
 * Reads a file of training problems.
 * @param text JSON lines
 * @throws {Error} with the line's number when a line is no problem
 */
export function parseSentences(text: string): TrainingSentence[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const { question, values } = JSON.parse(line) as Partial<TrainingSentence>;
    if (typeof question !== 'string' || !Array.isArray(values)) {
      throw new Error(`Line ${index + 1} is no training problem: ${line}`);
    }
    return [{ question, values }];
  });
}

/** A text with numbers in place of its slots; a slot without a number stays. */
export function fillSlots(text: string, values: readonly string[]): string {
  return text.replace(/<n(\d+)>/g, (slot, index: string) => values[Number(index)] ?? slot);
}
