// From the files of a data set, fetched or uploaded, to what a run begins with: problems, bad rows, and the
// facts that its record keeps.
import { sha256 } from '../../bundle/integrity.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import { LexiconError } from '../../lexicon/errors.ts';
import { maxFileBytes, readText } from '../../lexicon/readText.ts';
import type { DataFacts } from '../record.ts';
import { byLanguage, type Dataset, type MalformedLine, type Problem } from './problem.ts';

/** What one file held. */
export interface LoadedPart {
  /** Its address or name. */
  source: string;
  dataset: Dataset;
}

export interface LoadedDataset {
  /** Part after part. */
  problems: Problem[];
  malformed: (MalformedLine & { source: string })[];
  facts: DataFacts;
}

/**
 * Puts the files of a data set together.
 * @param about the set's name and the name of its licence, for the record
 * @throws LinguaLiftError `same-problems` where two files hold the same id in the same language, `no-problems`
 * where none is left
 */
export async function assemble(
  about: { name: string; licence: string },
  parts: readonly LoadedPart[],
): Promise<LoadedDataset> {
  const sourceOf = new Map<string, string>();
  for (const { source, dataset } of parts) {
    for (const { lang, id } of dataset.problems) {
      const earlier = sourceOf.get(`${lang} ${id}`);
      if (earlier !== undefined) throw sameProblemsError(earlier, source, lang, id);
      sourceOf.set(`${lang} ${id}`, source);
    }
  }
  const problems = parts.flatMap(({ dataset }) => dataset.problems);
  const malformed = parts.flatMap(({ source, dataset }) =>
    dataset.malformed.map((row) => ({ ...row, source })),
  );
  if (problems.length === 0) {
    const [first] = malformed;
    throw new LinguaLiftError(
      'no-problems',
      `${about.name} has no problem to evaluate on.${first ? ` ${first.source}, line ${first.line}: ${first.reason}.` : ''} Check which columns are the question and the answer.`,
    );
  }
  const facts = {
    ...about,
    sources: parts.map(({ source }) => source),
    sha256: await hashOf(problems),
    malformed: malformed.length,
  };
  return { problems, malformed, facts };
}

/**
 * SHA-256 of problems as JSON lines `[lang, id, question, answer]`, languages in the order of their tags: the
 * same for the page and the command line, fetched or uploaded, one file or several.
 */
async function hashOf(problems: readonly Problem[]): Promise<string> {
  const languages = byLanguage(problems);
  const lines = [...languages.keys()]
    .sort()
    .flatMap((lang) => languages.get(lang) ?? [])
    .map(({ lang, id, question, answer }) => JSON.stringify([lang, id, question, answer.text]));
  return sha256(new TextEncoder().encode(lines.join('\n')));
}

/**
 * The text of an uploaded file, unpacked if it is gzip.
 * @throws LinguaLiftError `too-large` or `binary`
 */
export async function readUpload(name: string, file: Blob): Promise<string> {
  try {
    return await readText(name, file);
  } catch (thrown) {
    if (!(thrown instanceof LexiconError)) throw thrown;
    const message =
      thrown.code === 'too-large'
        ? `${name} is too large: files of problems up to ${maxFileBytes / 1024 / 1024} MB can be read. Cut it into smaller files.`
        : `${name} is no text in UTF-8 or UTF-16. Save Parquet files and spreadsheets as TSV, CSV or JSON lines.`;
    throw new LinguaLiftError(thrown.code, message, thrown.message, { cause: thrown });
  }
}

function sameProblemsError(
  first: string,
  second: string,
  lang: string,
  id: string,
): LinguaLiftError {
  return new LinguaLiftError(
    'same-problems',
    `${first} and ${second} hold the same problems. Leave one of them out.`,
    `both have the id ${id} in the language ${lang}`,
  );
}
