// What differs between the configs of runs: a row for each setting that is not the same everywhere.
import type { RunConfig, RunSummary } from '../../../workers/training-protocol.ts';
import { formatShare } from '../shared/format.ts';
import { languageName } from '../shared/languages.ts';
import { formatNumber } from './numbers.ts';
import { stageName } from './stages.ts';

/** What is compared of a run. */
export interface Compared {
  config: RunSummary['config'];
  languages: readonly string[];
}

type Setting = readonly [label: string, read: (run: Compared) => string];

const fromSettings =
  (read: (settings: RunConfig['settings']) => string | number) =>
  ({ config }: Compared) => {
    const value = read(config.settings);
    return typeof value === 'number' ? formatNumber(value) : value;
  };

/** Every setting, in the order of the form. A part that a run does not have is a dash. */
const settings: readonly Setting[] = [
  ['Stage', ({ config }) => stageName(config.stage)],
  ['Languages', ({ languages }) => languages.map(languageName).join(', ') || '–'],
  ['Starts from', ({ config }) => startText(config.alignment.start)],
  [
    'Alignment',
    ({ config: { alignment } }) => (alignment.start.from === 'scratch' ? alignment.kind : '–'),
  ],
  ['Steps', fromSettings(({ steps }) => steps)],
  ['Examples a step', fromSettings(({ batch }) => batch)],
  ['Learning rate', fromSettings(({ learningRate }) => learningRate)],
  ['Schedule', fromSettings(({ schedule }) => schedule)],
  ['Warm-up', fromSettings(({ warmupShare }) => formatShare(warmupShare))],
  ['Weight decay', fromSettings(({ weightDecay }) => weightDecay)],
  ['Largest gradient', fromSettings(({ maxGradientNorm }) => maxGradientNorm)],
  ['Seed', fromSettings(({ seed }) => seed)],
  ['To translate', fromSettings(({ translationShare }) => formatShare(translationShare))],
  [
    'Sentences switched',
    ({ config: { switching } }) => (switching ? formatShare(switching.sentenceRatio) : '–'),
  ],
  [
    'Words switched',
    ({ config: { switching } }) => switching?.tokenRatio.map(formatShare).join(' to ') ?? '–',
  ],
  ['Translation of a word', ({ config: { switching } }) => switching?.polysemy ?? '–'],
  ['LoRA rank', ({ config: { adapters } }) => adapters?.rank.toString() ?? '–'],
  ['LoRA alpha', ({ config: { adapters } }) => adapters?.alpha.toString() ?? '–'],
  [
    'LoRA beside',
    ({ config: { adapters } }) => adapters?.targets.map(shortTarget).join(', ') ?? '–',
  ],
  ['Examples at once', ({ config }) => formatNumber(config.microBatch)],
];

export interface Difference {
  label: string;
  /** One for each run, in their order. */
  values: string[];
}

/** The settings in which runs differ; none for a single run. */
export function differences(runs: readonly Compared[]): Difference[] {
  return settings
    .map(([label, read]) => ({ label, values: runs.map(read) }))
    .filter(({ values }) => new Set(values).size > 1);
}

/** All settings of one run that it has. */
export function settingsOf(run: Compared): [label: string, value: string][] {
  return settings
    .map(([label, read]): [string, string] => [label, read(run)])
    .filter(([, value]) => value !== '–');
}

function startText(start: RunConfig['alignment']['start']): string {
  if (start.from === 'scratch') return 'random numbers';
  if (start.from === 'file') return `the file ${start.name}`;
  return start.from === 'bundle' ? `the bundle’s ${start.name}` : 'an earlier run';
}

/** `self_attn.q_proj` as people say it: `q`. */
export function shortTarget(target: string): string {
  return target.replace(/^.*\./, '').replace(/_proj$/, '');
}
