// Which columns of a table are the two sides of a word list, and whether its first row is a header.
import { englishness } from './english.ts';
import { fromName } from './language.ts';
import type { Row } from './rows.ts';

export interface Columns {
  /** Places in a row. */
  foreign: number;
  english: number;
  /** Whether the first row names the columns. */
  header: boolean;
  /** The language that the header names, or `null`. */
  language: string | null;
}

const sides = new Map([
  ['english', 'english'],
  ['en', 'english'],
  ['eng', 'english'],
  ['translation', 'english'],
  ['gloss', 'english'],
  ['meaning', 'english'],
  ['target', 'english'],
  ['definition', 'english'],
  ['foreign', 'foreign'],
  ['source', 'foreign'],
  ['word', 'foreign'],
  ['headword', 'foreign'],
  ['term', 'foreign'],
  ['lemma', 'foreign'],
]);

/** Finds the two sides; the more English column is the English one unless a header says otherwise. */
export function findColumns(rows: readonly Row[]): Columns {
  const width = Math.max(2, Math.min(8, ...rows.slice(0, 200).map(({ cells }) => cells.length)));
  const header = rows[0] === undefined ? [] : rows[0].cells.map(headerOf);
  const named = header.filter((side) => side !== null).length;
  const hasHeader = named >= 2;
  const body = hasHeader ? rows.slice(1) : rows;
  const scores = Array.from({ length: width }, (_, place) =>
    englishness(body.map(({ cells }) => cells[place] ?? '')),
  );
  let english = hasHeader ? header.findIndex((side) => side?.side === 'english') : -1;
  // Where no column looks English, the second is, as in MUSE.
  if (english === -1)
    english = scores.reduce(
      (best, score, place) => (score > (scores[best] ?? 0) ? place : best),
      1,
    );
  let foreign = hasHeader
    ? header.findIndex((side, place) => side?.side === 'foreign' && place !== english)
    : -1;
  if (foreign === -1) foreign = english === 0 ? 1 : 0;
  const language = hasHeader ? (header[foreign]?.language ?? null) : null;
  return { foreign, english, header: hasHeader, language };
}

/** What a cell of a first row names, or `null` for a cell that is data. */
function headerOf(cell: string): { side: string; language: string | null } | null {
  const name = cell.toLowerCase().trim();
  const side = sides.get(name);
  if (side !== undefined) return { side, language: null };
  // Two-letter codes are words in many languages; a header row needs two named columns to count as one.
  const language = fromName(name);
  return language === null ? null : { side: 'foreign', language };
}
