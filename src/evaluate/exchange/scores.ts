// A summary as rows, one for each route, language or group, and extractor: what the spreadsheet, the tables and the
// chart of an export are made of.
import type { Route } from '../../bridge/types.ts';
import { extractors, type Extractor } from '../record.ts';
import type { Score, Summary } from '../summary.ts';

/** A score and what it is of. */
export interface ScoreRow extends Score {
  route: Route;
  kind: 'language' | 'group';
  /** A language's tag, or a group's name. */
  of: string;
  extractor: Extractor;
}

/** Languages first, then groups, in the summary's order. */
export function scoreRows(summary: Summary): ScoreRow[] {
  return summary.routes.flatMap(({ route, perLanguage, groups }) => [
    ...rowsOf(route, 'language', perLanguage),
    ...rowsOf(route, 'group', groups),
  ]);
}

function rowsOf(
  route: Route,
  kind: ScoreRow['kind'],
  scores: Readonly<Record<string, Record<Extractor, Score>>>,
): ScoreRow[] {
  return Object.entries(scores).flatMap(([of, perExtractor]) =>
    extractors.map((extractor) => ({ route, kind, of, extractor, ...perExtractor[extractor] })),
  );
}
