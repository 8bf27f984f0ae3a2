// The data sets that the page knows, a row each.
import type { FileRecord } from '../../bundle/integrity.ts';
import type { ProblemFormat } from './mapping.ts';
import { mgsmFiles, msvampFiles } from './published.ts';
import { columnName } from './rows.ts';

export interface DatasetInfo {
  id: string;
  name: string;
  /** One sentence. */
  description: string;
  licence: { name: string; url: string };
  /** A page for people. */
  home: string;
  languages: readonly string[];
  /** Problems a language; `null` where languages differ. */
  items: number | null;
  /** Whether all languages hold the same problems under the same ids. */
  parallel: boolean;
  format: ProblemFormat;
  /** Absolute, or relative to the page. The servers let any page read them (CORS). */
  address: (lang: string) => string;
  /** What a person's copy of a language's file may be called. */
  fileNames: (lang: string) => string[];
  /** Size and hash by language of files that never change; `null` for those that come with the page. */
  published: Readonly<Record<string, FileRecord>> | null;
  /** Where the worked problems for few-shot prompts are (exemplars.ts), if there are any. */
  exemplars: string | null;
}

const mgsm =
  'https://raw.githubusercontent.com/google-research/url-nlp/452a21ad3dae5668c06ceeac21ff073e1e40f9be/mgsm';
const msvamp =
  'https://raw.githubusercontent.com/microsoft/MathOctopus/4d385db696c420b212ccf861fcfab13c1499a576/step1_supervised_finetuning/data/msvamp';

/** MathOctopus names its files by language: `test_Bengali.json`. */
const msvampNames: Readonly<Record<string, string>> = {
  ...{ bn: 'Bengali', de: 'German', en: 'English', es: 'Spanish', fr: 'French' },
  ...{ ja: 'Japanese', ru: 'Russian', sw: 'Swahili', th: 'Thai', zh: 'Chinese' },
};
const msvampFile = (lang: string) => `test_${msvampNames[lang] ?? lang}.json`;

export const datasets: readonly DatasetInfo[] = [
  {
    id: 'built-in',
    name: 'Built-in problems',
    description:
      'Everyday problems written for this page in twenty languages, none of them used in training.',
    licence: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    home: 'problems/',
    languages: [
      ...['en', 'es', 'fr', 'de', 'pt', 'ru', 'zh', 'ja', 'ko', 'th'],
      ...['vi', 'id', 'hi', 'bn', 'te', 'ar', 'tr', 'sw', 'yo', 'am'],
    ],
    items: null,
    parallel: false,
    format: {
      form: { kind: 'json-lines' },
      ...{ question: 'question', answer: 'answer', id: { column: 'id' } },
    },
    address: (lang) => `problems/${lang}.jsonl`,
    fileNames: (lang) => [`${lang}.jsonl`],
    published: null,
    exemplars: null,
  },
  {
    id: 'mgsm',
    name: 'MGSM',
    description:
      'The first 250 test problems of GSM8K, translated by people into ten languages (Shi et al. 2022, arXiv 2210.03057).',
    licence: { name: 'CC BY 4.0', url: 'https://creativecommons.org/licenses/by/4.0/' },
    home: 'https://github.com/google-research/url-nlp/tree/main/mgsm',
    languages: Object.keys(mgsmFiles),
    items: 250,
    parallel: true,
    format: {
      form: { kind: 'tabs', header: false },
      ...{ question: columnName(0), answer: columnName(1), id: { prefix: 'mgsm' } },
    },
    address: (lang) => `${mgsm}/mgsm_${lang}.tsv`,
    fileNames: (lang) => [`mgsm_${lang}.tsv`],
    published: mgsmFiles,
    exemplars: `${mgsm}/exemplars.py`,
  },
  {
    id: 'msvamp',
    name: 'MSVAMP',
    description:
      '1,000 one-step and two-step problems of SVAMP, translated into nine languages (Chen et al. 2023, arXiv 2310.20246).',
    licence: {
      name: 'MIT',
      url: 'https://github.com/microsoft/MathOctopus/blob/main/LICENSE',
    },
    home: 'https://github.com/microsoft/MathOctopus',
    languages: Object.keys(msvampFiles),
    items: 1000,
    parallel: true,
    format: {
      form: { kind: 'json-lines' },
      // `query` holds the English question, and is missing in the English file.
      ...{ question: 'm_query', answer: 'response', id: { prefix: 'msvamp' } },
    },
    address: (lang) => `${msvamp}/${msvampFile(lang)}`,
    fileNames: (lang) => [`msvamp_${lang}.jsonl`, msvampFile(lang)],
    published: msvampFiles,
    exemplars: null,
  },
];

/** The data set with an id, or `null`: a person's own files have none. */
export function datasetById(id: string): DatasetInfo | null {
  return datasets.find((set) => set.id === id) ?? null;
}

/**
 * Which published set and language an uploaded file is, by its name: `mgsm_bn.tsv`, `test_Bengali.json`.
 * Names of the built-in files are too short to mean anything.
 */
export function recognise(fileName: string): { set: DatasetInfo; lang: string } | null {
  const name = fileName
    .replace(/^.*[\\/]/, '')
    // Browsers number the second download of a file.
    .replace(/ ?\(\d+\)(?=\.)/, '')
    .replace(/\.gz$/i, '')
    .toLowerCase();
  for (const set of datasets.filter(({ published }) => published !== null)) {
    const lang = set.languages.find((one) =>
      set.fileNames(one).some((known) => known.toLowerCase() === name),
    );
    if (lang !== undefined) return { set, lang };
  }
  return null;
}
