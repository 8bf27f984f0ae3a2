// Code-switching: the cut into tokens and the switched text as training/corpus/lexicon.py has them, and what
// must hold for every draw.
//
// The goldens were written from the root of the repository by
//   cd training && python - <<'E'
//   import json
//   from random import Random
//   from corpus.lexicon import code_switch, parse_lexicon, tokens
//   class Always(Random):  # Every draw is the same one.
//       def __init__(self, draw): super().__init__(); self.random = lambda: draw
//   path = "../tests/fixtures/lexicon/code-switch.json"
//   cases = json.load(open(path))
//   for case in cases:
//       lexicon = parse_lexicon(f"{p['foreign']}\t{p['english']}" for p in case["pairs"])
//       for text in case["texts"]:
//           text["tokens"] = tokens(text["english"])
//           text["closed"] = code_switch(text["english"], lexicon, 1.0, Always(0.0))
//           text["apart"] = code_switch(text["english"], lexicon, 1.0, Always(0.9))
//   json.dump(cases, open(path, "w"), ensure_ascii=False, indent=1)
//   E
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  createSwitcher,
  type CodeSwitchSettings,
  type Polysemy,
} from '../../../src/lexicon/codeSwitch.ts';
import { LexiconError } from '../../../src/lexicon/errors.ts';
import { splitTokens } from '../../../src/lexicon/tokens.ts';
import type { WordPair } from '../../../src/lexicon/types.ts';
import { listOf, seeded } from './support.ts';

interface Golden {
  language: string;
  pairs: WordPair[];
  texts: { english: string; tokens: string[]; closed: string; apart: string }[];
}
const goldens = JSON.parse(
  readFileSync(new URL('../../fixtures/lexicon/code-switch.json', import.meta.url), 'utf8'),
) as Golden[];
const texts = goldens.flatMap((golden) => golden.texts.map((text) => ({ ...golden, ...text })));

const always: CodeSwitchSettings = {
  sentenceRatio: 1,
  tokenRatio: [1, 1],
  polysemy: 'first',
  seed: 0,
};
const spanish = listOf('es', {
  manzanas: 'apples',
  peras: 'pears',
  tiene: 'has',
  cuántas: 'how many',
  cómo: 'how',
  y: 'and',
});
const swahili = listOf('sw', { matofaa: 'apples', ana: 'has', ngapi: 'how many', na: 'and' });
const sentence = "Tom's box has <n0> apples and 1,250.5 pears: how many (in 2024)?";

/** Switches one sentence with every draw at `draw`. */
function switchWith(list: ReturnType<typeof listOf>, english: string, draw = 0): string {
  return createSwitcher([{ list, weight: 1 }], always).switch(english, () => draw).text;
}

function countOf<T>(items: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

describe('splitTokens', () => {
  it.each(texts)('cuts as Python does: $english', ({ english, tokens }) => {
    expect(splitTokens(english)).toEqual(tokens);
  });

  it('keeps the marks of scripts that Python has no range for, and no digit of any', () => {
    expect(splitTokens('שָׁלוֹם')).toEqual(['שָׁלוֹם']);
    expect(splitTokens('ក្រុម')).toEqual(['ក្រុម']);
    expect(splitTokens('টি৫')).toEqual(['টি', '৫']);
  });

  it('loses nothing', () => {
    const text = "  «Ça»… 𠮷🙂’s - it's-'x' <n0><r12> <n> \r\n१२\u0301";
    expect(splitTokens(text).join('')).toBe(text);
  });
});

describe('a switched text', () => {
  it.each(texts)('in $language is the one of Python: $english', (golden) => {
    const list = { id: '', name: '', language: golden.language, pairs: golden.pairs };
    expect(switchWith(list, golden.english, 0)).toBe(golden.closed);
    expect(switchWith(list, golden.english, 0.9)).toBe(golden.apart);
  });

  it('says what every foreign stretch stands for, and is the sum of its pieces', () => {
    const switcher = createSwitcher([{ list: spanish, weight: 1 }], always);
    expect(switcher.switch('Apples: how many?', () => 0)).toEqual({
      text: 'Manzanas: cuántas?',
      language: 'es',
      pieces: [
        { text: 'Manzanas', english: 'Apples' },
        { text: ': ', english: null },
        { text: 'cuántas', english: 'how many' },
        { text: '?', english: null },
      ],
    });
    for (const { english, pairs } of texts) {
      const list = { id: '', name: '', language: 'zh', pairs };
      const random = seeded(1);
      const found = createSwitcher([{ list, weight: 1 }], always).switch(english, random);
      expect(found.pieces.map(({ text }) => text).join('')).toBe(found.text);
    }
  });

  it('keeps numbers, slots, punctuation and names at every draw', () => {
    const switcher = createSwitcher([{ list: spanish, weight: 1 }], {
      ...always,
      tokenRatio: [0, 1],
    });
    const random = seeded(2);
    const signs = (text: string) => text.replaceAll(/[^<>\d.,:;()?]/g, '');
    for (let time = 0; time < 200; time++) {
      const { text } = switcher.switch(sentence, random);
      expect(signs(text)).toBe(signs(sentence));
      expect(text).toContain("Tom's box ");
      expect(text).toContain('<n0>');
    }
  });

  it('keeps signs and digits that the list translates', () => {
    const list = listOf('ar', { '؟': '?', '٥': '5', كم: 'how many' });
    expect(switchWith(list, 'How many? 5')).toBe('كم? 5');
  });

  it('finds words written with a typographic apostrophe or in decomposed letters', () => {
    const list = listOf('xx', { hapana: "don't", kahawa: 'caf\u00e9' });
    expect(switchWith(list, 'Don’t cafe\u0301')).toBe('Hapana kahawa');
  });

  it('has capitals as the language writes them', () => {
    expect(switchWith(listOf('tr', { indirim: 'discount' }), 'Discount!')).toBe('İndirim!');
    expect(switchWith(listOf('tr-TR', { indirim: 'discount' }), 'Discount!')).toBe('İndirim!');
    expect(switchWith(listOf('el', { έχει: 'has' }), 'Has')).toBe('Έχει');
    expect(switchWith(listOf('ka', { არის: 'is' }), 'Is')).toBe('არის');
  });

  it('has no spaces between words of scripts beyond the reach of Python', () => {
    expect(switchWith(listOf('km', { ប៉ោម: 'apples', មាន: 'has' }), 'Has apples')).toBe('មានប៉ោម');
    expect(switchWith(listOf('zh', { '𠮷': 'lucky', 刘: 'liu' }), 'Lucky Liu')).toBe('𠮷刘');
  });
});

describe('createSwitcher', () => {
  it('leaves everything alone at ratio 0, of sentences or of words', () => {
    const lists = [{ list: spanish, weight: 1 }];
    const unchanged = {
      text: sentence,
      language: null,
      pieces: [{ text: sentence, english: null }],
    };
    const random = seeded(3);
    for (const none of [{ sentenceRatio: 0 }, { tokenRatio: [0, 0] as const }]) {
      const switcher = createSwitcher(lists, { ...always, ...none });
      expect(switcher.switch(sentence, random)).toEqual(unchanged);
    }
    const { switch: switchText } = createSwitcher(lists, always);
    expect(switchText('', random)).toEqual({ text: '', language: null, pieces: [] });
    expect(switchText('苹果 梨', random).text).toBe('苹果 梨');
  });

  it('gives the same texts from the same seed and others from another', () => {
    const switcher = createSwitcher(
      [
        { list: spanish, weight: 1 },
        { list: swahili, weight: 2 },
      ],
      { ...always, sentenceRatio: 0.8, tokenRatio: [0.2, 0.9], polysemy: 'random' },
    );
    const run = (seed: number) => {
      const random = seeded(seed);
      return Array.from({ length: 50 }, () => switcher.switch(sentence, random).text);
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  it.each([
    { tokenRatio: [0.3, 0.3] as const, expected: 0.3 },
    { tokenRatio: [0.4, 1] as const, expected: 0.7 },
  ])('replaces $expected of the known words at ratios $tokenRatio', ({ tokenRatio, expected }) => {
    const switcher = createSwitcher([{ list: spanish, weight: 1 }], { ...always, tokenRatio });
    const random = seeded(4);
    const english = 'has apples and pears, how?';
    let replaced = 0;
    for (let time = 0; time < 2000; time++) {
      replaced += switcher.switch(english, random).pieces.filter((one) => one.english).length;
    }
    expect(replaced / (5 * 2000)).toBeCloseTo(expected, 1.5);
  });

  it('switches the share of sentences that was asked for', () => {
    const switcher = createSwitcher([{ list: spanish, weight: 1 }], {
      ...always,
      sentenceRatio: 0.6,
    });
    const random = seeded(5);
    const switched = Array.from({ length: 2000 }, () => switcher.switch(sentence, random));
    const share = switched.filter(({ language }) => language !== null).length / 2000;
    expect(share).toBeCloseTo(0.6, 1.5);
  });

  it('draws one list per sentence, by weight', () => {
    const switcher = createSwitcher(
      [
        { list: spanish, weight: 3 },
        { list: listOf('fr', { pommes: 'apples' }), weight: 0 },
        { list: swahili, weight: 1 },
      ],
      always,
    );
    const random = seeded(6);
    const languages = Array.from({ length: 2000 }, () => {
      const { text, language } = switcher.switch('Apples and apples', random);
      const expected = language === 'es' ? 'Manzanas y manzanas' : 'Matofaa na matofaa';
      expect(text).toBe(expected);
      return language;
    });
    const counts = countOf(languages);
    expect([...counts.keys()].sort()).toEqual(['es', 'sw']);
    expect((counts.get('es') ?? 0) / 2000).toBeCloseTo(0.75, 1.5);
  });

  it('takes the preferred translation, or each of them equally often', () => {
    const list = listOf('sw', { nyumba: 'house', jumba: 'house', kaya: 'house' });
    const drawn = (polysemy: Polysemy) => {
      const switcher = createSwitcher([{ list, weight: 1 }], { ...always, polysemy });
      const random = seeded(9);
      return Array.from({ length: 3000 }, () => switcher.switch('house', random).text);
    };
    expect(new Set(drawn('first'))).toEqual(new Set(['nyumba']));
    const counts = countOf(drawn('random'));
    expect([...counts.keys()].sort()).toEqual(['jumba', 'kaya', 'nyumba']);
    for (const count of counts.values()) expect(count / 3000).toBeCloseTo(1 / 3, 1.5);
  });

  it('names no language where the list has no word of the sentence', () => {
    const switcher = createSwitcher([{ list: swahili, weight: 1 }], always);
    expect(switcher.switch('Nothing here.', () => 0).language).toBeNull();
  });

  it.each([
    [{ sentenceRatio: 1.5 }, /share of sentences .* 1\.5/],
    [{ sentenceRatio: NaN }, /share of sentences .* NaN/],
    [{ tokenRatio: [-0.1, 1] }, /shares of words .* -0\.1 to 1/],
    [{ tokenRatio: [0.9, 0.4] }, /least share of words \(0\.9\) .* \(0\.4\)/],
    [{ polysemy: 'last' }, /first or random, and it is last/],
    [{ seed: 1.5 }, /seed .* 1\.5/],
  ])('refuses the settings %o', (wrong, message) => {
    const settings = { ...always, ...wrong } as CodeSwitchSettings;
    const create = () => createSwitcher([{ list: spanish, weight: 1 }], settings);
    expect(create).toThrow(LexiconError);
    expect(create).toThrow(message);
  });

  it.each([
    [[], /at least one word list/],
    [[{ list: spanish, weight: 0 }], /at least one word list/],
    [[{ list: spanish, weight: -1 }], /weight of es-list .* -1/],
    [[{ list: listOf('sw', {}), weight: 1 }], /sw-list has no words/],
  ])('refuses lists that cannot be drawn (%#)', (lists, message) => {
    expect(() => createSwitcher(lists, always)).toThrow(message);
  });
});
