// The four figures of a result, in the order of the table's columns, and what they are called.
import { directions, measures, type Direction } from '../../../evaluate/retrieval/retrieve.ts';
import type { SideNames } from './charts.ts';
import type { View } from './missed.ts';

const measureNames = { cosine: 'Cosine', margin: 'Margin' } as const;

export interface NamedView extends View {
  id: string;
  /** Of the measure. */
  name: string;
}

export const views: readonly NamedView[] = measures.flatMap((measure) =>
  directions.map((direction) => ({
    ...{ measure, direction },
    id: `${measure} ${direction}`,
    name: measureNames[measure],
  })),
);

/** `Swahili → English`. */
export function directionName(direction: Direction, { source, target }: SideNames): string {
  return direction === 'forward' ? `${source} → ${target}` : `${target} → ${source}`;
}
