// Everything that has to be known to repeat a run, in the words of the page.
import { routeName } from '../ask/routes.ts';
import type { RunRecord } from '../../evaluate/record.ts';
import { formatCount } from '../shared/format.ts';
import { languageName } from '../shared/languages.ts';
import { providerText } from '../models/providers.ts';

/** As much of a hash as tells two apart. */
const hashLength = 16;

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** The day and time of a run. */
export function runDay({ created }: RunRecord): string {
  return day.format(new Date(created));
}

export function runFacts(record: RunRecord): (readonly [name: string, value: string])[] {
  const { config, data, models } = record;
  const { replacement } = models;
  const facts: [string, string | null][] = [
    ['Begun', runDay(record)],
    ['Problems', `${data.name} (${data.licence})`],
    ['Hash of the problems', data.sha256.slice(0, hashLength)],
    ['Rows left out', formatCount(data.malformed)],
    ['Languages', config.languages.map(languageName).join(', ')],
    ['Routes', config.routes.map(routeName).join(', ')],
    [
      'Problems a language',
      config.limit === null ? 'All' : `${formatCount(config.limit)}, seed ${config.seed}`,
    ],
    ['Worked problems', config.exemplars === 0 ? null : String(config.exemplars)],
    ['Calculator', config.calculator ? 'On' : 'Off'],
    [
      'Decoding',
      `Greedy, at most ${formatCount(config.maxNewTokens)} tokens, ${config.batchSize} side by side`,
    ],
    ['Models', `${models.bundle} (${models.bundleSha256.slice(0, hashLength)})`],
    [
      'In place of LinguaLIFT',
      replacement && `${replacement.name} (${replacement.sha256.slice(0, hashLength)})`,
    ],
    ['Where it ran', providerText(models.provider)],
    [
      'Versions',
      Object.entries(models.versions)
        .map((version) => version.join(' '))
        .join(', '),
    ],
  ];
  return facts.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, value]]));
}
