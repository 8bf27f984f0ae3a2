// A run as a file of our own: JSON lines, the record on the first, one sample on each of the others. Nothing of a
// run is lost in it, which the other formats cannot say.
import * as v from 'valibot';
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { RunRecord, Sample } from '../record.ts';
import { isHarnessLine, readHarnessSamples } from './harnessImport.ts';
import { readLines, refuse, type TextFile } from './jsonLines.ts';
import { recordSchema, sampleSchema, type Run } from './runSchema.ts';

/** The record stands in an object of its own, so that its line is told from a sample by its first words. */
const headSchema = v.object({ lingualiftRun: recordSchema });

/** Writes a run, a line at a time. */
export function writeRunFile(record: RunRecord, samples: readonly Sample[]): string {
  return [{ lingualiftRun: record }, ...samples]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

/**
 * Reads a run to compare with: our own run file, or the samples files that lm-evaluation-harness wrote for one model,
 * one a task. The record's status is `imported`; the store gives it an id of its own.
 * @throws LinguaLiftError `run-file`, naming file, line and field
 */
export function importRun(files: readonly TextFile[]): Run {
  const [first] = files;
  const head = first && readLines(first).next().value;
  if (head === undefined) throw new LinguaLiftError('run-file', 'There is nothing in this file.');
  if (isHarnessLine(head.json)) return readHarnessSamples(files);
  if (files.length > 1) {
    throw new LinguaLiftError('run-file', 'These files are several runs. Import one at a time.');
  }
  return readRunFile(head.file);
}

function readRunFile(file: TextFile): Run {
  const lines = readLines(file);
  const head = lines.next().value;
  if (head === undefined || !v.is(v.looseObject({ lingualiftRun: v.unknown() }), head.json)) {
    throw new LinguaLiftError(
      'run-file',
      `“${file.name}” holds no run. Import a run file (.run.jsonl) of this page, or samples files (samples_….jsonl) of lm-evaluation-harness.`,
    );
  }
  const record = v.safeParse(headSchema, head.json);
  if (!record.success) throw refuse(head, record.issues);
  const samples: Sample[] = [];
  const places = new Map<string, number>();
  for (const line of lines) {
    const result = v.safeParse(sampleSchema, line.json);
    if (!result.success) throw refuse(line, result.issues);
    const { id, lang, route } = result.output;
    const key = JSON.stringify([id, lang, route]);
    const earlier = places.get(key);
    if (earlier !== undefined) {
      throw refuse(line, `problem ${id} (${lang}, ${route}) is already on line ${earlier}`);
    }
    places.set(key, line.number);
    samples.push(result.output);
  }
  return {
    record: { ...record.output.lingualiftRun, status: 'imported', reason: null },
    samples,
  };
}
