// What a data set is made of once it has been read. Readers, fetching, and runs share these.
import type { AnswerValue } from '../compare.ts';

/** A problem with a known answer. */
export interface Problem {
  /**
   * Of its own within a language. Languages of a parallel set give the same problem the same id, so that
   * subsets draw it in all of them and intervals are clustered by it.
   */
  id: string;
  lang: string;
  /** In NFC, as all that reads it later assumes. */
  question: string;
  answer: AnswerValue;
}

/** A row that is no problem, and why. Lines start at 1; in a JSON array an entry counts as a line. */
export interface MalformedLine {
  line: number;
  reason: string;
}

/** All that a file holds: every row is in one of the two. */
export interface Dataset {
  problems: Problem[];
  malformed: MalformedLine[];
}

/** Problems, or what became of them, by language; languages in the order in which they first appear. */
export function byLanguage<Item extends Pick<Problem, 'lang'>>(
  items: readonly Item[],
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(item.lang);
    if (group) group.push(item);
    else groups.set(item.lang, [item]);
  }
  return groups;
}
