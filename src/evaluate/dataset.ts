// Problems to evaluate on: JSON lines `{"id", "lang", "question", "answer"}`, and seeded subsets of them.
import * as v from 'valibot';
import { readAnswer, type AnswerValue } from './compare.ts';

const line = v.object({
  id: v.union([v.string(), v.number()]),
  lang: v.pipe(v.string(), v.minLength(1)),
  question: v.pipe(v.string(), v.trim(), v.minLength(1)),
  answer: v.union([v.string(), v.number()]),
});

/** A problem with a known answer. */
export interface Problem {
  id: string;
  lang: string;
  question: string;
  answer: AnswerValue;
}

/** A line that is no problem, and why. Numbers start at 1. */
export interface MalformedLine {
  line: number;
  reason: string;
}

export interface Dataset {
  problems: Problem[];
  malformed: MalformedLine[];
}

/** Reads JSON lines. Empty lines are skipped, malformed ones are listed. */
export function parseJsonLines(text: string): Dataset {
  const problems: Problem[] = [];
  const malformed: MalformedLine[] = [];
  for (const [index, source] of text.split(/\r?\n/).entries()) {
    if (source.trim() === '') continue;
    const result = parseLine(source);
    if (typeof result === 'string') malformed.push({ line: index + 1, reason: result });
    else problems.push(result);
  }
  return { problems, malformed };
}

/** The problem on a line, or what is wrong with it. */
function parseLine(source: string): Problem | string {
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch {
    return 'it is no JSON';
  }
  const result = v.safeParse(line, json);
  if (!result.success) {
    const [issue] = result.issues;
    return `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`;
  }
  const { id, lang, question, answer: written } = result.output;
  const answer = readAnswer(String(written));
  if (answer === null) return `answer: ${JSON.stringify(written)} is no number`;
  return { id: String(id), lang, question, answer };
}

/**
 * A random subset in the original order, the same for the same seed.
 * @param limit how many to keep; all when there are no more
 */
export function subset<Item>(items: readonly Item[], limit: number, seed: number): Item[] {
  const random = mulberry32(seed);
  return items
    .map((_, index) => ({ index, key: random() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, limit)
    .map(({ index }) => index)
    .sort((a, b) => a - b)
    .map((index) => items[index])
    .filter((item) => item !== undefined);
}

/** Tommy Ettinger's small generator, uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
