// One uploaded file, or pasted text, to a clean word list. Every line is in the list or among the rejected.
import { foldPair, pairFault, pairKey } from './clean.ts';
import { findColumns } from './columns.ts';
import { LexiconError } from './errors.ts';
import { guessLanguage } from './language.ts';
import { readRows, type Row } from './rows.ts';
import type { RejectedLine, WordPair } from './types.ts';

export interface ImportedList {
  name: string;
  /** BCP 47, guessed unless it was given; `und` where nothing points to one. */
  language: string;
  pairs: WordPair[];
  /** In the order of their lines. */
  rejected: RejectedLine[];
}

export interface ImportSettings {
  /** BCP 47 tag; guessed from name and words if missing. */
  language?: string;
  /** Takes the side that would be English for the foreign one, and the other way round. */
  swap?: boolean;
}

/**
 * Reads a word list of any supported form.
 * @param name file name; its extension plays no part
 * @throws LexiconError `no-pairs` when no line has two sides, `malformed` for JSON that cannot be read
 */
export function importList(
  name: string,
  text: string,
  settings: ImportSettings = {},
): ImportedList {
  const rows = readRows(name, text.replace(/^\uFEFF/, ''));
  const columns = findColumns(rows);
  const body = columns.header ? rows.slice(1) : rows;
  const [foreign, english] = settings.swap
    ? [columns.english, columns.foreign]
    : [columns.foreign, columns.english];
  const language =
    settings.language ??
    columns.language ??
    guessLanguage(
      name,
      body.slice(0, 500).map(({ cells }) => cells[foreign] ?? ''),
    );
  const clean = new Cleaner(language);
  for (const row of body) clean.add(row, row.cells[foreign] ?? '', row.cells[english] ?? '');
  if (clean.pairs.length === 0) {
    throw new LexiconError('no-pairs', `${name} holds no pair of words. ${clean.firstReason()}`);
  }
  return { name: nameOf(name), language, pairs: clean.pairs, rejected: clean.rejected };
}

/** A file's name without folders and extensions. */
function nameOf(name: string): string {
  return name.replace(/^.*[\\/]/, '').replace(/(?:\.(?:txt|tsv|csv|jsonl?|gz))+$/i, '') || name;
}

class Cleaner {
  readonly pairs: WordPair[] = [];
  readonly rejected: RejectedLine[] = [];
  readonly #lineOf = new Map<string, number>();
  readonly #language: string;

  constructor(language: string) {
    this.#language = language;
  }

  add(row: Row, foreign: string, english: string): void {
    const pair = foldPair({ foreign, english }, this.#language);
    const reason = this.#fault(pair, row);
    if (reason === null) {
      this.#lineOf.set(pairKey(pair), row.line);
      this.pairs.push(pair);
    } else {
      this.rejected.push({ line: row.line, text: row.cells.join('\t').slice(0, 200), reason });
    }
  }

  firstReason(): string {
    const [first] = this.rejected;
    return first === undefined ? 'It is empty.' : `Line ${first.line}: ${first.reason}.`;
  }

  #fault(pair: WordPair, row: Row): string | null {
    if (row.cells.length < 2) return 'only one word, no translation';
    const fault = pairFault(pair);
    if (fault !== null) return fault;
    const line = this.#lineOf.get(pairKey(pair));
    return line === undefined ? null : `the same pair as in line ${line}`;
  }
}

/** A list as MUSE text, tabs between the two sides: what `importList` reads and the training scripts too. */
export function exportList(pairs: readonly WordPair[]): string {
  return pairs.map(({ foreign, english }) => `${foreign}\t${english}\n`).join('');
}
