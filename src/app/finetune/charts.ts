// What the charts of the room draw, as options for Observable Plot. Colours are the tokens of tokens.css; every
// line also ends in its name, so that nobody has to tell colours apart.
import {
  areaY,
  barX,
  dot,
  gridY,
  line,
  ruleX,
  text,
  type Markish,
  type PlotOptions,
} from '@observablehq/plot';
import type { RunConfig, StepEvent } from '../../../workers/training-protocol.ts';
import { languageName } from '../shared/languages.ts';
import { accuracyPoints, smooth, thin, type AccuracyPoint, type Phase } from './curves.ts';
import { formatNumber } from './numbers.ts';

/** More points than a chart has pixels only take time. */
const mostPoints = 400;
const height = 220;
/** Room for the names of the axes above and below. */
const margins = { marginTop: 32, marginBottom: 40 };

/** Colour of the n-th line of a chart. */
export function seriesColour(index: number): string {
  return `var(--series-${(index % 6) + 1})`;
}

const steps = (total: number): PlotOptions['x'] => ({
  label: 'Step',
  labelAnchor: 'center',
  labelArrow: 'none',
  domain: [0, Math.max(1, total)],
  ticks: 5,
});

type Lesson = RunConfig['settings']['lesson'];

/** What the loss of a lesson is measured in. */
export const lossLabels: Readonly<Record<Lesson, string>> = {
  sentences: 'Loss, nats a token',
  words: 'Loss, distance from the English words',
};

/** Loss of each step, faint, and smoothed. */
export function lossChart(curve: readonly StepEvent[], total: number, lesson: Lesson): PlotOptions {
  const smoothed = smooth(curve.map(({ loss }) => loss));
  const points = thin(
    curve.map(({ step, loss }, index) => ({ step, loss, smoothed: smoothed[index] ?? loss })),
    mostPoints,
  );
  return {
    height,
    ...margins,
    x: steps(total),
    y: { label: lossLabels[lesson], labelArrow: 'none', nice: true, ticks: 5 },
    marks: [
      gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 5 }),
      line(points, { x: 'step', y: 'loss', stroke: 'var(--accent)', strokeOpacity: 0.35 }),
      line(points, { x: 'step', y: 'smoothed', stroke: 'var(--accent)', strokeWidth: 2 }),
      dot(points.slice(-1), { x: 'step', y: 'smoothed', fill: 'var(--accent)', r: 3 }),
    ],
  };
}

/** One number of each step over the steps. */
export function stepChart(
  curve: readonly StepEvent[],
  total: number,
  { label, read }: { label: string; read: (step: StepEvent) => number },
): PlotOptions {
  const points = thin(curve, mostPoints);
  return {
    height: 160,
    ...margins,
    marginLeft: 56,
    x: steps(total),
    y: { label, labelArrow: 'none', nice: true, ticks: 4, zero: true, tickFormat: formatNumber },
    marks: [
      gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 4 }),
      line(points, { x: 'step', y: read, stroke: 'var(--accent)', strokeWidth: 1.5 }),
    ],
  };
}

/** Accuracy of each language over the steps, with 95 % intervals. */
export function accuracyChart(
  evaluations: Parameters<typeof accuracyPoints>[0],
  total: number,
): PlotOptions {
  const points = accuracyPoints(evaluations);
  const languages = [...new Set(points.map(({ lang }) => lang))];
  const ends = spread(languages.flatMap((lang) => points.filter((p) => p.lang === lang).slice(-1)));
  return {
    height,
    ...margins,
    marginRight: 96,
    x: steps(total),
    y: { label: 'Right answers, %', labelArrow: 'none', domain: [0, 100], ticks: 5 },
    marks: [
      gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 5 }),
      ...languages.flatMap((lang, index): Markish[] => {
        const own = points.filter((point) => point.lang === lang);
        const colour = seriesColour(index);
        return [
          areaY(own, {
            x: 'step',
            y1: (p: AccuracyPoint) => 100 * p.low,
            y2: (p: AccuracyPoint) => 100 * p.high,
            fill: colour,
            fillOpacity: 0.1,
          }),
          line(own, {
            x: 'step',
            y: (p: AccuracyPoint) => 100 * p.accuracy,
            stroke: colour,
            strokeWidth: 2,
          }),
          dot(own, { x: 'step', y: (p: AccuracyPoint) => 100 * p.accuracy, fill: colour, r: 3.5 }),
        ];
      }),
      text(ends, {
        x: 'step',
        y: 'place',
        text: ({ lang }: AccuracyPoint) => languageName(lang),
        fill: ({ lang }: AccuracyPoint) => seriesColour(languages.indexOf(lang)),
        textAnchor: 'start',
        dx: 8,
        fontWeight: 600,
      }),
    ],
    color: { type: 'identity' },
  };
}

/** Least distance of two names, in per cent of the chart's height. */
const nameHeight = 8;

/** Where the names of lines stand at their ends, moved apart where they would overlap. */
function spread(ends: readonly AccuracyPoint[]): (AccuracyPoint & { place: number })[] {
  const sorted = [...ends].sort((a, b) => a.accuracy - b.accuracy);
  let below = -Infinity;
  return sorted.map((end) => {
    const place = Math.max(100 * end.accuracy, below + nameHeight);
    below = place;
    return { ...end, place };
  });
}

export interface NamedCurve {
  name: string;
  curve: readonly StepEvent[];
}

/** Smoothed losses of several runs in one chart. */
export function compareChart(runs: readonly NamedCurve[]): PlotOptions {
  const last = Math.max(1, ...runs.map(({ curve }) => curve.at(-1)?.step ?? 0));
  return {
    height: 280,
    ...margins,
    x: steps(last),
    y: { label: 'Smoothed loss', labelArrow: 'none', nice: true, ticks: 5 },
    marks: [
      gridY({ stroke: 'var(--line)', strokeOpacity: 1, ticks: 5 }),
      ...runs.flatMap(({ curve }, index): Markish[] => {
        const points = smoothedPoints(curve);
        const stroke = seriesColour(index);
        return [
          line(points, { x: 'step', y: 'loss', stroke, strokeWidth: 2 }),
          text(points.slice(-1), {
            x: 'step',
            y: 'loss',
            text: () => String(index + 1),
            fill: stroke,
            dx: 8,
            fontWeight: 700,
          }),
        ];
      }),
    ],
  };
}

/** At most as many points of a run's smoothed loss as can be told apart. */
export function smoothedPoints(curve: readonly StepEvent[]): { step: number; loss: number }[] {
  const smoothed = smooth(curve.map(({ loss }) => loss));
  return thin(
    curve.map(({ step, loss }, index) => ({ step, loss: smoothed[index] ?? loss })),
    mostPoints,
  );
}

/** What a step spends its time on. */
export function phaseChart(phases: readonly Phase[]): PlotOptions {
  return {
    height: 60 + 28 * phases.length,
    marginBottom: 40,
    marginLeft: 88,
    marginRight: 64,
    x: { label: 'Milliseconds a step', labelAnchor: 'center', labelArrow: 'none', ticks: 4 },
    y: { label: null, domain: phases.map(({ name }) => name) },
    marks: [
      barX(phases, {
        x: 'milliseconds',
        y: 'name',
        fill: 'var(--accent)',
        insetTop: 3,
        insetBottom: 3,
      }),
      text(phases, {
        x: 'milliseconds',
        y: 'name',
        text: ({ milliseconds }: Phase) => formatNumber(milliseconds),
        textAnchor: 'start',
        dx: 4,
      }),
      ruleX([0], { stroke: 'var(--line-strong)' }),
    ],
  };
}
