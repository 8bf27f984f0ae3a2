// Sentence pairs to search: two files whose lines belong together, as in LASER's Tatoeba test set, or one table
// with a sentence and its translation on a line. A line that is no pair is listed; the others are read.
import { LinguaLiftError } from '../../bundle/errors.ts';
import { fromName } from '../../lexicon/language.ts';
import { asText } from '../datasets/mapping.ts';
import type { MalformedLine } from '../datasets/problem.ts';
import { formOf, linesOf, readRows, withoutMark } from '../datasets/rows.ts';

/** A sentence and its translation. */
export interface SentencePair {
  /** Where it stands in its file, from 1. */
  line: number;
  source: string;
  /** English, in the data sets that the page knows. */
  target: string;
}

export interface PairList {
  pairs: SentencePair[];
  malformed: MalformedLine[];
}

/**
 * Pairs of two files with as many lines.
 * @param source text of the file in the foreign language
 * @param target text of the file in English
 * @throws LinguaLiftError `lines-differ`: which lines belong together is then unknown
 */
export function readParallel(source: string, target: string): PairList {
  const [sources, targets] = [wholeLinesOf(source), wholeLinesOf(target)];
  if (sources.length !== targets.length) {
    throw new LinguaLiftError(
      'lines-differ',
      `The two files do not belong together: one has ${sources.length} lines, the other ${targets.length}. Each line of one must translate the same line of the other.`,
    );
  }
  return collect(sources.map((line, index) => [index + 1, [line, targets[index] ?? '']]));
}

/**
 * Pairs of a table: the first two columns of TSV, CSV, JSON lines or a JSON list. A first row that names the
 * columns is none.
 * @throws LinguaLiftError `no-columns` when no row has two
 */
export function readPairTable(text: string): PairList {
  const rows = readRows(text, formOf(text));
  const cut = rows.flatMap(({ line, cells }): NumberedRow[] =>
    cells ? [[line, Object.values(cells).map(asText)]] : [],
  );
  if (!cut.some(([, cells]) => cells.length > 1)) {
    throw new LinguaLiftError(
      'no-columns',
      'This is no table of sentence pairs: no line has two columns. Save it as TSV or CSV, or choose two files with as many lines.',
    );
  }
  const list = collect(isHeader(cut[0]) ? cut.slice(1) : cut);
  const faults = rows.flatMap(({ line, fault }) => (fault ? [{ line, reason: fault }] : []));
  list.malformed = [...list.malformed, ...faults].sort((a, b) => a.line - b.line);
  return list;
}

const sideNames = /^(?:source|target|foreign|english|translation|text|sentence)\b/i;

/** Whether both cells of a row name a language or a side. */
function isHeader(row: NumberedRow | undefined): boolean {
  const cells = row?.[1].slice(0, 2) ?? [];
  return (
    cells.length === 2 &&
    cells.every((cell) => sideNames.test(cell) || /^eng?$/i.test(cell) || fromName(cell) !== null)
  );
}

type NumberedRow = readonly [line: number, cells: readonly string[]];

/** Sorts rows into pairs and others. A sentence that was there before could not be told from the first. */
function collect(rows: readonly NumberedRow[]): PairList {
  const list: PairList = { pairs: [], malformed: [] };
  const seen = { source: new Map<string, number>(), target: new Map<string, number>() };
  for (const [line, cells] of rows) {
    const [source, target] = [cells[0] ?? '', cells[1] ?? ''].map((cell) =>
      cell.normalize('NFC').trim(),
    ) as [string, string];
    const repeated = seen.source.get(source) ?? seen.target.get(target);
    if (source === '' && target === '') continue;
    if (source === '') list.malformed.push({ line, reason: 'the first sentence is missing' });
    else if (target === '') list.malformed.push({ line, reason: 'the second sentence is missing' });
    else if (repeated !== undefined) {
      list.malformed.push({ line, reason: `it repeats a sentence of line ${repeated}` });
    } else {
      seen.source.set(source, line);
      seen.target.set(target, line);
      list.pairs.push({ line, source, target });
    }
  }
  return list;
}

/** Lines of a file; what comes after the last end of a line is one only if there is something. */
function wholeLinesOf(text: string): string[] {
  const lines = linesOf(withoutMark(text));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
