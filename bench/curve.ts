// A memory curve: what a tab takes as an evaluation goes on, and how steeply it rises.

/** The tab after so many items. */
export interface Point {
  items: number;
  seconds: number;
  /** What the page and its workers hold, WebAssembly among it, garbage left out. */
  heldBytes: number;
  /** What their process has in main memory. */
  residentBytes: number;
}

type Measure = 'heldBytes' | 'residentBytes';

/** Models warm up and buffers reach their size in this share of a run: the slope is of what comes after. */
const warmUp = 0.2;

/** Bytes an item, by least squares over the points after the first fifth of the items. */
export function slope(points: readonly Point[], measure: Measure): number {
  const last = points.at(-1)?.items ?? 0;
  const settled = points.filter(({ items }) => items >= warmUp * last);
  const mean = (of: (point: Point) => number) =>
    settled.reduce((sum, point) => sum + of(point), 0) / settled.length;
  const items = mean((point) => point.items);
  const bytes = mean((point) => point[measure]);
  const covariance = mean((point) => (point.items - items) * (point[measure] - bytes));
  return covariance / mean((point) => (point.items - items) ** 2);
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** One point as a line of a table. */
export function describePoint({ items, seconds, heldBytes, residentBytes }: Point): string {
  const cells = [items, seconds.toFixed(0), megabytes(heldBytes), megabytes(residentBytes)];
  return cells.map((cell) => String(cell).padStart(12)).join('');
}

export const tableHead = ['items', 'seconds', 'held MB', 'resident MB']
  .map((cell) => cell.padStart(12))
  .join('');

/** How steeply both measures rise, in a sentence each. */
export function describeSlopes(points: readonly Point[]): string {
  const measures: Record<Measure, string> = { heldBytes: 'Held', residentBytes: 'Resident' };
  return (Object.keys(measures) as Measure[])
    .map((measure) => {
      const bytes = slope(points, measure);
      return `${measures[measure]}: ${(bytes / 1000).toFixed(2)} kB an item, ${megabytes(1000 * bytes)} MB a thousand.`;
    })
    .join('\n');
}
