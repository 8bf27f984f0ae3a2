// What a run learns from: the sentences that the page brings along, or a person's own file.
import type { BundleManifest } from '../../bundle/manifest.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { TrainingSentence } from '../../train/stageRun.ts';
import { parseOwnProblems, type RejectedProblem } from './ownProblems.ts';
import { builtInSentence, ownSentence, type SlottedProblem } from './slots.ts';

/** Where the built-in sentences are, and how many. */
export const builtIn = { path: 'training/problems.jsonl', count: 3000 };

export interface OwnSentences {
  /** File name. */
  name: string;
  sentences: TrainingSentence[];
  rejected: RejectedProblem[];
  /** Sentences that only the translation can learn from: their answers show no calculations. */
  withoutSolution: number;
}

/**
 * The built-in sentences for a bundle.
 * @param text the file, JSON lines
 */
export function builtInSentences(text: string, manifest: BundleManifest): TrainingSentence[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => builtInSentence(JSON.parse(line) as SlottedProblem, manifest));
}

/**
 * The sentences of a person's file.
 * @throws LinguaLiftError `no-problems` when no line is one
 */
export function ownSentences(name: string, text: string, manifest: BundleManifest): OwnSentences {
  const { problems, rejected } = parseOwnProblems(text);
  const sentences: TrainingSentence[] = [];
  for (const { line, question, answer } of problems) {
    try {
      sentences.push(ownSentence(question, answer, manifest));
    } catch (thrown) {
      if (!(thrown instanceof LinguaLiftError)) throw thrown;
      rejected.push({ line, reason: thrown.message });
    }
  }
  rejected.sort((a, b) => a.line - b.line);
  if (sentences.length === 0) {
    const [first] = rejected;
    throw new LinguaLiftError(
      'no-problems',
      `${name} holds no problem to learn from. ${first ? `Line ${first.line}: ${first.reason}.` : 'It is empty.'}`,
      rejected.map(({ line, reason }) => `Line ${line}: ${reason}`).join('\n'),
    );
  }
  const withoutSolution = sentences.filter(({ solution }) => solution === null).length;
  return { name, sentences, rejected, withoutSolution };
}
