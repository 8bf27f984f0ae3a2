// Errors that are about one question. In a file of its own, so that who carries a run on need not load the models' code.
import { LinguaLiftError } from '../bundle/errors.ts';

/** Codes of the errors that are about one question, whatever the models. */
const questionErrors: ReadonlySet<string> = new Set([
  'question-empty',
  'question-too-long',
  'too-many-numerals',
]);

/** Whether an error says that the models cannot take this question. Another question may still be asked. */
export function isAboutQuestion(thrown: unknown): thrown is LinguaLiftError {
  return thrown instanceof LinguaLiftError && questionErrors.has(thrown.code);
}
