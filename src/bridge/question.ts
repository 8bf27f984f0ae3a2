// From a question as people write it to all that has to be known before its answer can be written.
import { LinguaLiftError } from '../bundle/errors.ts';
import type { BundleManifest } from '../bundle/manifest.ts';
import { digitNotation, slotNotation, type Notation } from './notation.ts';
import { slotNumerals } from './numerals.ts';
import type { Parts } from './parts.ts';
import { makePrompt, questionTooLong, type Prompt } from './prompt.ts';
import type { AnswerOptions } from './types.ts';

/** A question that an answer can be written to. */
export interface AskedQuestion {
  prompt: Prompt;
  /** How its numbers are written. */
  notation: Notation;
  maxNewTokens: number;
}

/**
 * Reads a question and makes its prompt.
 * @throws LinguaLiftError `question-empty`, `question-too-long`, `too-many-numerals`, `route-missing`,
 *   `exemplars-unsupported` or `bundle-mismatch`
 */
export async function askQuestion(
  manifest: BundleManifest,
  parts: Parts,
  question: string,
  options: AnswerOptions,
): Promise<AskedQuestion> {
  const { text, notation } = readQuestion(manifest, question, options);
  const prompt = await makePrompt(manifest, parts, options, text);
  const { promptTokens } = prompt.info;
  const { maxPositions } = parts.llmSettings;
  if (promptTokens >= maxPositions) throw questionTooLong(promptTokens, maxPositions - 1);
  const wanted = options.maxNewTokens ?? manifest.limits.maxNewTokens;
  return { prompt, notation, maxNewTokens: Math.min(wanted, maxPositions - promptTokens) };
}

/**
 * The question as the models read it, and how its numbers are written.
 * @throws LinguaLiftError `question-empty` or `too-many-numerals`
 */
export function readQuestion(
  { slots, calculator: trainedWith }: BundleManifest,
  question: string,
  { calculator = trainedWith }: Pick<AnswerOptions, 'calculator'>,
): { text: string; notation: Notation } {
  const normalized = question.normalize('NFC').trim();
  if (normalized === '') {
    throw new LinguaLiftError(
      'question-empty',
      'There is no question yet. Type one and ask again.',
    );
  }
  if (slots === undefined) return { text: normalized, notation: digitNotation(calculator) };
  const { text, numerals } = slotNumerals(normalized, slots.question);
  const values = numerals.map(({ value }) => value);
  return { text, notation: slotNotation(values, slots.result, calculator) };
}
