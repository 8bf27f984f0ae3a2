// Files that people bring, by their names.

/** Whether files are runs to compare with: our own run files, or samples files of lm-evaluation-harness. */
export function areRunFiles(files: readonly { name: string }[]): boolean {
  return (
    files.length > 0 &&
    files.every(({ name }) => /(?:^samples_.*|[.-]run(?: ?\(\d+\))?)\.jsonl$/i.test(name))
  );
}

/** What the pickers offer. */
export const problemFiles = '.tsv,.csv,.txt,.json,.jsonl,.gz';
export const runFiles = '.jsonl,.gz';
