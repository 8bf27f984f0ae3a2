// Text to rows of cells: MUSE lines, TSV and CSV with any usual delimiter, JSON. What the cells mean is
// decided elsewhere (columns.ts).
import Papa from 'papaparse';
import { LexiconError } from './errors.ts';

/** One line of a file, or one entry of a JSON file. */
export interface Row {
  /** From 1. */
  line: number;
  cells: string[];
}

/**
 * Cuts a text into rows. JSON is recognised by its first character, delimiters by what most lines have; a
 * line without delimiter is cut at its first run of spaces, as in MUSE.
 * @throws LexiconError `malformed` for JSON that cannot be read
 */
export function readRows(name: string, text: string): Row[] {
  const start = text.trimStart()[0];
  if (start === '[' || start === '{') return readJson(name, text);
  const delimiter = delimiterOf(text);
  return delimiter === null ? readMuse(text) : readDelimited(text, delimiter);
}

const candidates = ['\t', ';', ',', '|'] as const;
const sampleLines = 60;

/** The delimiter that most of the first lines have; `null` for spaces, which come before commas. */
function delimiterOf(text: string): string | null {
  const lines = firstLines(text);
  const share = (matches: (line: string) => boolean) =>
    lines.filter(matches).length / Math.max(1, lines.length);
  if (share((line) => line.includes('\t')) >= 0.6) return '\t';
  if (share((line) => line.trim().split(/\s+/).length === 2) >= 0.9) return null;
  return candidates.find((one) => share((line) => line.includes(one)) >= 0.6) ?? null;
}

function firstLines(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < sampleLines;) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end === -1 ? text.length : end).trim();
    if (line !== '' && !line.startsWith('#')) lines.push(line);
    at = end === -1 ? text.length : end + 1;
  }
  return lines;
}

function readMuse(text: string): Row[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const cells = line.includes('\t') ? line.split('\t') : splitAtSpaces(line.trim());
    return [{ line: index + 1, cells: cells.map((cell) => cell.trim()) }];
  });
}

/** `kununua to buy` is a word and its English; the first run of spaces parts them. */
function splitAtSpaces(line: string): string[] {
  const [first = '', ...rest] = line.split(/\s+/);
  return rest.length === 0 ? [first] : [first, rest.join(' ')];
}

function readDelimited(text: string, delimiter: string): Row[] {
  // A quote that is not closed would swallow the rest of a tab-separated list; there quotes are letters.
  const quoteChar = delimiter === '\t' ? '\0' : '"';
  const rows: Row[] = [];
  let line = 1;
  let cursor = 0;
  Papa.parse<string[]>(text, {
    delimiter,
    quoteChar,
    step: ({ data, meta }) => {
      const cells = data.map((cell) => cell.trim());
      if (cells.some((cell) => cell !== '')) rows.push({ line, cells });
      // Quoted cells may hold line breaks, so lines are counted in what was consumed.
      for (; cursor < meta.cursor; cursor++) if (text[cursor] === '\n') line++;
    },
  });
  return rows;
}

function readJson(name: string, text: string): Row[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return readJsonLines(name, text, cause);
  }
  const entries: unknown[] = Array.isArray(value) ? value : Object.entries(value as object);
  return entries.flatMap((entry, index) =>
    cellsOf(entry).map((cells) => ({ line: index + 1, cells })),
  );
}

function readJsonLines(name: string, text: string, cause: unknown): Row[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return cellsOf(JSON.parse(line)).map((cells) => ({ line: index + 1, cells }));
    } catch {
      throw new LexiconError(
        'malformed',
        `${name} begins like JSON, but line ${index + 1} cannot be read: ${String(cause instanceof Error ? cause.message : cause)}`,
        { cause },
      );
    }
  });
}

/**
 * The rows of one JSON entry: `["nyumba", "house"]`, `{"sw": "nyumba", "en": "house"}`, or a word with a
 * list of translations (a row each).
 */
function cellsOf(entry: unknown): string[][] {
  if (typeof entry !== 'object' || entry === null) return [[String(entry)]];
  const cells: unknown[] = Object.values(entry);
  const several = cells.findIndex(Array.isArray);
  if (several === -1) return [cells.map(asText)];
  return (cells[several] as unknown[]).map((one) =>
    cells.map((cell, index) => asText(index === several ? one : cell)),
  );
}

function asText(value: unknown): string {
  return typeof value === 'string'
    ? value.trim()
    : value === null || value === undefined
      ? ''
      : JSON.stringify(value);
}
