// The report: whole, closed in itself, and safe whatever questions and outputs say.
import { describe, expect, test } from 'vitest';
import { html, Html } from '../../../../src/evaluate/exchange/html.ts';
import { writeReport } from '../../../../src/evaluate/exchange/report.ts';
import { accuracyChart } from '../../../../src/evaluate/exchange/reportChart.ts';
import { scoreRows } from '../../../../src/evaluate/exchange/scores.ts';
import { summarize } from '../../../../src/evaluate/summary.ts';
import { record, samples } from './runs.ts';

const summary = summarize(samples);
const report = writeReport(record, samples, summary);
const count = (text: string, part: string) => text.split(part).length - 1;

describe('a template', () => {
  test('escapes texts in elements and attributes, lists too, but not markup of its own', () => {
    const hostile = `"><b a='&'>`;
    const safe = '&quot;&gt;&lt;b a=&#39;&amp;&#39;&gt;';
    expect(html`<i title="${hostile}">${[hostile, html`<u>${1}</u>`]}</i>`.markup).toBe(
      `<i title="${safe}">${safe}<u>1</u></i>`,
    );
    expect(html`${new Html('<br>')}${'a\0b'}`.markup).toBe('<br>a\uFFFDb');
  });
});

describe('a report', () => {
  test('runs nothing, whatever a question says', () => {
    expect(samples.some(({ question }) => question.includes('<script>'))).toBe(true);
    expect(report).not.toMatch(/<script/i);
    expect(report).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;');
  });

  test('escapes whatever else comes from outside', () => {
    const evil = '<img src=x onerror=alert(1)>';
    const hostile = writeReport(
      {
        ...record,
        name: evil,
        reason: evil,
        config: { ...record.config, dataset: evil, languages: [evil] },
        data: { ...record.data, name: evil, licence: evil, sources: [evil], sha256: evil },
        models: {
          ...record.models,
          bundle: evil,
          replacement: { name: evil, sha256: evil },
          versions: { [evil]: evil },
        },
      },
      samples.map((sample) => ({
        ...sample,
        ...{ id: evil, lang: evil, expected: evil, text: evil },
        extracted: { strict: evil, flexible: evil, 'last-number': evil },
      })),
      summarize(samples.map((sample) => ({ ...sample, lang: evil }))),
    );
    expect(hostile).not.toContain('<img');
    expect(count(hostile, '&lt;img')).toBeGreaterThan(60);
  });

  test('needs no other file and no network', () => {
    expect(report).toContain(
      'content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"',
    );
    expect(report).not.toMatch(/\s(?:src|href|srcset|on\w+)=|@import|url\(/);
  });

  test('has every item once, its texts in their own direction', () => {
    for (const { id } of samples) expect(report).toContain(`<th scope="row">${id}</th>`);
    expect(count(report, '<summary lang=')).toBe(samples.length);
    expect(report).toContain(
      '<p class="output" lang="ar" dir="auto">اشترت أم سعيد ٣ كيلوغرامات</p>',
    );
    expect(report).toContain('The question is too long for the models.');
  });

  test('has scores with intervals for languages and groups, as the summary has them', () => {
    // Wilson's interval of 2 of 3, in csv.test.ts by Python: 0.2077 to 0.9385.
    expect(report).toContain('66.7%\n<span class="quiet">20.8% to 93.9%, 2/3</span>');
    for (const title of ['Bangla', 'Arabic', 'Average: all', 'Average: low-resource']) {
      expect(report).toContain(`<th scope="row">${title}</th>`);
    }
  });

  test('says what was asked of which models', () => {
    for (const fact of ['a'.repeat(64), 'b'.repeat(64), 'CC BY 4.0', '3, seed 7', '4 threads']) {
      expect(report).toContain(fact);
    }
  });
});

describe('the chart', () => {
  const rows = scoreRows(summary).filter(
    ({ kind, extractor }) => kind === 'language' && extractor === 'flexible',
  );
  const chart = accuracyChart(rows, 'Accuracy').markup;

  test('draws each score where it is on the scale from 150 to 696 pixels', () => {
    const places = [...chart.matchAll(/translate\((\d+(?:\.\d+)?) (\d+)\)/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    // Two marks of the legend; then Bangla and Arabic, direct and lingualift: 2/3, 2/3, 0, 1.
    expect(places.slice(2).sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0))).toEqual([
      [514, 42],
      [514, 58],
      [150, 86],
      [696, 102],
    ]);
  });

  test('draws intervals from end to end', () => {
    // 150 + 546 * 0.2076596 and 150 + 546 * 0.938508.
    expect(chart).toContain('x1="263.4" x2="662.4" y1="42" y2="42"');
  });

  test('says every score in words', () => {
    expect(chart).toContain('<title>Bangla, direct: 66.7% (20.8% to 93.9%)</title>');
    expect(count(chart, '<title>')).toBe(4);
  });
});
