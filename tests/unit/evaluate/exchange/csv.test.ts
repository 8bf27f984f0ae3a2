// Spreadsheets: what a reader of CSV gets back, and what a spreadsheet must not run.
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { samplesCsv, summaryCsv } from '../../../../src/evaluate/exchange/csv.ts';
import { summarize } from '../../../../src/evaluate/summary.ts';
import type { Sample } from '../../../../src/evaluate/record.ts';
import { samples } from './runs.ts';

const read = (text: string) =>
  Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
const withQuestion = (question: string): Sample[] =>
  samples.slice(0, 1).map((sample) => ({ ...sample, question, expected: '-12.5' }));

describe('samples as CSV', () => {
  const text = samplesCsv(samples);

  test('begin with a byte order mark, so that spreadsheets read them as UTF-8', () => {
    expect(text.startsWith('\uFEFFindex,id,language,route,question,expected,output,')).toBe(true);
  });

  test('give back every item with its question, line breaks, quotes and scripts as they were', () => {
    const rows = read(text);
    expect(rows).toHaveLength(samples.length);
    const plain = samples.filter(({ question }) => !question.startsWith('='));
    expect(plain.length).toBe(10);
    for (const { index, question, text: output, lang, route, correct } of plain) {
      expect(rows[index]).toMatchObject({
        question,
        output,
        language: lang,
        route,
        'correct strict': String(correct.strict),
        'correct last-number': String(correct['last-number']),
      });
    }
  });

  test('leave empty what there is not', () => {
    const tooLong = read(text).find(({ error }) => error !== '');
    expect(tooLong).toMatchObject({
      output: '',
      stop: '',
      'decode ms': '',
      'extracted strict': '',
    });
  });

  test.each(['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '-x'])(
    'make text of a question that a spreadsheet would run: %j',
    (question) => {
      expect(read(samplesCsv(withQuestion(question)))[0]?.['question']).toBe(`'${question}`);
    },
  );

  test('leave negative numbers as they are', () => {
    expect(read(samplesCsv(withQuestion('x')))[0]?.['expected']).toBe('-12.5');
  });
});

describe('a summary as CSV', () => {
  const rows = read(summaryCsv(summarize(samples)));

  test('has a row for each route, language or group, and extractor', () => {
    // Two routes; two languages, all, high-resource (Arabic) and low-resource; three extractors.
    expect(rows).toHaveLength(2 * 5 * 3);
  });

  test('has counts and the interval of each', () => {
    const row = rows.find(
      (one) =>
        one['route'] === 'direct' && one['language'] === 'bn' && one['extractor'] === 'flexible',
    );
    expect(row).toMatchObject({ items: '3', correct: '2', missing: '1', group: '' });
    expect(Number(row?.['accuracy'])).toBeCloseTo(2 / 3, 12);
    // python3: (p + z*z/2/n -+ z*sqrt(p*(1-p)/n + z*z/4/n/n)) / (1 + z*z/n), n = 3, p = 2/3
    expect(Number(row?.['low'])).toBeCloseTo(0.2076596, 6);
    expect(Number(row?.['high'])).toBeCloseTo(0.9385081, 6);
  });
});
