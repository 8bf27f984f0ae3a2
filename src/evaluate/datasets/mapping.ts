// From rows to problems by a mapping: which column is the question, which the answer. Published sets bring
// their mapping (table.ts); for a person's own file it is guessed (describe.ts) and can be corrected.
import { fromName } from '../../lexicon/language.ts';
import { readExpected } from './answer.ts';
import type { Dataset, Problem } from './problem.ts';
import { readRows, type FileForm } from './rows.ts';

/** Columns by their names: the header's, the JSON key, or `column 1` where there is neither. */
export interface ProblemFormat {
  form: FileForm;
  question: string;
  answer: string;
  /** Where the ids are, or what stands before the number of the row: `mgsm` makes `mgsm-17`. */
  id: { column: string } | { prefix: string };
}

export interface Mapping extends ProblemFormat {
  /** A column with tags or English names of languages, or one tag for the whole file. */
  language: { column: string } | { tag: string };
}

/**
 * Reads a file of one language.
 * @param lang BCP 47 tag
 */
export function readProblems(text: string, format: ProblemFormat, lang: string): Dataset {
  return readMapped(text, { ...format, language: { tag: lang } });
}

/** Reads a file. Empty lines are skipped, rows that are no problems are listed, the rest is read. */
export function readMapped(text: string, mapping: Mapping): Dataset {
  const dataset: Dataset = { problems: [], malformed: [] };
  const lineOf = new Map<string, number>();
  for (const [index, { line, cells, fault }] of readRows(text, mapping.form).entries()) {
    const result = cells ? readProblem(cells, index + 1, mapping) : fault;
    if (typeof result === 'string') {
      dataset.malformed.push({ line, reason: result });
      continue;
    }
    const key = `${result.lang} ${result.id}`;
    const earlier = lineOf.get(key);
    if (earlier === undefined) {
      lineOf.set(key, line);
      dataset.problems.push(result);
    } else {
      const reason = `the id ${result.id} is taken by line ${earlier}`;
      dataset.malformed.push({ line, reason });
    }
  }
  return dataset;
}

type Cells = Readonly<Record<string, unknown>>;

/**
 * A problem, or what is wrong with the row.
 * @param number of the row, from 1; malformed rows count, so that parallel files stay parallel
 */
function readProblem(cells: Cells, number: number, mapping: Mapping): Problem | string {
  const { question, answer, id, language } = mapping;
  const wanted = [
    ...('column' in id ? [id.column] : []),
    ...('column' in language ? [language.column] : []),
    ...[question, answer],
  ];
  for (const column of wanted) {
    const fault = faultOf(cells[column]);
    if (fault !== null) return `${column}: ${fault}`;
  }
  const lang = 'column' in language ? tagOf(asText(cells[language.column])) : language.tag;
  // A number of JSON is written as in English.
  const expected = readExpected(
    asText(cells[answer]),
    typeof cells[answer] === 'number' ? 'en' : lang,
  );
  if (typeof expected === 'string') return `${answer}: ${expected}`;
  return {
    id: 'column' in id ? asText(cells[id.column]) : `${id.prefix}-${number}`,
    lang,
    question: asText(cells[question]).normalize('NFC'),
    answer: expected,
  };
}

function faultOf(cell: unknown): string | null {
  if (cell === undefined || cell === null) return 'it is missing';
  if (typeof cell !== 'string' && typeof cell !== 'number') return 'it is neither text nor number';
  return asText(cell) === '' ? 'it is empty' : null;
}

/** A cell as text; what is neither text nor number has none. */
export function asText(cell: unknown): string {
  return typeof cell === 'string' ? cell.trim() : typeof cell === 'number' ? String(cell) : '';
}

/** What the word lists' names do not have: English is never foreign there, and Unicode says "Bangla". */
const otherNames = new Map([
  ['english', 'en'],
  ['bengali', 'bn'],
]);

/** The tag of a language as data sets write it: `sw`, `swa`, `pt-BR`, `ben_Beng`, `Swahili`. */
export function tagOf(written: string): string {
  const name = written.toLowerCase();
  const other = otherNames.get(name);
  if (other !== undefined) return other;
  const [code] = /^[a-z]{2,3}(?=$|[-_])/.exec(name) ?? [];
  // Three-letter codes of languages that have one of two letters: "swa" is "sw".
  if (code !== undefined) return Intl.getCanonicalLocales(code)[0] ?? code;
  return fromName(name) ?? name;
}
