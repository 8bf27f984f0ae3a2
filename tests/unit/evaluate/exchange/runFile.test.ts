// Own run files, there and back, and what is said of those that cannot be read.
import { describe, expect, test } from 'vitest';
import { LinguaLiftError } from '../../../../src/bundle/errors.ts';
import { importRun, writeRunFile } from '../../../../src/evaluate/exchange/runFile.ts';
import { record, samples } from './runs.ts';

const name = 'run.jsonl';
const text = writeRunFile(record, samples);

/** The sentence that a person reads. */
function complaint(...texts: string[]): string {
  try {
    importRun(texts.map((one) => ({ name, text: one })));
  } catch (error) {
    expect(error).toBeInstanceOf(LinguaLiftError);
    expect((error as LinguaLiftError).code).toBe('run-file');
    return (error as LinguaLiftError).message;
  }
  throw new Error('The file was read.');
}

describe('a run file', () => {
  test('holds all of a run: only its status is another after the import', () => {
    const run = importRun([{ name, text }]);
    expect(run.record).toEqual({ ...record, status: 'imported', reason: null });
    expect(run.samples).toEqual(samples);
  });

  test('is one line for the record and one for each sample, line breaks in texts notwithstanding', () => {
    expect(text.trimEnd().split('\n')).toHaveLength(1 + samples.length);
  });

  test('may have a byte order mark, Windows line ends and empty lines', () => {
    const edited = `\uFEFF${text.replaceAll('\n', '\r\n')}\r\n\r\n`;
    expect(importRun([{ name, text: edited }]).samples).toEqual(samples);
  });
});

describe('a file that is no run', () => {
  test('is refused with the line and the field that are wrong', () => {
    const broken = text.replace('"tokens":14', '"tokens":"many"');
    expect(complaint(broken)).toBe(
      '“run.jsonl” cannot be imported. Line 2: “tokens” should be number, but is "many".',
    );
  });

  test('is refused with the path of a nested field of the record', () => {
    const broken = text.replace('"seed":7', '"sead":7');
    expect(complaint(broken)).toContain('Line 1: “lingualiftRun.config.seed” should be');
  });

  test('is refused when its format is a later one', () => {
    expect(complaint(text.replace('"format":1', '"format":2'))).toContain(
      '“lingualiftRun.format” should be 1, but is 2',
    );
  });

  test('is refused where it was cut off', () => {
    const lines = text.trimEnd().split('\n').length;
    expect(complaint(text.trimEnd().slice(0, -5))).toContain(`Line ${lines}: it is no JSON`);
  });

  test('is refused when an item stands in it twice', () => {
    const [, second] = text.split('\n');
    expect(complaint(`${text}${second}\n`)).toContain(
      `Line ${samples.length + 2}: problem mgsm-1 (bn, direct) is already on line 2`,
    );
  });

  test('is told from a run by its first line', () => {
    expect(complaint('{"question": "x", "answer": "1"}\n')).toContain('holds no run');
    expect(complaint('')).toBe('There is nothing in this file.');
  });

  test('is refused beside another run', () => {
    expect(complaint(text, text)).toContain('several runs');
  });
});
