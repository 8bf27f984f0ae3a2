// A person's own file at first sight.
import { describe, expect, it } from 'vitest';
import { describeFile } from '../../../../src/evaluate/datasets/describe.ts';
import { assemble, readUpload } from '../../../../src/evaluate/datasets/load.ts';
import { readMapped, type Mapping } from '../../../../src/evaluate/datasets/mapping.ts';

/** The guess as a mapping, where it is complete. */
function mappingOf(text: string, name: string): Mapping {
  const { question, answer, ...rest } = describeFile(text, name).guess;
  if (question === null || answer === null) throw new Error('nothing was guessed');
  return { ...rest, question, answer };
}

describe('a description', () => {
  it('finds the columns of AfriMGSM by their names and the language by the file', () => {
    const text =
      'question\tanswer\tanswer_number\tequation_solution\nNgapi 2 na 3?\t\t5\t\nNgapi 1 na 3?\t\t4\t\n';
    const description = describeFile(text, 'afrimgsm_swa_test.tsv');
    expect(description).toMatchObject({
      rows: 2,
      guess: {
        form: { kind: 'tabs', header: true },
        ...{ question: 'question', answer: 'answer_number' },
        ...{ id: { prefix: 'afrimgsm_swa_test' }, language: { tag: 'sw' } },
      },
    });
    expect(description.columns[0]).toEqual({
      name: 'question',
      samples: ['Ngapi 2 na 3?', 'Ngapi 1 na 3?'],
    });
  });

  it('finds the columns of a table without header by what is in them', () => {
    const text = 'Tom has 2 and 3, how many?\t5\nধর ১ আর ২?\t3\n';
    expect(describeFile(text, 'x.txt').guess).toMatchObject({
      form: { kind: 'tabs', header: false },
      ...{ question: 'column 1', answer: 'column 2' },
    });
  });

  it('takes a first row without number in the answer column for a header, in any language', () => {
    const text = 'Nummer;Frage;Lösung\n1;Was ist 2 und 3?;5\n2;Was ist 1 und 3?;4\n';
    expect(mappingOf(text, 'aufgaben_de.csv')).toMatchObject({
      form: { kind: 'commas', header: true, delimiter: ';' },
      ...{ question: 'Frage', answer: 'Lösung', language: { tag: 'de' } },
    });
  });

  it('finds ids and languages in JSON lines, even behind a damaged first line', () => {
    const text = '{"idx": 1, "lo\n{"idx": 2, "lang": "th", "problem": "?", "solution": "#### 4"}\n';
    expect(describeFile(text, 'x.jsonl').guess).toMatchObject({
      form: { kind: 'json-lines' },
      ...{ question: 'problem', answer: 'solution' },
      ...{ id: { column: 'idx' }, language: { column: 'lang' } },
    });
    expect(readMapped(text, mappingOf(text, 'x.jsonl')).malformed).toHaveLength(1);
  });

  it('prefers the translated question of MSVAMP, and knows Bengali by its letters', () => {
    const text = '{"query": "how many", "m_query": "কতগুলি আছে", "response": "8.0"}';
    expect(describeFile(text, 'x.json').guess).toMatchObject({
      ...{ question: 'm_query', answer: 'response', language: { tag: 'bn' } },
    });
  });

  it('guesses no answer where no column has numbers', () => {
    expect(describeFile('one,two\nthree,four', 'x.csv').guess.answer).toBeNull();
  });

  it('knows English by the name of the file, and no language where nothing points to one', () => {
    expect(describeFile('A?,1', 'gsm8k-en.csv').guess.language).toEqual({ tag: 'en' });
    expect(describeFile('A?,1', 'x1.csv').guess.language).toEqual({ tag: 'und' });
  });

  it('refuses web pages and empty files', () => {
    expect(() => describeFile('\n<!DOCTYPE html><html></html>', 'a.tsv')).toThrow(/a web page/);
    expect(() => describeFile('\n\n', 'a.tsv')).toThrow(/no rows/);
  });
});

describe('an upload', () => {
  const bytes = (...values: number[]) => new Blob([new Uint8Array(values)]);

  it('is read as text', async () => {
    expect(await readUpload('a.tsv', new Blob(['ক?\t১']))).toBe('ক?\t১');
  });

  it('is refused when it is Parquet or too large', async () => {
    const parquet = bytes(0x50, 0x41, 0x52, 0x31, 0x15, 0x00, 0x15, 0x80);
    await expect(readUpload('a.parquet', parquet)).rejects.toMatchObject({
      code: 'binary',
      message: expect.stringMatching(/^a\.parquet is no text.*TSV, CSV or JSON lines/) as string,
    });
    const huge = Object.defineProperty(bytes(), 'size', { value: 101 * 1024 * 1024 });
    await expect(readUpload('a.tsv', huge)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(/problems up to 64 MB/) as string,
    });
  });
});

describe('files put together', () => {
  const about = { name: 'Own', licence: '' };
  const part = (source: string, text: string) => ({
    source,
    dataset: readMapped(text, mappingOf(text, source)),
  });

  it('keep the source of each malformed row', async () => {
    const { problems, malformed, facts } = await assemble(about, [
      part('a_sw.csv', 'A 1?,1\nB?,none\nC 2?,2'),
      part('b_sw.csv', 'A 1?,1'),
    ]);
    expect(problems.map(({ id }) => id)).toEqual(['a_sw-1', 'a_sw-3', 'b_sw-1']);
    expect(malformed).toMatchObject([{ source: 'a_sw.csv', line: 2 }]);
    expect(facts).toMatchObject({ ...about, sources: ['a_sw.csv', 'b_sw.csv'], malformed: 1 });
  });

  it('are refused where two hold the same problems, or none has any', async () => {
    const one = part('a_sw.csv', 'A 1?,1');
    await expect(assemble(about, [one, { ...one, source: 'copy.csv' }])).rejects.toMatchObject({
      code: 'same-problems',
    });
    await expect(assemble(about, [])).rejects.toMatchObject({ code: 'no-problems' });
  });
});
