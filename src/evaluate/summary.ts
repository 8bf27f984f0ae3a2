// From samples to figures: right answers by route, language and extractor, with intervals, and averages over groups
// of languages. Plain data, which the page draws, the command line prints and the exporters write.
import { routes, type Route } from '../bridge/types.ts';
import { byLanguage } from './datasets/problem.ts';
import { resourceGroups, type LanguageGroup } from './languages.ts';
import type { Extractor, Sample } from './record.ts';
import { clusteredMean, type ClusteredMean } from './statistics/clustered.ts';
import { wilson } from './statistics/wilson.ts';

/** The extractor whose figures stand for a run where there is room for one. */
export const headline: Extractor = 'strict';

/** Right answers of a route in one language. */
export interface Score {
  /** Answers, those that were an error among them. */
  n: number;
  correct: number;
  /** Answers in which the extractor found nothing; they count as wrong. */
  missing: number;
  /** `correct / n`. */
  accuracy: number;
  /** Wilson's 95 % interval. */
  low: number;
  high: number;
}

/** The average of a route over a group of languages. `accuracy` is the mean of the languages' accuracies. */
export interface GroupScore extends Score, Pick<ClusteredMean, 'standardError' | 'questions'> {
  /** Those of the group that have answers. */
  languages: string[];
}

export interface RouteSummary {
  route: Route;
  /** Answers that are an error: questions that the models cannot take. */
  errors: number;
  perLanguage: Record<string, Record<Extractor, Score>>;
  groups: Record<string, Record<Extractor, GroupScore>>;
}

export interface Summary {
  headline: Extractor;
  n: number;
  /** In the order in which they first appear. */
  languages: string[];
  /** In the order of the page's columns; only those that have samples. */
  routes: RouteSummary[];
}

/** What is needed of a sample. */
export type ScoredSample = Pick<
  Sample,
  'id' | 'lang' | 'route' | 'extracted' | 'correct' | 'error'
>;

export interface SummaryOptions {
  /** Default: all, high- and low-resource languages of the samples. */
  groups?: readonly LanguageGroup[];
}

/**
 * Counts samples.
 * @param samples of one run, in any state of it
 */
export function summarize(
  samples: readonly ScoredSample[],
  { groups }: SummaryOptions = {},
): Summary {
  const languages = [...new Set(samples.map(({ lang }) => lang))];
  return {
    headline,
    n: samples.length,
    languages,
    routes: routes.flatMap((route) => {
      const own = samples.filter((sample) => sample.route === route);
      return own.length === 0
        ? []
        : [summarizeRoute(route, own, groups ?? resourceGroups(languages))];
    }),
  };
}

function summarizeRoute(
  route: Route,
  samples: readonly ScoredSample[],
  groups: readonly LanguageGroup[],
): RouteSummary {
  const samplesOf = byLanguage(samples);
  const perLanguage = [...samplesOf].map(([lang, own]) => [
    lang,
    forEachExtractor((extractor) => languageScore(own, extractor)),
  ]);
  const averages = groups.flatMap(({ name, languages }) => {
    const present = languages.filter((lang) => samplesOf.has(lang));
    const own = present.flatMap((lang) => samplesOf.get(lang) ?? []);
    return own.length === 0
      ? []
      : [[name, forEachExtractor((extractor) => groupScore(own, present, extractor))]];
  });
  return {
    route,
    errors: samples.filter(({ error }) => error !== null).length,
    perLanguage: Object.fromEntries(perLanguage) as RouteSummary['perLanguage'],
    groups: Object.fromEntries(averages) as RouteSummary['groups'],
  };
}

function languageScore(samples: readonly ScoredSample[], extractor: Extractor): Score {
  const counts = count(samples, extractor);
  const [low, high] = wilson(counts.correct, counts.n);
  return { ...counts, accuracy: counts.correct / Math.max(1, counts.n), low, high };
}

function groupScore(
  samples: readonly ScoredSample[],
  languages: string[],
  extractor: Extractor,
): GroupScore {
  const answers = samples.map(({ id, lang, correct }) => ({
    question: id,
    lang,
    correct: correct[extractor],
  }));
  const { mean, ...interval } = clusteredMean(answers);
  return { languages, ...count(samples, extractor), accuracy: mean, ...interval };
}

function count(samples: readonly ScoredSample[], extractor: Extractor) {
  return {
    n: samples.length,
    correct: samples.filter(({ correct }) => correct[extractor]).length,
    missing: samples.filter(({ extracted }) => extracted[extractor] === null).length,
  };
}

function forEachExtractor<Result>(of: (extractor: Extractor) => Result): Record<Extractor, Result> {
  return { strict: of('strict'), flexible: of('flexible'), 'last-number': of('last-number') };
}
