// What a report says of a run's config, data and models: all that is needed to repeat it.
import { languageName } from '../../lexicon/languageName.ts';
import type { RunRecord } from '../record.ts';
import { html, type Html } from './html.ts';

export function factsTable(record: RunRecord): Html {
  const known = factsOf(record).filter(([, value]) => value !== null && value !== '');
  return html`<table class="facts">
    <tbody>
      ${known.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td dir="auto">${value ?? ''}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Names and values; `null` where there is nothing to say. */
function factsOf({ config, data, models, selfCheck, status, reason }: RunRecord) {
  const { provider, replacement } = models;
  const versions = Object.entries(models.versions).map((one) => one.join(' '));
  const rows: [name: string, value: string | number | null][] = [
    ['Data', `${data.name} (${config.dataset})`],
    ['Licence', data.licence],
    ['Sources', data.sources.join(', ')],
    ['SHA-256 of the problems', data.sha256],
    ['Lines that were no problems', data.malformed],
    ['Languages', config.languages.map(languageName).join(', ')],
    ['Routes', config.routes.join(', ')],
    ['Problems a language', `${config.limit ?? 'all'}, seed ${config.seed}`],
    ['Worked examples', config.exemplars],
    ['Decoding', `greedy, at most ${config.maxNewTokens} tokens, ${config.batchSize} side by side`],
    ['Calculator', config.calculator ? 'on' : 'off'],
    ['Bundle', models.bundle],
    ['SHA-256 of the bundle', models.bundleSha256],
    ['In place of lingualift', replacement && `${replacement.name}, SHA-256 ${replacement.sha256}`],
    ['Ran on', `${provider.kind}, ${provider.detail}. ${provider.reason}`],
    ['Versions', versions.join(', ')],
    [
      'Check against WASM',
      selfCheck && `${selfCheck.differing.length} of ${selfCheck.items} differ`,
    ],
    ['Status', reason === null ? status : `${status}: ${reason}`],
  ];
  return rows;
}
