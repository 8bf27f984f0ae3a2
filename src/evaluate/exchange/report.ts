// A run as one HTML file that needs nothing else: no script, no font, no address. It holds what was asked of which
// models, the scores with their intervals, and every item, so that it can be sent, kept, and read offline.
import { languageName } from '../../lexicon/languageName.ts';
import { extractors, type Extractor, type RunRecord, type Sample } from '../record.ts';
import type { Summary } from '../summary.ts';
import { html, Html } from './html.ts';
import { accuracyChart } from './reportChart.ts';
import { factsTable } from './reportFacts.ts';
import { itemTables } from './reportItems.ts';
import { reportStyle } from './reportStyle.ts';
import { percent } from './reportText.ts';
import { scoreRows, type ScoreRow } from './scores.ts';

/** Keeps the file from loading or running anything, whatever is written in a question. */
const policy = "default-src 'none'; style-src 'unsafe-inline'";

const extractorTexts: Readonly<Record<Extractor, string>> = {
  strict: 'Strict: the number behind the answer mark.',
  flexible: 'Flexible: the last match of lm-evaluation-harness’s flexible-extract.',
  'last-number': 'Last number: the last number of the output.',
};

/** Writes the report: a whole HTML document. */
export function writeReport(
  record: RunRecord,
  samples: readonly Sample[],
  summary: Summary,
): string {
  const rows = scoreRows(summary);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${record.name} - lingualift</title>
        <style>
          ${new Html(reportStyle)}
        </style>
      </head>
      <body>
        <main>
          <h1 dir="auto">${record.name}</h1>
          <p class="quiet">
            An evaluation by lingualift, ${record.created.slice(0, 10)}. ${samples.length} of
            ${record.items} items answered.
          </p>
          <h2>Scores</h2>
          <p>
            Shares of right answers with 95 % intervals: Wilson’s for a language; for averages,
            intervals clustered by question, because the same problems recur in each language.
            Extractors take the number out of the same output by different rules.
          </p>
          ${extractors.map((extractor, place) => scoresOf(extractor, rows, place === 0))}
          <h2>What was asked</h2>
          <div class="wide">${factsTable(record)}</div>
          <h2>Items</h2>
          ${itemTables(samples)}
        </main>
      </body>
    </html>`;
  return page.markup;
}

function scoresOf(extractor: Extractor, all: readonly ScoreRow[], open: boolean): Html {
  const rows = all.filter((row) => row.extractor === extractor);
  const languages = rows.filter(({ kind }) => kind === 'language');
  const opened = open ? new Html(' open') : '';
  return html`<details ${opened}>
    <summary>${extractorTexts[extractor]}</summary>
    <figure>
      ${accuracyChart(languages, `Accuracy by language and route, ${extractor}; the table below has the numbers.`)}
    </figure>
    <div class="wide">${scoreTable(rows)}</div>
  </details>`;
}

/** Languages and groups down, routes across. */
function scoreTable(rows: readonly ScoreRow[]): Html {
  const routes = [...new Set(rows.map(({ route }) => route))];
  const names = [...new Set(rows.map(({ kind, of }) => `${kind} ${of}`))];
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Language</th>
        ${routes.map((route) => html`<th scope="col">${route}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${names.map((key) => {
        const line = rows.filter(({ kind, of }) => `${kind} ${of}` === key);
        const [{ kind, of } = { kind: 'group', of: '' }] = line;
        const title = kind === 'language' ? languageName(of) : `Average: ${of}`;
        const cells = routes.map((route) => scoreCell(line.find((row) => row.route === route)));
        return html`<tr>
          <th scope="row">${title}</th>
          ${cells}
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function scoreCell(row: ScoreRow | undefined): Html {
  if (row === undefined) return html`<td></td>`;
  const { accuracy, low, high, correct, n } = row;
  return html`<td class="number">
    ${percent(accuracy)}
    <span class="quiet">${percent(low)} to ${percent(high)}, ${correct}/${n}</span>
  </td>`;
}
