// The three rules that take the answer out of a text.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../src/evaluate/compare.ts';
import { extract, score } from '../../../src/evaluate/extract.ts';

/** What a rule takes of a text. */
const strict = (text: string, lang = 'en') => extract(text, lang).strict;

describe('strict', () => {
  it.each([
    ['en', 'So there are 5 + 6 = 11 balls. The answer is 11.', '11'],
    ['en', 'So the answer is: **$1,250.50**', '$1250.50'],
    ['es', 'Le quedan 3 + 2 = 5. La respuesta es 5.', '5'],
    ['fr', 'La réponse est 20 000 dollars', '20000'],
    ['fr', 'La re\u0301ponse est -2,5.', '-2.5'],
    ['de', 'Die Antwort lautet 1.500.', '1500'],
    ['de', 'Die Antwort ist 1.500,75 Euro', '1500.75'],
    ['ru', 'Ответ — 12,5', '12.5'],
    ['ru', 'Ответ: -3', '-3'],
    ['ru', 'Ответ - 3', '3'],
    ['zh', '答案是 11。', '11'],
    ['ja', '答えは１１個です。', '11'],
    ['ja', '答えは１，２３４．５です', '1234.5'],
    ['th', 'คำตอบคือ ๑๒', '12'],
    ['sw', 'Jibu ni 1,500.', '1500'],
    ['bn', 'উত্তর হল ১২,৩৪,৫৬৭।', '1234567'],
    ['te', 'సమాధానం ౨౯.', '29'],
    ['ar', 'الإجابة هي ١٬٥٠٠٫٢٥', '1500.25'],
  ])('takes the number after the answer prefix in %s: %s', (lang, text, answer) => {
    expect(strict(text, lang)).toBe(answer);
  });

  it('takes what stands after #### before any prefix, written as in English', () => {
    expect(strict('The answer is 3.\n#### 1.125', 'de')).toBe('1.125');
    expect(strict('#### 18 apples\nThe answer is 3.')).toBe('18 apples');
  });

  it('takes the English prefix for questions in other languages, and no third language', () => {
    expect(strict('The answer is 29.', 'sw')).toBe('29');
    expect(strict('La respuesta es 29.', 'sw')).toBeNull();
  });

  it('takes the first prefix that has a number right behind it', () => {
    expect(strict('The answer is not 3. The answer is 4. The answer is 5.')).toBe('4');
    expect(strict('The answer is what is left of 12.')).toBeNull();
  });

  it('reads region tags and three-letter codes', () => {
    expect(strict('Jibu ni 11.', 'swa')).toBe('11');
    expect(strict('La respuesta es 11.', 'es-MX')).toBe('11');
  });
});

// Made with the harness's filter, RegexFilter("(-?[$0-9.,]{2,})|(-?[0-9]+)", -1) in lm_eval/filters/extraction.py,
// followed by re.sub of gsm8k's regexes_to_ignore (",", "\$", "(?s).*#### ", "\.$"), and LangBridge's _extract_answer
// (evaluation-harness/lm_eval/tasks/mgsm.py), in Python 3.11.
const published: [text: string, harness: string | null, langBridge: string | null][] = [
  ['So there are 5 + 6 = 11 balls. The answer is 11.', '11', '11'],
  ['He earns $1,250.50 a year.', '1250.50', '1250.50'],
  ['left: <<17-2=15>> apples\n#### 15', '15', '15'],
  ['It costs $3. That is all...', '..', '3'],
  ['Twenty minus 3 is 17, I think', '17', '17'],
  ['No numbers here', null, null],
  ['20-5', '-5', '5'],
  ['It is 1/2 of 30, and so on', '30', '30'],
  ['Half of 7 is 3.5 kg', '3.5', '3.5'],
  ['in all: <<12+5=17>>', '17', '17'],
  ['I have 9', '9', '9'],
];

describe('flexible', () => {
  it.each(published)('takes of %j what the harness takes', (text, harness) => {
    // The harness's ".." is no number either.
    expect(extract(text, 'en').flexible).toBe(harness === '..' ? null : harness);
  });
});

describe('last-number', () => {
  it.each(published)('takes of %j what LangBridge takes', (text, _harness, langBridge) => {
    expect(extract(text, 'en')['last-number']).toBe(langBridge);
  });

  it('keeps the sign, which LangBridge drops, but not that of a subtraction', () => {
    const last = (text: string) => extract(text, 'en')['last-number'];
    expect(last('It is -5.')).toBe('-5');
    expect(last('It is −$5.')).toBe('-5');
    expect(last('She has (3+4)-5')).toBe('5');
  });
});

describe('extract', () => {
  it('reads native digits for all three', () => {
    const taken = extract('১২ থেকে ৫ বাদ দিলে হয় ৭', 'bn');
    expect(taken).toEqual({ strict: null, flexible: '7', 'last-number': '7' });
  });

  it('reads a point before three digits as the language does', () => {
    expect(extract('also 1.500', 'de').flexible).toBe('1500');
    expect(extract('so 1.500', 'en').flexible).toBe('1.500');
    expect(extract('so 1,500', 'en').flexible).toBe('1500');
  });

  it('does not take an operand of a calculation that was cut off', () => {
    for (const end of ['<<12-5', '<<12-5=', '<<12-5=7', '<<12-5=7>']) {
      const taken = extract(`There are 12 apples. left: ${end}`, 'en');
      expect(taken).toEqual({ strict: null, flexible: '12', 'last-number': '12' });
    }
  });

  it('finds nothing in an empty text', () => {
    expect(extract('', 'en')).toEqual({ strict: null, flexible: null, 'last-number': null });
  });
});

describe('score', () => {
  it('shows where the rules disagree', () => {
    const expected = readAnswer('8.0', 'en');
    if (expected === null) throw new Error('8.0 is a number');
    expect(score('The answer is 8, not 9.', 'en', expected)).toEqual({
      extracted: { strict: '8', flexible: '9', 'last-number': '9' },
      correct: { strict: true, flexible: false, 'last-number': false },
    });
  });

  it('takes three decimals of the calculator for decimals, whatever the language of the question', () => {
    const text = 'kilograms: <<9/8=1.125>>\n#### 1.125';
    const verdicts = ['9/8', '1.125', '1125'].map((written) => {
      const expected = readAnswer(written, 'en');
      if (expected === null) throw new Error(`${written} is a number`);
      return Object.values(score(text, 'de', expected).correct);
    });
    expect(verdicts).toEqual([Array(3).fill(true), Array(3).fill(true), Array(3).fill(false)]);
  });

  it('calls an answer that is not there wrong', () => {
    const expected = readAnswer('0', 'en');
    if (expected === null) throw new Error('0 is a number');
    const { correct } = score('I do not know.', 'en', expected);
    expect(correct).toEqual({ strict: false, flexible: false, 'last-number': false });
  });
});

interface Exemplars {
  answers: number[];
  exemplars: Record<string, Record<string, { a: string }>>;
}
const exemplarsFile = new URL(
  '../../../../shared/data/mgsm/derived/exemplars.json',
  import.meta.url,
);

describe.skipIf(!existsSync(exemplarsFile))("the worked examples of MGSM's authors", () => {
  it('give their answers by the strict rule in all eleven languages', () => {
    const { answers, exemplars } = JSON.parse(readFileSync(exemplarsFile, 'utf8')) as Exemplars;
    expect(Object.keys(exemplars)).toHaveLength(11);
    for (const [lang, examples] of Object.entries(exemplars)) {
      const taken = Object.values(examples).map(({ a }) => strict(a, lang));
      expect(taken, lang).toEqual(answers.map(String));
    }
  });
});
