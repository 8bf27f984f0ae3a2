// The average accuracy over languages and how sure it is. The same questions recur in every language: a model that
// fails one in German is likely to fail it in Spanish, so ten languages with 250 questions are not 2,500 independent
// answers. Standard errors are therefore clustered by question (Miller 2024, "Adding Error Bars to Evals", arXiv
// 2411.00640, section 2.2; the cluster-robust estimate of Liang and Zeger 1986).
//
// The average is that of the languages' accuracies, as papers on MGSM report it, however many answers each has. With L
// languages, n_l answers in language l, accuracy p_l and p = Σ p_l / L, an answer counts for w = 1 / (L n_l), and
//
//   SE² = G / (G - 1)  Σ_questions ( Σ_its answers w (correct - p_l) )²      G questions
//
// Where every question is asked in every language this is Miller's formula.
import { wilson } from './wilson.ts';

/** An answer: which question in which language, and whether it was right. */
export interface ClusteredAnswer {
  /** Shared by the versions of a question in all languages. */
  question: string;
  lang: string;
  correct: boolean;
}

export interface ClusteredMean {
  /** Mean of the languages' accuracies. 0 when there are no answers. */
  mean: number;
  /** Of the mean; `null` with fewer than two questions. */
  standardError: number | null;
  /** 95 % interval. */
  low: number;
  high: number;
  /** Different questions. */
  questions: number;
}

/** The average over languages with an interval clustered by question. */
export function clusteredMean(answers: readonly ClusteredAnswer[]): ClusteredMean {
  const languages = new Map<string, { n: number; correct: number }>();
  for (const { lang, correct } of answers) {
    const { n, correct: before } = languages.get(lang) ?? { n: 0, correct: 0 };
    languages.set(lang, { n: n + 1, correct: before + Number(correct) });
  }
  const deviations = new Map<string, number>();
  for (const { question, lang, correct } of answers) {
    const { n, correct: right } = languages.get(lang) ?? { n: 1, correct: 0 };
    const deviation = (Number(correct) - right / n) / (languages.size * n);
    deviations.set(question, (deviations.get(question) ?? 0) + deviation);
  }
  const accuracies = [...languages.values()].map(({ n, correct }) => correct / n);
  const mean = sum(accuracies) / Math.max(1, languages.size);
  const variance = sum([...deviations.values()].map((deviation) => deviation ** 2));
  const questions = deviations.size;
  const effective = effectiveSize(mean, variance, questions, answers.length);
  const [low, high] = wilson(mean * effective, effective);
  const standardError = questions < 2 ? null : Math.sqrt((variance * questions) / (questions - 1));
  return { mean, standardError, low, high, questions };
}

/**
 * How many independent answers would be as sure, for Wilson's interval: p ± 1.96 SE would shrink to nothing where all
 * answers are right or wrong (Dean and Pagano 2015, "Evaluating confidence interval methods for binomial proportions
 * in clustered surveys"). One language gives its number of answers, and so the interval that it has alone.
 * @param variance of the mean, without the correction G / (G - 1)
 * @param answers more than these it never is
 */
function effectiveSize(mean: number, variance: number, questions: number, answers: number): number {
  if (mean === 0 || mean === 1) return questions;
  return Math.min(answers, (mean * (1 - mean)) / variance);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
