// What exported files are called: `lingualift-mgsm-2026-11-21-first-try.html`.
import type { RunRecord } from '../record.ts';

/** Long enough for a sentence, short enough for every file system. */
const longestPart = 60;

/**
 * The name of a file about a run: data set, day (UTC), the run's name, and what it is.
 * @param ending what is in it: `html`, `samples.csv`
 */
export function exportName(
  { config, created, name }: Pick<RunRecord, 'config' | 'created' | 'name'>,
  ending: string,
): string {
  const parts = ['lingualift', slug(config.dataset), created.slice(0, 10), slug(name)];
  return `${parts.filter((part) => part !== '').join('-')}.${ending}`;
}

/** Letters and digits of any script in lower case, hyphens for the rest. */
function slug(text: string): string {
  const words =
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...words.join('-')].slice(0, longestPart).join('').replace(/-$/, '');
}
