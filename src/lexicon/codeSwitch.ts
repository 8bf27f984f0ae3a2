// Code-switching: English sentences in which words that a word list knows are replaced by their translations.
// A model that learns to read such a sentence as the English one has learned the words.
//
// The method is CoSDA-ML's (arXiv 2006.06402): a share of the sentences is switched at all, and of those a
// share of the words. LinguaLIFT (arXiv 2412.12499) trains its alignment on such sentences. Where CoSDA-ML
// draws a language for each word, here it is one per sentence, as in the mixed texts that people write.
import { LexiconError } from './errors.ts';
import { Headwords } from './headwords.ts';
import { closeUnspaced, jointOf, splitTokens } from './tokens.ts';
import type { WordList } from './types.ts';

/** Which of several translations of a word is taken: the preferred one, or each equally often. */
export const polysemyChoices = ['first', 'random'] as const;
export type Polysemy = (typeof polysemyChoices)[number];

export interface CodeSwitchSettings {
  /** Share of the sentences that are switched at all, 0 to 1. */
  sentenceRatio: number;
  /** Least and greatest share of the known words that are replaced, 0 to 1; drawn for each sentence. */
  tokenRatio: readonly [min: number, max: number];
  polysemy: Polysemy;
  /** Where the generator starts that is handed to `switch`; a whole number from 0. */
  seed: number;
}

/** A word list and how often it is drawn, relative to the others. */
export interface WeightedList {
  list: WordList;
  /** From 0; a list of weight 0 is never drawn. */
  weight: number;
}

/** A stretch of a switched sentence. */
export interface SwitchedPiece {
  text: string;
  /** What a foreign word or phrase stands for; `null` for a stretch that stayed as it was. */
  english: string | null;
}

export interface SwitchedText {
  text: string;
  /** BCP 47 tag of the list that was used; `null` when no word was replaced. */
  language: string | null;
  /** Joined they are the text. */
  pieces: SwitchedPiece[];
}

export interface Switcher {
  /**
   * Code-switches a sentence. Numbers, slots, signs and unknown words stay, a capital stays a capital.
   * @param random uniform in [0, 1); the same draws give the same sentence
   */
  switch(english: string, random: () => number): SwitchedText;
}

/** A list as `switch` needs it. `upTo` is its weight and those before it. */
interface Source {
  upTo: number;
  language: string;
  headwords: Headwords;
}

/**
 * Makes a code-switcher. A sentence draws one of the lists; two lists of one language are two lists, so
 * merge them where a sentence should use both.
 * @throws LexiconError `settings` for a ratio, range, weight, seed or list that cannot be used
 */
export function createSwitcher(
  lists: readonly WeightedList[],
  settings: CodeSwitchSettings,
): Switcher {
  checkSettings(settings);
  checkLists(lists);
  const { sentenceRatio, tokenRatio, polysemy } = settings;
  const [minRatio, maxRatio] = tokenRatio;
  const sources = sourcesOf(lists);

  return {
    switch(english, random) {
      const source = random() < sentenceRatio ? drawSource(sources, random) : undefined;
      if (source === undefined) return unswitched(english);
      const ratio = minRatio + (maxRatio - minRatio) * random();
      // Texts in unspaced scripts write numbers with and without spaces around them; one sentence does either.
      const closeSlots = random() < 0.5;

      const pieces = replaceWords(english, source, ratio, polysemy, random);
      if (pieces.every((piece) => piece.english === null)) return unswitched(english);
      const written = mergeKept(closeSpaces(pieces, closeSlots));
      return {
        text: written.map(({ text }) => text).join(''),
        language: source.language,
        pieces: written,
      };
    },
  };
}

function sourcesOf(lists: readonly WeightedList[]): Source[] {
  let upTo = 0;
  return lists
    .filter(({ weight }) => weight > 0)
    .map(({ list, weight }) => {
      upTo += weight;
      return { upTo, language: list.language, headwords: new Headwords(list.pairs) };
    });
}

function drawSource(sources: readonly Source[], random: () => number): Source | undefined {
  const drawn = random() * (sources.at(-1)?.upTo ?? 0);
  return sources.find(({ upTo }) => drawn < upTo);
}

function unswitched(text: string): SwitchedText {
  return { text, language: null, pieces: text === '' ? [] : [{ text, english: null }] };
}

/** A piece for each token that stays and each word or phrase that is replaced, with probability `ratio`. */
function replaceWords(
  english: string,
  { headwords, language }: Source,
  ratio: number,
  polysemy: Polysemy,
  random: () => number,
): SwitchedPiece[] {
  const tokens = splitTokens(english);
  const pieces: SwitchedPiece[] = [];
  for (let start = 0; start < tokens.length;) {
    const match = headwords.longestAt(tokens, start);
    const taken = tokens.slice(start, start + (match?.length ?? 1));
    if (match !== null && random() < ratio) {
      const choice = polysemy === 'first' ? 0 : Math.floor(random() * match.foreign.length);
      const phrase = taken.join('');
      const foreign = closeUnspaced(match.foreign[choice] ?? '');
      const text = /^\p{Lu}/u.test(phrase) ? capitalise(foreign, language) : foreign;
      pieces.push({ text, english: phrase });
    } else {
      pieces.push(...taken.map((text) => ({ text, english: null })));
    }
    start += taken.length;
  }
  return pieces;
}

/** Languages whose "i" has a dot in capitals too. */
const dottedCapital = /^(?:az|crh|tr)(?:-|$)/i;
/** Their capitals stand in all-capital text only, never at the start of a sentence. */
const withoutInitialCapital = /^\p{Script=Georgian}/u;

/** The word with its first letter in upper case. */
function capitalise(word: string, language: string): string {
  const [first = ''] = word;
  if (withoutInitialCapital.test(first)) return word;
  const capital = dottedCapital.test(language)
    ? first.toLocaleUpperCase('tr')
    : first.toUpperCase();
  return capital + word.slice(first.length);
}

/** Takes out the spaces that texts in unspaced scripts do not have; at slots only if `closeSlots`. */
function closeSpaces(pieces: readonly SwitchedPiece[], closeSlots: boolean): SwitchedPiece[] {
  return pieces.filter(({ text }, index) => {
    if (text !== ' ') return true;
    const joint = jointOf(pieces[index - 1]?.text ?? '', pieces[index + 1]?.text ?? '');
    return joint === 'spaced' || (joint === 'slot' && !closeSlots);
  });
}

/** One piece for each stretch between replaced words. */
function mergeKept(pieces: readonly SwitchedPiece[]): SwitchedPiece[] {
  const merged: SwitchedPiece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last?.english === null && piece.english === null) last.text += piece.text;
    else merged.push({ ...piece });
  }
  return merged;
}

function checkSettings({ sentenceRatio, tokenRatio, polysemy, seed }: CodeSwitchSettings): void {
  const [min, max] = tokenRatio;
  refuseUnless(
    isShare(sentenceRatio),
    `The share of sentences must be between 0 and 1, and it is ${sentenceRatio}.`,
  );
  refuseUnless(
    isShare(min) && isShare(max),
    `The shares of words must be between 0 and 1, and they are ${min} to ${max}.`,
  );
  refuseUnless(
    min <= max,
    `The least share of words (${min}) must not be above the greatest (${max}).`,
  );
  refuseUnless(
    polysemyChoices.includes(polysemy),
    `The choice among translations must be ${polysemyChoices.join(' or ')}, and it is ${polysemy}.`,
  );
  refuseUnless(
    Number.isSafeInteger(seed) && seed >= 0,
    `The seed must be a whole number from 0, and it is ${seed}.`,
  );
}

function checkLists(lists: readonly WeightedList[]): void {
  for (const { list, weight } of lists) {
    refuseUnless(
      Number.isFinite(weight) && weight >= 0,
      `The weight of ${list.name} must be a number from 0, and it is ${weight}.`,
    );
    refuseUnless(
      list.pairs.length > 0,
      `${list.name} has no words. Add some, or leave the list out.`,
    );
  }
  refuseUnless(
    lists.some(({ weight }) => weight > 0),
    'Code-switching needs at least one word list with a weight above 0.',
  );
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}

function refuseUnless(fine: boolean, message: string): void {
  if (!fine) throw new LexiconError('settings', message);
}
