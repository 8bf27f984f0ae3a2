// What the room calls extractors and stops, and how it marks routes.
import type { Route, StopReason } from '../../bridge/types.ts';
import type { Extractor } from '../../evaluate/record.ts';

export interface ExtractorDescription {
  extractor: Extractor;
  name: string;
  /** One sentence. */
  rule: string;
}

export const extractorDescriptions: readonly ExtractorDescription[] = [
  {
    extractor: 'strict',
    name: 'Strict',
    rule: 'The number behind the answer mark (####), or behind the words that announce an answer.',
  },
  {
    extractor: 'flexible',
    name: 'Flexible',
    rule: 'The last match of lm-evaluation-harness’s flexible-extract.',
  },
  {
    extractor: 'last-number',
    name: 'Last number',
    rule: 'The last number of the output, as LangBridge scores, sign kept.',
  },
];

export const stopNames: Readonly<Record<StopReason, string>> = {
  end: 'The model ended by itself',
  length: 'It reached the longest text it may write',
  stopped: 'It was stopped',
};

/** Colours and shapes of routes in charts; a shape too, so that nobody has to tell colours apart. */
export const routeMarks: Readonly<
  Record<
    Route,
    { colour: string; symbol: 'circle' | 'triangle' | 'square' | 'diamond'; sign: string }
  >
> = {
  direct: { colour: 'var(--series-2)', symbol: 'triangle', sign: '▲' },
  gloss: { colour: 'var(--series-3)', symbol: 'square', sign: '■' },
  langbridge: { colour: 'var(--series-4)', symbol: 'diamond', sign: '◆' },
  lingualift: { colour: 'var(--series-1)', symbol: 'circle', sign: '●' },
};
