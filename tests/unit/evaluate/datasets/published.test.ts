// The real files: the table says of them what is true, and every row of them is read.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../../src/bundle/integrity.ts';
import { readExemplars } from '../../../../src/evaluate/datasets/exemplars.ts';
import { describeFile } from '../../../../src/evaluate/datasets/describe.ts';
import { assemble } from '../../../../src/evaluate/datasets/load.ts';
import { readProblems } from '../../../../src/evaluate/datasets/mapping.ts';
import {
  datasetById,
  datasets,
  recognise,
  type DatasetInfo,
} from '../../../../src/evaluate/datasets/table.ts';

const root = join(import.meta.dirname, '../../../..');
const data = join(root, '../shared/data');

function setOf(id: string): DatasetInfo {
  const set = datasetById(id);
  if (set === null) throw new Error(`no data set ${id}`);
  return set;
}
const fileOf = (set: DatasetInfo, lang: string) => join(data, set.id, set.fileNames(lang)[0] ?? '');
const textOf = (set: DatasetInfo, lang: string) => readFileSync(fileOf(set, lang), 'utf8');
const read = (set: DatasetInfo, lang: string) => readProblems(textOf(set, lang), set.format, lang);

describe('the table', () => {
  it('names one commit in every address outside the page', () => {
    for (const set of datasets.filter(({ published }) => published !== null)) {
      for (const lang of set.languages) {
        expect(set.address(lang)).toMatch(
          /^https:\/\/raw\.githubusercontent\.com\/.*\/[0-9a-f]{40}\//,
        );
      }
    }
    // As the repository lists them.
    const names = setOf('msvamp').languages.map((lang) => setOf('msvamp').address(lang));
    expect(names.map((address) => /msvamp\/test_(\w+)\.json$/.exec(address)?.[1])).toEqual([
      ...['Bengali', 'German', 'English', 'Spanish', 'French'],
      ...['Japanese', 'Russian', 'Swahili', 'Thai', 'Chinese'],
    ]);
  });

  it('recognises uploads by their names, and takes no other files for them', () => {
    const found = (name: string) => {
      const one = recognise(name);
      return one && `${one.set.id} ${one.lang}`;
    };
    expect(found('mgsm_bn.tsv')).toBe('mgsm bn');
    expect(found('folder/MGSM_te (1).tsv.gz')).toBe('mgsm te');
    expect(found('msvamp_sw.jsonl')).toBe('msvamp sw');
    expect(found('test_Swahili.json')).toBe('msvamp sw');
    expect(found('mgsm_gl.tsv')).toBeNull();
    expect(found('mgsm_bn.json')).toBeNull();
    expect(found('en.jsonl')).toBeNull();
  });
});

describe('the built-in problems', () => {
  const set = setOf('built-in');

  it.each(set.languages)('are at least 40 in %s, none malformed', (lang) => {
    const text = readFileSync(join(root, 'public', set.address(lang)), 'utf8');
    const { problems, malformed } = readProblems(text, set.format, lang);
    expect(malformed).toEqual([]);
    expect(problems.length).toBeGreaterThanOrEqual(40);
  });
});

describe.skipIf(!existsSync(data))('the published files', () => {
  it.each(['mgsm', 'msvamp'])(
    'of %s have the sizes, hashes and rows that the table says',
    async (id) => {
      const set = setOf(id);
      const files = readdirSync(join(data, id)).filter((name) => recognise(name) !== null);
      expect(files).toHaveLength(set.languages.length);
      for (const lang of set.languages) {
        const bytes = new Uint8Array(readFileSync(fileOf(set, lang)));
        expect(set.published?.[lang]).toEqual({ bytes: bytes.length, sha256: await sha256(bytes) });
        const { problems, malformed } = read(set, lang);
        expect(malformed).toEqual([]);
        expect(problems).toHaveLength(set.items ?? 0);
      }
    },
  );

  it('are 11 languages of MGSM and 10 of MSVAMP with the same answers under the same ids', () => {
    for (const [id, count] of [
      ['mgsm', 11],
      ['msvamp', 10],
    ] as const) {
      const set = setOf(id);
      expect(set.languages).toHaveLength(count);
      const key = (lang: string) =>
        read(set, lang).problems.map((one) => `${one.id} ${one.answer.value.numerator}`);
      for (const lang of set.languages) expect(key(lang)).toEqual(key('en'));
    }
  });

  it('have answers that add up to what Python finds', () => {
    // sum(int(a.replace(',', ''))) over mgsm_en.tsv, sum(float(response)) over msvamp_sw.jsonl
    const total = (id: string, lang: string) =>
      read(setOf(id), lang).problems.reduce((sum, { answer }) => sum + answer.value.numerator, 0n);
    expect(total('mgsm', 'en')).toBe(794_988n);
    expect(total('msvamp', 'sw')).toBe(30_562_279n);
  });

  it('have four answers with a comma in every language of MGSM', () => {
    const set = setOf('mgsm');
    for (const lang of set.languages) {
      const written = read(set, lang).problems.map(({ answer }) => answer.text);
      const commas = written.filter((text) => text.includes(','));
      expect(commas).toEqual(['2,125', '114,200', '276,000', '5,600']);
    }
  });

  it('have Bengali digits in 757 Bengali questions of MSVAMP', () => {
    const { problems } = read(setOf('msvamp'), 'bn');
    expect(problems.filter(({ question }) => /[০-৯]/.test(question))).toHaveLength(757);
  });

  it('are not NFC in 238 Bengali questions of MGSM, which reading mends', () => {
    const set = setOf('mgsm');
    const isNfc = (text: string) => text === text.normalize('NFC');
    const raw = textOf(set, 'bn').trim().split('\n');
    expect(raw.filter((line) => !isNfc(line))).toHaveLength(238);
    expect(read(set, 'bn').problems.filter(({ question }) => !isNfc(question))).toEqual([]);
  });

  it('have a hash of their problems that Python finds too', async () => {
    const set = setOf('mgsm');
    const parts = ['en', 'bn'].map((lang) => ({ source: lang, dataset: read(set, lang) }));
    const { facts } = await assemble({ name: set.name, licence: set.licence.name }, parts);
    // hashlib.sha256 over '\n'.join(json.dumps([lang, id, nfc(question), answer], ensure_ascii=False)), bn before en
    expect(facts.sha256).toBe('b8eef81fe51c152027aa72dd6be62142d115abbe67ea84fdfa62bcab8399dc6d');
  });

  it('describe themselves as what they are when their names say nothing', () => {
    expect(describeFile(textOf(setOf('mgsm'), 'th'), 'x1.tsv').guess).toMatchObject({
      form: { kind: 'tabs', header: false },
      ...{ question: 'column 1', answer: 'column 2', language: { tag: 'th' } },
    });
    expect(describeFile(textOf(setOf('msvamp'), 'en'), 'x1.json').guess).toMatchObject({
      ...{ form: { kind: 'json-lines' }, question: 'm_query', answer: 'response' },
    });
  });
});

const exemplars = join(data, 'mgsm/derived/exemplars.json');
describe.skipIf(!existsSync(exemplars))('the worked problems of MGSM', () => {
  it('are eight a language, without labels', () => {
    const table = (JSON.parse(readFileSync(exemplars, 'utf8')) as { exemplars: unknown }).exemplars;
    const python = `MGSM_EXEMPLARS = ${JSON.stringify(table, null, 4)}\n`;
    for (const lang of setOf('mgsm').languages) {
      const found = readExemplars(python, lang);
      expect(found).toHaveLength(8);
      for (const { question, answer } of found) {
        expect(`${question.slice(0, 12)} ${answer.slice(0, 12)}`).not.toMatch(/[:：]/);
      }
    }
    expect(readExemplars(python, 'en')[7]).toEqual({
      question:
        'If there are 3 cars in the parking lot and 2 more cars arrive, how many cars are in the parking lot?',
      answer:
        'There are 3 cars in the beginning, 2 more arrive, so now there should be 3 + 2 = 5 cars. The answer is 5.',
    });
  });
});
