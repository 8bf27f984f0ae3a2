// A chart as SVG text: for each language a row, for each route a mark at its accuracy and a line over its interval.
// The page draws with Observable Plot, which needs a document; a file that is written in Node has none.
import { routes, type Route } from '../../bridge/types.ts';
import { languageName } from '../../lexicon/languageName.ts';
import { html, type Html } from './html.ts';
import { percent } from './reportText.ts';
import type { ScoreRow } from './scores.ts';

/** Pixels: width, the column of names, the space right of the scale, a route's line, between languages, the axis. */
const size = { width: 720, names: 150, right: 24, line: 16, gap: 12, axis: 28 };
const ticks = [0, 0.25, 0.5, 0.75, 1];

/** Each route has its own shape as well as its own colour. Drawn around 0, 0. */
const marks: Readonly<Record<Route, Html>> = {
  direct: html`<circle class="mark" r="4" />`,
  gloss: html`<rect class="mark" x="-4" y="-4" width="8" height="8" />`,
  langbridge: html`<path class="mark" d="M0-5 5 4H-5z" />`,
  lingualift: html`<path class="mark" d="M0-5.5 5.5 0 0 5.5-5.5 0z" />`,
};

/** The class that colours a route, the same in every chart. */
const series = (route: Route) => `series-${routes.indexOf(route) + 1}`;

/**
 * Draws accuracies.
 * @param rows of languages, of one extractor; the order of their first rows is the order in the chart
 * @param label what a screen reader says in its place
 */
export function accuracyChart(rows: readonly ScoreRow[], label: string): Html {
  const languages = [...new Set(rows.map(({ of }) => of))];
  const shown = routes.filter((route) => rows.some((row) => row.route === route));
  const band = shown.length * size.line + size.gap;
  const top = size.axis;
  const bottom = top + languages.length * band;
  const places = rows.map((row) => {
    const within = size.gap / 2 + (shown.indexOf(row.route) + 0.5) * size.line;
    return { row, y: top + languages.indexOf(row.of) * band + within };
  });
  return html`<svg
    role="img"
    aria-label="${label}"
    viewBox="0 0 ${size.width} ${bottom + size.axis}"
    width="${size.width}"
    xmlns="http://www.w3.org/2000/svg"
  >
    ${legend(shown)} ${ticks.map((tick) => gridLine(tick, top, bottom))}
    ${languages.map((tag, place) => name(tag, top + (place + 0.5) * band))}
    ${places.map(({ row, y }) => score(row, y))}
  </svg>`;
}

/** Horizontal place of a share. */
function x(share: number): number {
  const scale = size.width - size.names - size.right;
  return Math.round((size.names + share * scale) * 10) / 10;
}

function legend(shown: readonly Route[]): Html[] {
  return shown.map(
    (route, place) =>
      html`<g class="${series(route)}" transform="translate(${size.names + place * 120} 14)">
        ${marks[route]}<text x="10" y="5">${route}</text>
      </g>`,
  );
}

function gridLine(tick: number, top: number, bottom: number): Html {
  return html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${top}" y2="${bottom}" /><text
      x="${x(tick)}"
      y="${bottom + 18}"
      text-anchor="middle"
      >${percent(tick)}</text
    >`;
}

function name(tag: string, y: number): Html {
  return html`<text x="${size.names - 12}" y="${y + 4}" text-anchor="end"
    >${languageName(tag)}</text
  >`;
}

function score({ route, of, accuracy, low, high }: ScoreRow, y: number): Html {
  const words = `${languageName(of)}, ${route}: ${percent(accuracy)} (${percent(low)} to ${percent(high)})`;
  return html`<g class="${series(route)}">
    <title>${words}</title>
    <line class="interval" x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}" />
    <g transform="translate(${x(accuracy)} ${y})">${marks[route]}</g>
  </g>`;
}
