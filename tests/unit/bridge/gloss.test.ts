// The word-by-word translation of the gloss route.
import { describe, expect, it } from 'vitest';
import { createGlosser } from '../../../src/bridge/gloss.ts';
import { parseLexicon } from '../../../src/lexicon/lexicon.ts';

const glossText = createGlosser(
  new Map(
    Object.entries({
      sw: 'ana has\nana have\nmaembe mangoes\nna and\nmachungwa oranges\njumla total\nni is',
      es: 'tiene has\nmangos mangoes\ny and\nnaranjas oranges\ncuántas how many\nana anna',
      zh: '苹果 apples\n个 pieces\n有 has\n小明 Ming\n小 small\n和 and',
    }).map(([code, text]) => [code, parseLexicon(text)]),
  ),
);

describe('createGlosser', () => {
  it('replaces known words and leaves slots, punctuation and the unknown', () => {
    expect(glossText('Juma ana maembe <n0> na machungwa <n1>.')).toEqual({
      text: 'Juma has mangoes <n0> and oranges <n1>.',
      language: 'sw',
    });
  });

  it('takes the language that covers most letters, not the first that knows a word', () => {
    const { text, language } = glossText('¿Cuántas naranjas tiene Ana?');
    expect(language).toBe('es');
    expect(text).toBe('how many oranges has anna?');
  });

  it('cuts scripts without spaces into the longest known words', () => {
    expect(glossText('小明有<n0>个苹果。')).toEqual({
      text: 'Ming has <n0> pieces apples.',
      language: 'zh',
    });
  });

  it('sets a word apart from the number that it is written onto', () => {
    const gloss = createGlosser(new Map([['am', parseLexicon('በ for\nብር birr\nገዛ bought')]]));
    expect(gloss('በ<n0> ብር ገዛ፡፡').text).toBe('for <n0> birr bought.');
    expect(gloss('በ85 ብር ገዛ።').text).toBe('for 85 birr bought.');
  });

  it('keeps unknown runs of such a script together', () => {
    expect(glossText('老师有苹果').text).toBe('老师 has apples');
  });

  it('reads a hyphenated sense as two words', () => {
    const glosser = createGlosser(new Map([['tr', parseLexicon('kaç how-many\nelma apples')]]));
    expect(glosser('Kaç elma?').text).toBe('how many apples?');
  });

  it('leaves English alone, and text that no lexicon knows', () => {
    const english = 'Ann has mangoes and oranges.';
    expect(glossText(english)).toEqual({ text: english, language: null });
    expect(glossText('Колко ябълки?')).toEqual({ text: 'Колко ябълки?', language: null });
    expect(glossText('<n0> + <n1>').language).toBeNull();
  });
});
