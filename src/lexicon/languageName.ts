// What languages are called, in English.
import { undetermined } from './types.ts';

const names = new Intl.DisplayNames('en', { type: 'language' });

/** What the language of a BCP 47 tag is called: `Swahili`. A tag that has no name, or is none, is its own. */
export function languageName(tag: string): string {
  // Unicode's own name for it is "root".
  if (tag === undetermined) return 'Unknown language';
  try {
    return names.of(tag) ?? tag;
  } catch {
    // A tag of a wrong form: columns of people's own files hold what they like.
    return tag;
  }
}
