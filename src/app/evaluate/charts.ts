// What the chart of a run draws, as options for Observable Plot: accuracy by language with 95 % intervals, routes
// one under the other in each language.
import { axisFy, dot, gridX, ruleY, type PlotOptions } from '@observablehq/plot';
import type { Route } from '../../bridge/types.ts';
import type { Extractor } from '../../evaluate/record.ts';
import type { Summary } from '../../evaluate/summary.ts';
import { languageName } from '../shared/languages.ts';
import { routeName } from '../ask/routes.ts';
import { routeMarks } from './words.ts';

export interface AccuracyBar {
  language: string;
  route: Route;
  n: number;
  correct: number;
  /** Per cent. */
  accuracy: number;
  low: number;
  high: number;
}

/** A bar for each language and route that has answers, by the extractor's verdict. */
export function accuracyBars({ languages, routes }: Summary, extractor: Extractor): AccuracyBar[] {
  return languages.flatMap((lang) =>
    routes.flatMap(({ route, perLanguage }) => {
      const score = perLanguage[lang]?.[extractor];
      if (score === undefined) return [];
      const { n, correct, accuracy, low, high } = score;
      const share = { accuracy: 100 * accuracy, low: 100 * low, high: 100 * high };
      return [{ language: languageName(lang), route, n, correct, ...share }];
    }),
  );
}

/** The ends of an interval in per cent: `4 to 62%`. An end that is none but for rounding is 0. */
export function formatInterval({ low, high }: { low: number; high: number }): string {
  return `${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)}%`;
}

/** Height of a route's line in CSS pixels, and of the gap between languages. */
const lineHeight = 13;
const gap = 16;

export function accuracyChart(bars: readonly AccuracyBar[]): PlotOptions {
  const routes = [...new Set(bars.map(({ route }) => route))];
  const languages = [...new Set(bars.map(({ language }) => language))];
  const longest = Math.max(0, ...languages.map(({ length }) => length));
  const colour = ({ route }: AccuracyBar) => routeMarks[route].colour;
  return {
    height: 64 + languages.length * (routes.length * lineHeight + gap),
    marginLeft: 24 + 7 * longest,
    marginTop: 8,
    marginBottom: 44,
    x: {
      label: 'Right answers, %',
      labelAnchor: 'center',
      labelArrow: 'none',
      domain: [0, 100],
      ticks: 5,
    },
    y: { axis: null, domain: routes, padding: 0.7 },
    fy: { domain: languages, label: null, padding: 0.05 },
    color: { type: 'identity' },
    marks: [
      gridX({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 5 }),
      axisFy({ anchor: 'left', fill: 'currentColor', label: null }),
      ruleY(bars, {
        fy: 'language',
        y: 'route',
        x1: 'low',
        x2: 'high',
        stroke: colour,
        strokeWidth: 2,
        strokeOpacity: 0.55,
      }),
      ...routes.map((route) =>
        dot(
          bars.filter((bar) => bar.route === route),
          {
            fy: 'language',
            y: 'route',
            x: 'accuracy',
            r: 4,
            symbol: routeMarks[route].symbol,
            fill: routeMarks[route].colour,
            title: (bar: AccuracyBar) =>
              `${bar.language}, ${routeName(bar.route)}: ${bar.accuracy.toFixed(0)} %`,
          },
        ),
      ),
    ],
  };
}
