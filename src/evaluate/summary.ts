// Counts of right answers, over all and by language.
import type { Route } from '../bridge/types.ts';

/** One answered problem. */
export interface Sample {
  id: string;
  lang: string;
  correct: boolean;
}

export interface Score {
  n: number;
  correct: number;
  /** `correct / n`; 0 when there is nothing to score. */
  accuracy: number;
}

export interface Summary extends Score {
  route: Route;
  perLanguage: Record<string, Score>;
}

function score(samples: readonly Sample[]): Score {
  const correct = samples.filter((sample) => sample.correct).length;
  return { n: samples.length, correct, accuracy: correct / Math.max(1, samples.length) };
}

/** Languages come in the order in which they first appear. */
export function summarize(route: Route, samples: readonly Sample[]): Summary {
  const languages = [...new Set(samples.map(({ lang }) => lang))];
  const perLanguage = languages.map((lang) => [
    lang,
    score(samples.filter((sample) => sample.lang === lang)),
  ]);
  return {
    route,
    ...score(samples),
    perLanguage: Object.fromEntries(perLanguage) as Summary['perLanguage'],
  };
}
