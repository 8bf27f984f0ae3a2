// A run as plain text, for the clipboard and (line by line) for screen readers.
import type { Reasoning, Segment } from '../../bridge/types.ts';
import { typesetExpression, typesetNumber } from './typeset.ts';

function segmentText(segment: Segment): string {
  if (segment.kind === 'text') return segment.text;
  const result = segment.result === null ? '?' : typesetNumber(segment.result);
  return `${typesetExpression(segment.expression)} = ${result}`;
}

/** A line of reasoning as plain text: `apples in all: 12 + 5 = 17`. */
export function lineText(line: readonly Segment[]): string {
  return line.map(segmentText).join('').trim();
}

/** A question, its numbered steps and its answer, as text to paste elsewhere. */
export function transcript(question: string, { lines, finalAnswer }: Reasoning): string {
  const steps = lines.map((line, index) => `${index + 1}. ${lineText(line)}`);
  const answer = finalAnswer === null ? [] : [`Answer: ${finalAnswer}`];
  return [question, ...[steps.join('\n'), ...answer].filter((part) => part !== '')].join('\n\n');
}
