// Rows to problems: the quirks of public files, each on a few lines of its own.
import { describe, expect, it } from 'vitest';
import { readProblems, readMapped, tagOf } from '../../../../src/evaluate/datasets/mapping.ts';
import { readExpected } from '../../../../src/evaluate/datasets/answer.ts';
import { datasetById, type DatasetInfo } from '../../../../src/evaluate/datasets/table.ts';
import type { FileForm } from '../../../../src/evaluate/datasets/rows.ts';

function setOf(id: string): DatasetInfo {
  const set = datasetById(id);
  if (set === null) throw new Error(`no data set ${id}`);
  return set;
}
const { format: mgsm } = setOf('mgsm');
const { format: msvamp } = setOf('msvamp');

const table = (form: FileForm, text: string) =>
  readMapped(text, {
    ...{ form, question: 'question', answer: 'answer' },
    ...{ id: { prefix: 'own' }, language: { tag: 'en' } },
  });

describe('answers', () => {
  it.each([
    ['42', 42],
    ['8.0', 8],
    ['2,125', 2125],
    ['১২', 12],
    ['$1,200.50', 1200.5],
    ['-5', -5],
    ['3/4', 0.75],
    ['She has 3 + 4 = <<3+4=7>>7 eggs.\n#### 7', 7],
    ['#### 10,000', 10000],
    ['First 3, then 4. The answer is 7.', 7],
    ['The answer is: −2', -2],
    ['Not #### 3 but #### 4', 4],
  ])('%j is %d', (written, value) => {
    const answer = readExpected(written, 'en');
    if (typeof answer === 'string') throw new Error(answer);
    expect(Number(answer.value.numerator) / Number(answer.value.denominator)).toBe(value);
  });

  it.each(['twelve', '', '3 apples and 4 pears', '#### none'])('%j is none', (written) => {
    expect(readExpected(written, 'en')).toBeTypeOf('string');
  });

  it('keep only what is behind the mark as their text', () => {
    expect(readExpected('3 + 4 = 7\n#### 7', 'en')).toMatchObject({ text: '7' });
  });
});

describe('MGSM lines', () => {
  it('have no header, and quotation marks that mean nothing', () => {
    const text = '"One", he said. "How many?\t1\r\nTwo" it is?\t2,125\r\n';
    const { problems, malformed } = readProblems(text, mgsm, 'en');
    expect(
      problems.map(({ id, lang, question, answer }) => [id, lang, question, answer.text]),
    ).toEqual([
      ['mgsm-1', 'en', '"One", he said. "How many?', '1'],
      ['mgsm-2', 'en', 'Two" it is?', '2,125'],
    ]);
    expect(malformed).toEqual([]);
  });

  it('that are malformed are listed, and the others keep their ids', () => {
    const text = 'A?\t1\nB?\n\t3\nD?\tfour\nE?\t5\textra\nF?\t6';
    const { problems, malformed } = readProblems(text, mgsm, 'sw');
    expect(problems.map(({ id }) => id)).toEqual(['mgsm-1', 'mgsm-6']);
    expect(malformed).toEqual([
      { line: 2, reason: 'column 2: it is missing' },
      { line: 3, reason: 'column 1: it is empty' },
      { line: 4, reason: 'column 2: "four" holds no number' },
      { line: 5, reason: 'it has 3 columns instead of 2' },
    ]);
  });

  it('become NFC: Bengali ya with a dot is written with two characters', () => {
    const { problems } = readProblems('\uFEFFক\u09DFটি?\t1', mgsm, 'bn');
    expect(problems[0]?.question).toBe('ক\u09AF\u09BCটি?');
  });
});

describe('MSVAMP lines', () => {
  it('need no query, and their answers are written 8.0', () => {
    const text = [
      '{"m_query": "How many?", "equation": "- number0 number1", "response": "8.0"}',
      '{"query": "how many", "equation": "", "response": "1.0", "m_query": "১৮ জন?"}',
      '{"query": "how many", "response": "1.0"}',
      '{"m_query": "cut off',
    ].join('\n');
    const { problems, malformed } = readProblems(text, msvamp, 'bn');
    expect(problems.map(({ id, question }) => [id, question])).toEqual([
      ['msvamp-1', 'How many?'],
      ['msvamp-2', '১৮ জন?'],
    ]);
    expect(problems[0]?.answer.value).toEqual({ numerator: 8n, denominator: 1n });
    expect(malformed).toEqual([
      { line: 3, reason: 'm_query: it is missing' },
      { line: 4, reason: 'it is no JSON' },
    ]);
  });
});

describe('tables', () => {
  const commas: FileForm = { kind: 'commas', header: true, delimiter: ',' };

  it('count lines through quoted line breaks', () => {
    const text = 'question,answer\n"Two\nlines, ""quoted""?",2\nBad?,none\nGood?,"2,125"\n';
    const { problems, malformed } = table(commas, text);
    expect(problems.map(({ question }) => question)).toEqual(['Two\nlines, "quoted"?', 'Good?']);
    expect(malformed.map(({ line }) => line)).toEqual([4]);
  });

  it('lose only the row whose quotes are wrong', () => {
    const text = 'question,answer\nA?,1\n"B?,2\nC?,3\n"D"?,4\nE?,5\n';
    const { problems, malformed } = table(commas, text);
    expect(problems.map(({ id, question }) => [id, question])).toEqual([
      ['own-1', 'A?'],
      ['own-3', 'C?'],
      ['own-5', 'E?'],
    ]);
    expect(malformed.map(({ line }) => line)).toEqual([3, 5]);
    expect(malformed[0]?.reason).toMatch(/quotation marks/);
  });

  it('with tabs may come from a spreadsheet, which puts whole cells in quotes', () => {
    const text = 'question\tanswer\n"""Why?"" he asked. 2 or 3?"\t2';
    expect(table({ kind: 'tabs', header: true }, text).problems[0]?.question).toBe(
      '"Why?" he asked. 2 or 3?',
    );
  });

  it('with a language column hold several languages, by tag or name', () => {
    const text =
      'lang,no,question,answer\nswa,1,Ngapi?,1\nSwahili,2,Ngapi?,2\nen,1,How many?,1\n,3,?,4';
    const { problems, malformed } = readMapped(text, {
      ...{ form: commas, question: 'question', answer: 'answer' },
      ...{ id: { column: 'no' }, language: { column: 'lang' } },
    });
    expect(problems.map(({ lang, id }) => [lang, id])).toEqual([
      ['sw', '1'],
      ['sw', '2'],
      ['en', '1'],
    ]);
    expect(malformed).toEqual([{ line: 5, reason: 'lang: it is empty' }]);
  });

  it('mean by a point before three digits what the language means, except in numbers of JSON', () => {
    const lines = ['"1.125"', '1.125'].map((answer) => `{"q": "?", "a": ${answer}}`).join('\n');
    const format = {
      form: { kind: 'json-lines' },
      ...{ question: 'q', answer: 'a', id: { prefix: 'p' } },
    } as const;
    const valuesIn = (lang: string) =>
      readProblems(lines, format, lang).problems.map(
        ({ answer: { value } }) => Number(value.numerator) / Number(value.denominator),
      );
    expect(valuesIn('de')).toEqual([1125, 1.125]);
    expect(valuesIn('sw')).toEqual([1.125, 1.125]);
  });

  it('name the line of the first problem that has the same id', () => {
    const text = 'no,question,answer\n7,A?,1\n7,B?,2';
    const { problems, malformed } = readMapped(text, {
      ...{ form: commas, question: 'question', answer: 'answer' },
      ...{ id: { column: 'no' }, language: { tag: 'en' } },
    });
    expect(problems).toHaveLength(1);
    expect(malformed).toEqual([{ line: 3, reason: 'the id 7 is taken by line 2' }]);
  });
});

describe('JSON', () => {
  it('may be a list, or an object around one', () => {
    const entries = '[{"question": "A?", "answer": 1}, {"question": ["B?"], "answer": 2}, 3]';
    for (const text of [entries, `{"version": 1, "data": ${entries}}`]) {
      const { problems, malformed } = table({ kind: 'json' }, text);
      expect(problems.map(({ id }) => id)).toEqual(['own-1']);
      expect(malformed).toEqual([
        { line: 2, reason: 'question: it is neither text nor number' },
        { line: 3, reason: 'it is no JSON object' },
      ]);
    }
  });
});

describe('tags of languages', () => {
  it.each([
    ['sw', 'sw'],
    ['swa', 'sw'],
    ['pt-BR', 'pt'],
    ['ben_Beng', 'bn'],
    ['Yoruba', 'yo'],
    ['Bengali', 'bn'],
    ['English', 'en'],
  ])('%s is %s', (written, tag) => expect(tagOf(written)).toBe(tag));
});
