// Text to rows of named cells: JSON lines, a JSON array, tabs, commas, semicolons. What the cells mean is
// decided elsewhere (mapping.ts). A row that cannot be cut is kept with its line and reason; the rest goes on.
import Papa from 'papaparse';

/** How a file is cut into rows. */
export type FileForm =
  | { kind: 'json-lines' }
  | { kind: 'json' }
  | { kind: 'tabs'; header: boolean }
  | { kind: 'commas'; header: boolean; delimiter: ',' | ';' };

/** A row's cells by the name of their column, or why there are none. */
export type Row =
  | { line: number; cells: Readonly<Record<string, unknown>>; fault?: undefined }
  | { line: number; cells?: undefined; fault: string };

/** Cells by place, or why there are none. */
type Cut = { line: number; places: string[] } | { line: number; fault: string };

const readers: { [Kind in FileForm['kind']]: (text: string, form: FormOf<Kind>) => Row[] } = {
  'json-lines': readJsonLines,
  json: readJsonArray,
  tabs: (text, form) => nameCells(cutAtTabs(text), form.header),
  commas: (text, form) => nameCells(cutAtCommas(text, form.delimiter), form.header),
};
type FormOf<Kind> = Extract<FileForm, { kind: Kind }>;

/** The rows of a text; empty lines are none. A header is no row either: it names the columns. */
export function readRows(text: string, form: FileForm): Row[] {
  const read = readers[form.kind] as (text: string, form: FileForm) => Row[];
  return read(withoutMark(text), form);
}

/** What a column without header is called. Places start at 0, names at 1. */
export const columnName = (place: number) => `column ${place + 1}`;

/** Lines that tell JSON lines from JSON. */
const headLines = 5;

/** Finds out how a file is cut; whether the first row of a table is a header is for others to say. */
export function formOf(text: string): FileForm {
  const body = withoutMark(text).trimStart();
  if (body.startsWith('[')) return { kind: 'json' };
  const head = linesOf(body).slice(0, headLines);
  const [first = ''] = head;
  // One of the first lines may be damaged; an object over several lines has none that is JSON alone.
  if (body.startsWith('{')) return { kind: head.some(isObject) ? 'json-lines' : 'json' };
  if (first.includes('\t')) return { kind: 'tabs', header: false };
  const [commas = 0, semicolons = 0] = [',', ';'].map((sign) => first.split(sign).length);
  return { kind: 'commas', header: false, delimiter: semicolons > commas ? ';' : ',' };
}

const isObject = (line: string) => line.startsWith('{') && parse(line) !== null;

/** A text without the byte order mark that editors may put in front. */
export const withoutMark = (text: string) => text.replace(/^\uFEFF/, '');
/** Lines of a text without what ends them; the last one is empty where the text ends with the end of a line. */
export const linesOf = (text: string) => text.split(/\r\n|\n|\r/);

/** What a text is as JSON, or `null` where it is none. */
function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function readJsonLines(text: string): Row[] {
  return linesOf(text).flatMap((source, index): Row[] => {
    if (source.trim() === '') return [];
    const line = index + 1;
    const json = parse(source);
    return [json ? rowOf(line, json.value) : { line, fault: 'it is no JSON' }];
  });
}

/** An array of objects, or an object that holds one array, as some data sets wrap theirs. */
function readJsonArray(text: string): Row[] {
  const json = parse(text);
  if (json === null) return [{ line: 1, fault: 'the file is no JSON' }];
  const { value } = json;
  const entries = Array.isArray(value) ? value : Object.values(value as object).find(Array.isArray);
  if (entries === undefined) return [{ line: 1, fault: 'the JSON holds no list of problems' }];
  return (entries as unknown[]).map((entry, index) => rowOf(index + 1, entry));
}

function rowOf(line: number, value: unknown): Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, fault: 'it is no JSON object' };
  }
  return { line, cells: value as Record<string, unknown> };
}

/**
 * Tabs need no quotes, and MGSM has none: a quotation mark is a letter, and one that is never closed takes no
 * other rows with it. A cell that is in quotes as a whole was written by a spreadsheet.
 */
function cutAtTabs(text: string): Cut[] {
  return linesOf(text).flatMap((source, index) =>
    source.trim() === ''
      ? []
      : [{ line: index + 1, places: source.split('\t').map((cell) => unquote(cell.trim())) }],
  );
}

function unquote(cell: string): string {
  return /^"(?:[^"]|"")*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

/** CSV. A row whose quotes are wrong is left out by its first line, and reading goes on at the next one. */
function cutAtCommas(text: string, delimiter: string): Cut[] {
  const rows: Cut[] = [];
  let start = 0;
  let line = 1;
  while (start < text.length) {
    const rest = text.slice(start);
    let row = 0;
    let fault: string | null = null;
    Papa.parse<string[]>(rest, {
      delimiter,
      step: ({ data, errors, meta }, parser) => {
        fault = errors.find(({ type }) => type === 'Quotes')?.message ?? null;
        if (fault !== null) return parser.abort();
        const places = data.map((cell) => cell.trim());
        if (places.some((cell) => cell !== '')) rows.push({ line, places });
        // Quoted cells may hold line breaks, so lines are counted in what was consumed.
        line += lineBreaks(rest.slice(row, meta.cursor));
        row = meta.cursor;
      },
    });
    if (fault === null) break;
    rows.push({ line, fault: `its quotation marks are wrong: ${String(fault)}` });
    const end = rest.indexOf('\n', row);
    start = end === -1 ? text.length : start + end + 1;
    line++;
  }
  return rows;
}

const lineBreaks = (text: string) => text.split('\n').length - 1;

function nameCells(rows: readonly Cut[], header: boolean): Row[] {
  const [first] = rows;
  if (first === undefined) return [];
  if ('fault' in first) return rows.map(({ line }) => ({ line, fault: first.fault }));
  const names = header ? unique(first.places) : first.places.map((_, place) => columnName(place));
  return (header ? rows.slice(1) : rows).map((row) => {
    if ('fault' in row) return row;
    const { line, places } = row;
    if (places.slice(names.length).some((cell) => cell !== '')) {
      return { line, fault: `it has ${places.length} columns instead of ${names.length}` };
    }
    const named = names.flatMap((name, place) => {
      const cell = places[place];
      return cell === undefined ? [] : [[name, cell] as const];
    });
    return { line, cells: Object.fromEntries(named) };
  });
}

/** Names of columns, where two share one or have none. */
function unique(names: readonly string[]): string[] {
  return names.map((name, place) =>
    name === '' || names.indexOf(name) < place ? columnName(place) : name,
  );
}
