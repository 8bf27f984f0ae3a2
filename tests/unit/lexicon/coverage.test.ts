// What a word list offers and how much of English sentences it knows.
import { describe, expect, it } from 'vitest';
import { createSwitcher } from '../../../src/lexicon/codeSwitch.ts';
import { coverageOf, listStatistics } from '../../../src/lexicon/coverage.ts';
import { listOf } from './support.ts';

const list = listOf('sw', {
  ana: 'has',
  'ngapi?': 'how many',
  nyumba: 'house',
  jumba: 'house',
  kaya: 'house',
  makazi: 'home',
  maskani: 'home',
});

describe('listStatistics', () => {
  it('counts entries, types and translations', () => {
    expect(listStatistics(list.pairs)).toEqual({
      entries: 7,
      foreignTypes: 7,
      englishTypes: 4,
      meanTranslations: 7 / 4,
      mostTranslated: [
        { word: 'house', count: 3 },
        { word: 'home', count: 2 },
      ],
    });
  });

  it('counts a foreign word of several meanings once', () => {
    const pairs = ['house', 'home'].map((english) => ({ foreign: 'nyumba', english }));
    expect(listStatistics(pairs)).toMatchObject({ foreignTypes: 1, englishTypes: 2 });
  });

  it('is all zeros for an empty list', () => {
    expect(listStatistics([])).toMatchObject({ entries: 0, meanTranslations: 0 });
  });
});

describe('coverageOf', () => {
  const sentences = ['Tom has <n0> apples.', 'How many has Tom? Many, 12!', "Tom's house"];

  it('counts words, not slots, numbers or signs', () => {
    const { tokens, types } = coverageOf(list.pairs, sentences);
    expect(tokens).toEqual({ total: 10, covered: 5, share: 0.5 });
    // tom, has, apples, how, many, tom's, house; "many" is covered in "how many".
    expect(types).toEqual({ total: 7, covered: 4, share: 4 / 7 });
  });

  it('names what is missing, most frequent first, with what is missing only outside a phrase', () => {
    expect(coverageOf(list.pairs, sentences).uncovered).toEqual([
      { word: 'tom', count: 2 },
      { word: 'apples', count: 1 },
      { word: 'many', count: 1 },
      { word: "tom's", count: 1 },
    ]);
    expect(coverageOf(list.pairs, sentences, 1).uncovered).toEqual([{ word: 'tom', count: 2 }]);
  });

  it('covers exactly what code-switching replaces', () => {
    const switcher = createSwitcher([{ list, weight: 1 }], {
      sentenceRatio: 1,
      tokenRatio: [1, 1],
      polysemy: 'first',
      seed: 0,
    });
    const replaced = sentences
      .flatMap((sentence) => switcher.switch(sentence, () => 0).pieces)
      .flatMap(({ english }) => english?.split(' ') ?? []);
    expect(coverageOf(list.pairs, sentences).tokens.covered).toBe(replaced.length);
  });

  it('is zero without words', () => {
    const none = { total: 0, covered: 0, share: 0 };
    expect(coverageOf(list.pairs, ['12 + <n0>'])).toEqual({
      tokens: none,
      types: none,
      uncovered: [],
    });
  });
});
