// The files that a run can be handed out as, a row each.
import type { RunRecord, Sample } from '../record.ts';
import type { Summary } from '../summary.ts';
import { samplesCsv, summaryCsv } from './csv.ts';
import { exportName } from './fileNames.ts';
import { harnessArchive } from './harnessResults.ts';
import { writeReport } from './report.ts';
import { writeRunFile } from './runFile.ts';

export type ExportKind = 'report' | 'items-csv' | 'scores-csv' | 'harness' | 'run';

export interface ExportedFile {
  name: string;
  file: Blob;
}

interface ExportForm {
  ending: string;
  type: string;
  write: (
    record: RunRecord,
    samples: readonly Sample[],
    summary: Summary,
  ) => string | Promise<Blob>;
}

const forms: Readonly<Record<ExportKind, ExportForm>> = {
  report: { ending: 'html', type: 'text/html', write: writeReport },
  'items-csv': {
    ending: 'items.csv',
    type: 'text/csv',
    write: (_, samples) => samplesCsv(samples),
  },
  'scores-csv': {
    ending: 'scores.csv',
    type: 'text/csv',
    write: (_record, _samples, summary) => summaryCsv(summary),
  },
  harness: { ending: 'harness.zip', type: 'application/zip', write: harnessArchive },
  run: { ending: 'run.jsonl', type: 'application/jsonl', write: writeRunFile },
};

/** Writes a run as a file. */
export async function exportFile(
  kind: ExportKind,
  record: RunRecord,
  samples: readonly Sample[],
  summary: Summary,
): Promise<ExportedFile> {
  const { ending, type, write } = forms[kind];
  const content = await write(record, samples, summary);
  return { name: exportName(record, ending), file: new Blob([content], { type }) };
}
