// Compares two routes of a run, or two runs, answer by answer: who solves what the other does not, and whether that
// is more than chance.
//
// Pairs are the same problem in the same language. McNemar's test takes pairs for independent, which ten versions of
// one question are not. Where questions recur over languages, each therefore has one vote, for the side that solves
// more of its versions, and the test is McNemar's over these votes; with one language that is the test itself.
import type { Extractor, Sample } from './record.ts';
import { mcnemar } from './statistics/mcnemar.ts';

/** Differences with a smaller p-value are called decided. */
export const significance = 0.05;

/** What is needed of a sample. */
export type PairedSample = Pick<Sample, 'id' | 'lang' | 'correct'>;

/** How often each side is ahead, and McNemar's p-value of that. */
export interface Lead {
  first: number;
  second: number;
  p: number;
}

export interface PairedComparison {
  /** Problems that both sides were asked. */
  pairs: number;
  questions: number;
  bothRight: number;
  bothWrong: number;
  /** Pairs that only one side solves. */
  changes: Lead;
  /** Changes for the first side to one for the second: `changes.first / changes.second`; `null` by zero. */
  odds: number | null;
  /** Questions of which one side solves more versions. Equals `changes` where every question is asked once. */
  byQuestion: Lead;
  /** Whether `byQuestion.p` is below 0.05. */
  isDecided: boolean;
}

/**
 * Pairs the samples of two sides by language and id and compares them.
 * @param first samples of one route of one run; likewise `second`
 * @param extractor whose verdict counts
 */
export function comparePairs(
  first: readonly PairedSample[],
  second: readonly PairedSample[],
  extractor: Extractor,
): PairedComparison {
  const others = new Map(second.map((sample) => [pairKey(sample), sample]));
  const votes = new Map<string, number>();
  const counts = { bothRight: 0, bothWrong: 0, onlyFirst: 0, onlySecond: 0 };
  for (const sample of first) {
    const other = others.get(pairKey(sample));
    if (other === undefined) continue;
    const one = sample.correct[extractor];
    const two = other.correct[extractor];
    counts[one === two ? (one ? 'bothRight' : 'bothWrong') : one ? 'onlyFirst' : 'onlySecond']++;
    votes.set(sample.id, (votes.get(sample.id) ?? 0) + Number(one) - Number(two));
  }
  const { bothRight, bothWrong, onlyFirst, onlySecond } = counts;
  const differences = [...votes.values()];
  const byQuestion = lead(
    differences.filter((difference) => difference > 0).length,
    differences.filter((difference) => difference < 0).length,
  );
  return {
    pairs: bothRight + bothWrong + onlyFirst + onlySecond,
    questions: votes.size,
    ...{ bothRight, bothWrong },
    changes: lead(onlyFirst, onlySecond),
    odds: onlySecond === 0 ? null : onlyFirst / onlySecond,
    byQuestion,
    isDecided: byQuestion.p < significance,
  };
}

/** The comparison in one sentence. */
export function describeComparison(
  { pairs, questions, changes, byQuestion, isDecided }: PairedComparison,
  first: string,
  second: string,
): string {
  if (pairs === 0) return `${first} and ${second} have no problem in common.`;
  const verdict = `${formatP(byQuestion.p)}, ${isDecided ? 'decided' : 'not decided'}.`;
  const solved = `${first} solves ${changes.first} that ${second} does not and ${changes.second} the other way round`;
  const problems = `${pairs} ${pairs === 1 ? 'problem' : 'problems'}`;
  if (questions === pairs) return `Of ${problems}, ${solved}: ${verdict}`;
  return (
    `Of ${problems}, which are ${questions} in several languages, ${solved}; ` +
    `${first} is ahead on ${byQuestion.first} of the ${questions}, ${second} on ${byQuestion.second}: ${verdict}`
  );
}

/** A p-value as journals print it: `p = .065`, `p < .001`. */
export function formatP(p: number): string {
  if (p < 0.001) return 'p < .001';
  return p >= 0.9995 ? 'p = 1' : `p = ${p.toFixed(3).slice(1)}`;
}

function lead(first: number, second: number): Lead {
  return { first, second, p: mcnemar(first, second) };
}

/** What samples of the same problem in the same language have in common, and no others. */
export function pairKey({ lang, id }: Pick<Sample, 'lang' | 'id'>): string {
  return JSON.stringify([lang, id]);
}
