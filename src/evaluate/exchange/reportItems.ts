// Every item of a run as a table of the report: what was taken and whether it is right, and the question and the
// output one click away. Texts of any script set their own direction.
import { languageName } from '../../lexicon/languageName.ts';
import { byLanguage } from '../datasets/problem.ts';
import { extractors, type Extractor, type Sample } from '../record.ts';
import { html, type Html } from './html.ts';

/** A table for each language, closed: a browser lays out what is opened, and a run may have ten thousand items. */
export function itemTables(samples: readonly Sample[]): Html[] {
  return [...byLanguage(samples)].map(
    ([lang, own]) =>
      html`<details>
        <summary>${languageName(lang)}: ${own.length} items</summary>
        <div class="wide">${itemsTable(own)}</div>
      </details>`,
  );
}

function itemsTable(samples: readonly Sample[]): Html {
  return html`<table class="items">
    <thead>
      <tr>
        <th scope="col">Problem</th>
        <th scope="col">Route</th>
        <th scope="col">Expected</th>
        ${extractors.map((extractor) => html`<th scope="col">${extractor}</th>`)}
        <th scope="col">Question and output</th>
      </tr>
    </thead>
    <tbody>
      ${samples.map(item)}
    </tbody>
  </table>`;
}

function item(sample: Sample): Html {
  return html`<tr>
    <th scope="row">${sample.id}</th>
    <td>${sample.route}</td>
    <td class="number">${sample.expected}</td>
    ${extractors.map((extractor) => taken(sample, extractor))}
    <td>${look(sample)}</td>
  </tr>`;
}

/** What an extractor took, with a mark that does not need its colour. */
function taken({ extracted, correct }: Sample, extractor: Extractor): Html {
  const [kind, mark, word] = correct[extractor] ? ['right', '✓', 'right'] : ['wrong', '✗', 'wrong'];
  return html`<td class="number ${kind}">
    <bdi>${extracted[extractor] ?? 'none'}</bdi>
    <span role="img" aria-label="${word}">${mark}</span>
  </td>`;
}

function look(sample: Sample): Html {
  const { lang, question, text, error } = sample;
  return html`<details>
    <summary lang="${lang}" dir="auto">${beginning(question)}</summary>
    <p class="output" lang="${lang}" dir="auto">${question}</p>
    <p class="output" dir="auto">${error ?? text}</p>
    <p class="quiet">${numbers(sample)}</p>
  </details>`;
}

/** The first words of a question, enough to know it by. */
const shownCharacters = 60;

function beginning(question: string): string {
  const characters = [...question];
  const cut = characters.slice(0, shownCharacters).join('');
  return characters.length > shownCharacters ? `${cut}…` : cut;
}

/** How the LLM came to its end, and in what time. */
function numbers({ stop, tokens, promptTokens, softPromptLength, timings }: Sample): string {
  const parts = [
    `${tokens} tokens`,
    `prompt of ${promptTokens} tokens`,
    ...(softPromptLength > 0 ? [`soft prompt of ${softPromptLength}`] : []),
    ...(stop === 'length' ? ['cut off at the limit'] : []),
    ...(timings === null
      ? []
      : [
          `encode ${ms(timings.encodeMs)}, align ${ms(timings.alignMs)}`,
          `prefill ${ms(timings.prefillMs)}, decode ${ms(timings.decodeMs)}`,
        ]),
  ];
  return `${parts.join(', ')}.`;
}

const ms = (value: number) => `${Math.round(value)} ms`;
