// Samples and summaries for spreadsheets: comma-separated (RFC 4180), UTF-8 with a byte order mark, without which
// Excel takes the text for Latin-1.
import Papa from 'papaparse';
import { extractors, type Sample } from '../record.ts';
import type { Summary } from '../summary.ts';
import { scoreRows } from './scores.ts';

type Cell = string | number | boolean | null;

/**
 * Cells that a spreadsheet would run as a formula when the file is opened (OWASP, "CSV Injection"); an apostrophe
 * in front makes them text. Negative numbers are left as they are.
 */
const formula = /^(?!-\d[\d.,]*$)[=+\-@\t\r\n＝＋－＠]/;

export function samplesCsv(samples: readonly Sample[]): string {
  return toCsv(samples.map(sampleRow));
}

/** One row for each route, language or group, and extractor. Shares lie between 0 and 1, intervals are of 95 %. */
export function summaryCsv(summary: Summary): string {
  const rows = scoreRows(summary).map((row): Record<string, Cell> => {
    return {
      route: row.route,
      language: row.kind === 'language' ? row.of : null,
      group: row.kind === 'group' ? row.of : null,
      extractor: row.extractor,
      items: row.n,
      correct: row.correct,
      missing: row.missing,
      accuracy: row.accuracy,
      low: row.low,
      high: row.high,
    };
  });
  return toCsv(rows);
}

function sampleRow(sample: Sample): Record<string, Cell> {
  const { timings } = sample;
  return {
    index: sample.index,
    id: sample.id,
    language: sample.lang,
    route: sample.route,
    question: sample.question,
    expected: sample.expected,
    output: sample.text,
    ...Object.fromEntries(extractors.map((one) => [`extracted ${one}`, sample.extracted[one]])),
    ...Object.fromEntries(extractors.map((one) => [`correct ${one}`, sample.correct[one]])),
    stop: sample.stop,
    tokens: sample.tokens,
    'prompt tokens': sample.promptTokens,
    'soft prompt length': sample.softPromptLength,
    'encode ms': timings?.encodeMs ?? null,
    'align ms': timings?.alignMs ?? null,
    'prefill ms': timings?.prefillMs ?? null,
    'decode ms': timings?.decodeMs ?? null,
    error: sample.error,
  };
}

/** Rows of the same columns. */
function toCsv(rows: readonly Record<string, Cell>[]): string {
  return `\uFEFF${Papa.unparse([...rows], { escapeFormulae: formula })}\r\n`;
}
