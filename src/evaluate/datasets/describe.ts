// A person's own file at first sight: its form, its columns with a few values, and a guess at what they mean.
import { LinguaLiftError } from '../../bundle/errors.ts';
import { guessLanguage } from '../../lexicon/language.ts';
import { readExpected } from './answer.ts';
import { asText, type Mapping } from './mapping.ts';
import { formOf, readRows, type FileForm } from './rows.ts';

export interface Column {
  name: string;
  /** From the first rows, cut where they are long; empty where a row has none. */
  samples: string[];
}

export interface FileDescription {
  columns: Column[];
  /** Rows that could be cut into cells, the header not counted. */
  rows: number;
  /** `question` and `answer` are `null` where no column looks like one. */
  guess: Omit<Mapping, 'question' | 'answer'> & Record<'question' | 'answer', string | null>;
}

/** What columns are called in public data sets, the surest first: MSVAMP has `query` in English only. */
const names = {
  question: ['question', 'm_query', 'problem', 'query', 'input', 'prompt', 'text'],
  answer: [
    ...['answer_number', 'numeric_answer', 'final_answer', 'answer', 'response', 'target'],
    ...['label', 'output', 'solution', 'result'],
  ],
  id: ['id', 'idx', 'index', 'question_id', 'problem_id'],
  language: ['language', 'lang', 'locale', 'language_code', 'lang_code'],
};

/** Rows that a guess looks at. */
const guessRows = 200;
const sampleRows = 5;
const sampleLength = 200;
/** A column is the answer where so many of its rows are one. */
const answerShare = 0.5;

type Cells = Readonly<Record<string, unknown>>;

/**
 * Describes a file.
 * @param name file name; its extension plays no part
 * @throws LinguaLiftError `not-data` for a web page, `no-problems` where there are no rows
 */
export function describeFile(text: string, name: string): FileDescription {
  if (isWebPage(text)) throw webPageError(name);
  const form = withHeader(text, formOf(text));
  const rows = readRows(text, form).flatMap(({ cells }) => (cells ? [cells] : []));
  if (rows.length === 0) {
    throw new LinguaLiftError(
      'no-problems',
      `${name} has no rows that can be read. A file of problems is a table (TSV or CSV), JSON lines or a JSON list.`,
    );
  }
  const head = rows.slice(0, guessRows);
  const columns = [...new Set(head.flatMap((cells) => Object.keys(cells)))];
  const answer = named(columns, 'answer') ?? likeliestAnswer(head, columns);
  const question =
    named(columns, 'question') ??
    longest(
      head,
      columns.filter((column) => column !== answer),
    );
  const id = named(columns, 'id');
  const language = named(columns, 'language');
  return {
    columns: columns.map((column) => ({ name: column, samples: samplesOf(rows, column) })),
    rows: rows.length,
    guess: {
      ...{ form, question, answer },
      id: id === null ? { prefix: stemOf(name) } : { column: id },
      language:
        language === null
          ? { tag: languageOf(name, question === null ? [] : valuesOf(head, question)) }
          : { column: language },
    },
  };
}

/** Whether a text is a page of HTML: what servers send in place of a file that is not there. */
export function isWebPage(text: string): boolean {
  return /^\s*(?:<!--[^]*?-->\s*)?<(?:!doctype|html|head|body)\b/i.test(text.slice(0, 2000));
}

/** The error of a web page where data should be. */
export function webPageError(name: string, details = ''): LinguaLiftError {
  return new LinguaLiftError(
    'not-data',
    `${name} is a web page, not a data file. On sites such as GitHub use the button that downloads the raw file.`,
    details,
  );
}

/** A file's name without folders and extensions. */
function stemOf(name: string): string {
  return name.replace(/^.*[\\/]/, '').replace(/(?:\.(?:txt|tsv|csv|jsonl?|gz))+$/i, '') || name;
}

/**
 * Finds out whether a table's first row is a header: it has the name of a question or answer column, or its
 * cell in the answer column is no answer while those below are.
 */
function withHeader(text: string, form: FileForm): FileForm {
  if (!('header' in form)) return form;
  const [first, ...body] = readRows(text, form).flatMap(({ cells }) => (cells ? [cells] : []));
  if (first === undefined) return form;
  const cells = Object.values(first).map(asText);
  const isNamed = named(cells, 'question') !== null || named(cells, 'answer') !== null;
  const answer = likeliestAnswer(body.slice(0, guessRows), Object.keys(first));
  const isOdd = answer !== null && typeof readExpected(asText(first[answer]), 'en') === 'string';
  return { ...form, header: isNamed || isOdd };
}

function named(columns: readonly string[], meaning: keyof typeof names): string | null {
  for (const name of names[meaning]) {
    const column = columns.find((one) => one.toLowerCase() === name);
    if (column !== undefined) return column;
  }
  return null;
}

/** The column in which most cells are answers; of several the last, which is behind numbers of rows. */
function likeliestAnswer(rows: readonly Cells[], columns: readonly string[]): string | null {
  const share = (column: string) =>
    valuesOf(rows, column).filter((value) => typeof readExpected(value, 'en') !== 'string').length /
    Math.max(1, rows.length);
  let best: string | null = null;
  let bestShare = answerShare;
  for (const column of columns) {
    if (share(column) < bestShare) continue;
    bestShare = share(column);
    best = column;
  }
  return best;
}

/** The column with the longest texts. */
function longest(rows: readonly Cells[], columns: readonly string[]): string | null {
  const length = (column: string) => valuesOf(rows, column).join('').length;
  return columns.toSorted((a, b) => length(b) - length(a))[0] ?? null;
}

function valuesOf(rows: readonly Cells[], column: string): string[] {
  return rows.map((cells) => asText(cells[column]));
}

function samplesOf(rows: readonly Cells[], column: string): string[] {
  return valuesOf(rows.slice(0, sampleRows), column).map((text) => text.slice(0, sampleLength));
}

/**
 * By the file's name, else by the script of the questions. English comes first: beside it the word lists' rule
 * takes any short word for a language.
 */
function languageOf(name: string, questions: readonly string[]): string {
  if (/(?:^|[^a-z])(?:en|eng|english)(?:[^a-z]|$)/i.test(name)) return 'en';
  return guessLanguage(name, questions);
}
