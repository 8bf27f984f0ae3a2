// What a word list is, between its import, the rooms that show it, and code-switching.

/** The tag of a language that nobody knows, as in BCP 47. */
export const undetermined = 'und';

/** A foreign word or phrase and one of its English translations, in NFC and lower case. */
export interface WordPair {
  foreign: string;
  english: string;
}

/** A word list as a person keeps it. Pairs are distinct; the preferred translation of a word comes first. */
export interface WordList {
  id: string;
  name: string;
  /** BCP 47 tag of the foreign side, `und` while nobody knows. */
  language: string;
  pairs: WordPair[];
}

/** A line of an imported file that is not in the list, and why. */
export interface RejectedLine {
  /** From 1; entries of a JSON file count as lines. */
  line: number;
  text: string;
  reason: string;
}
