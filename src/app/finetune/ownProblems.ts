// A person's own training problems from a file: JSON lines or tab-separated text with a question and an
// answer. Every line is a problem or among the rejected, with its number and why.

export interface OwnProblem {
  /** From 1. */
  line: number;
  question: string;
  answer: string;
}

export interface RejectedProblem {
  /** From 1. */
  line: number;
  reason: string;
}

export interface OwnFile {
  problems: OwnProblem[];
  rejected: RejectedProblem[];
}

/** What the two columns may be called, as the common data sets call them. */
const names = {
  question: ['question', 'problem', 'query', 'input'],
  answer: ['answer', 'solution', 'response', 'output'],
};

/** Reads a file of either form; one that starts with a brace is JSON lines. */
export function parseOwnProblems(text: string): OwnFile {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((source, index) => ({ source, line: index + 1 }))
    .filter(({ source }) => source.trim() !== '');
  const isJson = lines[0]?.source.trimStart().startsWith('{') ?? false;
  const read = isJson ? readJsonLine : tabReader(lines);
  const file: OwnFile = { problems: [], rejected: [] };
  for (const { source, line } of lines) {
    const result = read(source, line);
    if (result === null) continue;
    if (typeof result === 'string') file.rejected.push({ line, reason: result });
    else file.problems.push({ line, ...result });
  }
  return file;
}

/** A problem; what is wrong with the line; or `null` for a line that is neither. */
type LineResult = Omit<OwnProblem, 'line'> | string | null;

function readJsonLine(source: string): LineResult {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return 'it is no JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'it is no JSON object';
  }
  const fields = value as Record<string, unknown>;
  const [question, answer] = [names.question, names.answer].map((keys) =>
    written(keys.map((key) => fields[key]).find((field) => field !== undefined)),
  );
  return problem(question, answer);
}

/** Reads tab-separated lines: by the names in the first one if it has them, else question first. */
function tabReader(
  lines: readonly { source: string }[],
): (source: string, line: number) => LineResult {
  const header = cellsOf(lines[0]?.source ?? '').map((cell) => cell.toLowerCase());
  const columns = [names.question, names.answer].map((keys) =>
    header.findIndex((cell) => keys.includes(cell)),
  );
  const named = columns.every((column) => column >= 0);
  const [question = 0, answer = 1] = named ? columns : [0, 1];
  let first = true;
  return (source) => {
    const isHeader = first && named;
    first = false;
    if (isHeader) return null;
    const cells = cellsOf(source);
    if (cells.length < 2) return 'there is no tab between a question and an answer';
    return problem(cells[question], cells[answer]);
  };
}

function cellsOf(source: string): string[] {
  return source.split('\t').map((cell) => cell.trim());
}

function problem(question: string | undefined, answer: string | undefined): LineResult {
  if (!question) return 'the question is missing';
  if (!answer) return 'the answer is missing';
  // Tab-separated files write line breaks as \n.
  return { question, answer: answer.replaceAll('\\n', '\n') };
}

function written(field: unknown): string | undefined {
  if (typeof field === 'number') return String(field);
  return typeof field === 'string' ? field.trim() : undefined;
}
