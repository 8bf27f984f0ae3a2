// A person's own files of sentence pairs: one table, or two files whose lines belong together.
import { LinguaLiftError } from '../../bundle/errors.ts';
import { fromName } from '../../lexicon/language.ts';
import { undetermined } from '../../lexicon/types.ts';
import { readPairTable, readParallel, type PairList } from './pairs.ts';
import { tatoebaPart } from './tatoeba.ts';

/** A file by its name and its text. */
export interface PairFile {
  name: string;
  text: string;
}

/** Pairs, and the languages of their sides as BCP 47 tags, `und` where names do not tell. */
export interface NamedPairs extends PairList {
  source: string;
  target: string;
}

/**
 * Reads one table or two parallel files. Of two files the English one is the target; the test set's own files are
 * known by their names.
 * @throws LinguaLiftError `too-many-files`, `no-columns` or `lines-differ`
 */
export function readPairFiles(files: readonly PairFile[]): NamedPairs {
  const [first, second, third] = files;
  if (first === undefined || third !== undefined) throw countError(files.length);
  if (second === undefined) {
    const source = fromName(first.name) ?? undetermined;
    return { ...readPairTable(first.text), source, target: 'en' };
  }
  const [source, target] = isEnglish(first.name) ? [second, first] : [first, second];
  return {
    ...readParallel(source.text, target.text),
    source: languageOf(source.name),
    target: languageOf(target.name),
  };
}

/** The language of one side, from a name such as `ntrex.sw.txt`. */
function languageOf(name: string): string {
  const part = tatoebaPart(name);
  if (part) return part.side === 'source' ? part.language.tag : 'en';
  return isEnglish(name) ? 'en' : (fromName(name) ?? undetermined);
}

/** Whether a file is the English side: its name ends in `en`, `eng` or `English`, whatever comes before. */
function isEnglish(name: string): boolean {
  return /(?:^|[^a-z])(?:en|eng|english)(?:\.(?:txt|tsv|csv|gz))*$/i.test(name);
}

function countError(count: number): LinguaLiftError {
  return new LinguaLiftError(
    'too-many-files',
    `Choose one table or two files whose lines belong together, not ${count} files.`,
  );
}
