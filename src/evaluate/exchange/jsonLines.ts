// JSON lines of a file that a person picked, and errors that say which line and which field.
import * as v from 'valibot';
import { LinguaLiftError } from '../../bundle/errors.ts';

export interface TextFile {
  name: string;
  text: string;
}

export interface JsonLine {
  file: TextFile;
  /** From 1. */
  number: number;
  json: unknown;
}

/**
 * The lines of a file, one after the other; empty ones are passed over.
 * @throws LinguaLiftError `run-file` for a line that is no JSON
 */
export function* readLines(file: TextFile): Generator<JsonLine, undefined> {
  let number = 0;
  // JSON Lines (jsonlines.org): a byte order mark at the start is no part of them.
  for (const source of file.text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    number += 1;
    if (source.trim() === '') continue;
    const line = { file, number, json: undefined };
    yield { ...line, json: parse(source, line) };
  }
}

function parse(source: string, line: JsonLine): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw refuse(line, 'it is no JSON; the file may be cut off or of another kind');
  }
}

/** The error for a line: what is wrong, in words or as what the schema found first. */
export function refuse(
  { file, number }: JsonLine,
  what: string | readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
): LinguaLiftError {
  const reason = typeof what === 'string' ? what : describe(what[0]);
  return new LinguaLiftError(
    'run-file',
    `“${file.name}” cannot be imported. Line ${number}: ${reason}.`,
  );
}

function describe(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? 'the line';
  const expected = issue.expected ?? issue.requirement;
  return `“${field}” should be ${String(expected)}, but is ${issue.received}`;
}
