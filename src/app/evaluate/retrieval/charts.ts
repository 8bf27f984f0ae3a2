// The two pictures of a retrieval, as options for Observable Plot, and the tables behind them: which sentences
// are near to which, and where both languages lie in the plane. The languages differ by shape as well as colour.
import { dot, link, text, type PlotOptions, type RenderFunction } from '@observablehq/plot';
import type { Retrieval } from '../../../evaluate/retrieval/retrieve.ts';

/** What the two sides are called: `Swahili`, `English`. */
export interface SideNames {
  source: string;
  target: string;
}

export interface Table {
  columns: string[];
  rows: (string | number)[][];
}

type Similarity = Retrieval['similarity'];

/** Lowest and highest cosine of the heat map: the ends of its colours. */
export function similarityRange({ data }: Similarity): { low: number; high: number } {
  return { low: Math.min(...data), high: Math.max(...data) };
}

/** The colour of a share from 0 (the sheet) to 1 (the accent). */
export function heatColour(share: number): string {
  return `color-mix(in oklab, var(--accent) ${(100 * share).toFixed(1)}%, var(--sheet))`;
}

/** A wider heat map would be too high to see as a whole. */
const widestMap = 520;

/** Cosines as a square of cells, a row a source, a column a target. Translations meet on the diagonal. */
export function similarityChart(
  similarity: Similarity,
  { source, target }: SideNames,
  width: number,
): PlotOptions {
  const { rows, columns } = similarity;
  const axis = { labelAnchor: 'center', labelArrow: 'none', ticks: 5 } as const;
  return {
    // As high as wide between the margins, so that cells are squares.
    height: Math.min(width, widestMap),
    ...{ marginTop: 44, marginBottom: 20, marginLeft: 44 },
    marginRight: Math.max(20, width - widestMap + 20),
    x: { ...axis, label: `${target} sentence`, domain: [0.5, columns + 0.5], axis: 'top' },
    y: { ...axis, label: `${source} sentence`, domain: [rows + 0.5, 0.5] },
    marks: [cellsOf(similarity)],
  };
}

/** As many shades as can be told apart. */
const shades = 32;

/** The cells, those of one shade as one path: 2,500 elements would hold up the page. */
function cellsOf(similarity: Similarity): RenderFunction {
  const { data, columns } = similarity;
  const { low, high } = similarityRange(similarity);
  return (_index, { x, y }, _values, _dimensions, { document }) => {
    const at = (column: number, row: number) => [x?.(column), y?.(row)].join(' ');
    const paths = Array.from({ length: shades }, () => '');
    for (const [place, value] of data.entries()) {
      const [column, row] = [(place % columns) + 0.5, Math.floor(place / columns) + 0.5];
      const share = high > low ? (value - low) / (high - low) : 1;
      const corners = [
        ...[at(column, row), at(column + 1, row)],
        ...[at(column + 1, row + 1), at(column, row + 1)],
      ];
      paths[Math.round(share * (shades - 1))] += `M${corners.join('L')}Z`;
    }
    const group = document.createElementNS(svg, 'g');
    // Else the sheet would shine through between the cells.
    group.setAttribute('shape-rendering', 'crispEdges');
    for (const [shade, path] of paths.entries()) {
      if (path === '') continue;
      const cells = group.appendChild(document.createElementNS(svg, 'path'));
      cells.setAttribute('d', path);
      cells.style.fill = heatColour(shade / (shades - 1));
    }
    return group;
  };
}

const svg = 'http://www.w3.org/2000/svg';

/** The numbers of the heat map. Columns are numbered as its axis. */
export function similarityTable(
  { data, rows, columns }: Similarity,
  { source, target }: SideNames,
): Table {
  const numbers = Array.from({ length: columns }, (_, column) => `${target} ${column + 1}`);
  return {
    columns: [`${source} sentence`, ...numbers],
    rows: Array.from({ length: rows }, (_, row) => [
      row + 1,
      ...Array.from(data.subarray(row * columns, (row + 1) * columns), (value) => value.toFixed(3)),
    ]),
  };
}

/** A sentence in the plane. */
interface Point {
  /** From 1; a sentence and its translation share it. */
  pair: number;
  side: keyof SideNames;
  x: number;
  y: number;
}

/** More pairs than this hide each other, and take time. */
const mostPairs = 300;
/** Lines between translations that can still be followed. */
const mostLinks = 50;

/** The projected sentences, sources first; of many pairs the first. */
export function projectedPoints({ kept, projection: { points } }: Retrieval): Point[] {
  const shown = Math.min(kept.length, mostPairs);
  return (['source', 'target'] as const).flatMap((side, index) =>
    Array.from({ length: shown }, (_, pair) => {
      const at = 2 * (index * kept.length + pair);
      return { pair: pair + 1, side, x: points[at] ?? 0, y: points[at + 1] ?? 0 };
    }),
  );
}

/** Both languages in the plane, thin lines between the first translations, the languages' names above. */
export function projectionChart(retrieval: Retrieval, names: SideNames): PlotOptions {
  const points = projectedPoints(retrieval);
  const [first, second] = retrieval.projection.explained.map((share) => Math.round(100 * share));
  const looks = {
    source: { fill: 'var(--series-2)', symbol: 'square', sign: '■', frameAnchor: 'top-left' },
    target: { fill: 'var(--series-1)', symbol: 'circle', sign: '●', frameAnchor: 'top-right' },
  } as const;
  const sides = (['source', 'target'] as const).map((side) => ({
    side,
    points: points.filter((point) => point.side === side),
  }));
  const [sources = [], targets = []] = sides.map((one) => one.points);
  const links = sources.slice(0, mostLinks).map((from, index) => ({ from, to: targets[index] }));
  type Link = (typeof links)[number];
  const axis = { labelAnchor: 'center', labelArrow: 'none', ticks: 4 } as const;
  return {
    height: 360,
    marginTop: 32,
    marginBottom: 40,
    marginLeft: 56,
    x: { ...axis, label: `First component, ${first ?? 0} % of the variance` },
    y: { ...axis, label: `Second component, ${second ?? 0} %` },
    marks: [
      link(links, {
        x1: ({ from }: Link) => from.x,
        y1: ({ from }: Link) => from.y,
        x2: ({ to }: Link) => to?.x,
        y2: ({ to }: Link) => to?.y,
        stroke: 'var(--line-strong)',
        strokeOpacity: 0.5,
      }),
      ...sides.map((one) => {
        const { fill, symbol } = looks[one.side];
        return dot(one.points, { x: 'x', y: 'y', r: 3, fill, symbol, fillOpacity: 0.7 });
      }),
      ...sides.map(({ side }) => {
        const { sign, fill, frameAnchor } = looks[side];
        return text([`${sign} ${names[side]}`], { frameAnchor, fill, dy: -16, fontWeight: 600 });
      }),
    ],
  };
}

/** Where the sentences lie, a row a sentence. */
export function projectionTable(retrieval: Retrieval, names: SideNames): Table {
  return {
    columns: ['Pair', 'Language', 'First component', 'Second component'],
    rows: projectedPoints(retrieval).map(({ pair, side, x, y }) => [
      pair,
      names[side],
      x.toFixed(4),
      y.toFixed(4),
    ]),
  };
}
