// Splits what the LLM wrote for display: lines of text and calculations, and the final answer set apart.
// Made for text that is still streaming: an unfinished calculation has no result yet.
import type { Reasoning, Segment } from './types.ts';

const finalMark = '####';
/** The first characters of a mark whose rest has not streamed in yet. */
const unfinishedMark = /(?<!#)#{1,3}$|(?<!<)<$/;
/** `<<expression=result>>`, of which everything after `<<` may still be missing. */
const calculation = /<<(?<expression>[^=\n]*?)(?:=(?<result>[^<>\n]*))?(?:>>|>?$)/g;

/**
 * The value after `####`, as people write it.
 * @returns `null` where there is none (yet)
 */
export function finalAnswerOf(text: string): string | null {
  const [, after] = text.split(finalMark);
  const answer = after?.trimStart().split('\n')[0]?.trim();
  return answer === undefined || answer === '' ? null : answer;
}

/**
 * The reasoning in `text`, numbers in place. Empty lines are dropped, and so is all from `####` on, which
 * becomes `finalAnswer`.
 */
export function parseReasoning(text: string): Reasoning {
  const [steps = ''] = text.replace(unfinishedMark, '').split(finalMark);
  const lines = steps
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return { lines: lines.map(parseLine), finalAnswer: finalAnswerOf(text) };
}

function parseLine(line: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of line.matchAll(calculation)) {
    if (match.index > end) segments.push({ kind: 'text', text: line.slice(end, match.index) });
    const { expression = '', result } = match.groups ?? {};
    segments.push({
      kind: 'calculation',
      expression: expression.trim(),
      result: result?.trim() || null,
    });
    end = match.index + match[0].length;
  }
  if (end < line.length) segments.push({ kind: 'text', text: line.slice(end) });
  return segments;
}
