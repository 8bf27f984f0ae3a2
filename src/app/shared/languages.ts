// Languages by their BCP 47 tags, and by what they are called in English.
import { languageName } from '../../lexicon/languageName.ts';

export { languageName };

export interface Language {
  tag: string;
  name: string;
}

let known: Language[] | null = null;

/** The languages with two-letter codes that have a name in this browser, by name. English is not foreign. */
export function knownLanguages(): readonly Language[] {
  known ??= namedLanguages();
  return known;
}

function namedLanguages(): Language[] {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .map((tag) => ({ tag, name: languageName(tag) }))
    .filter(({ tag, name }) => name !== tag && tag !== 'en' && isCanonical(tag))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/**
 * The languages whose name or tag has a text in it, those that begin with it first; and the text itself where
 * it is the tag of a language without an entry, such as `aii`.
 */
export function findLanguages(languages: readonly Language[], text: string): Language[] {
  const wanted = text.trim().toLowerCase();
  const matching = languages.filter(
    ({ tag, name }) => tag === wanted || name.toLowerCase().includes(wanted),
  );
  const begins = ({ tag, name }: Language) =>
    tag === wanted || name.toLowerCase().startsWith(wanted);
  const found = [...matching.filter(begins), ...matching.filter((one) => !begins(one))];
  const typed = typedTag(wanted);
  if (typed === null || found.some(({ tag }) => tag === typed)) return found;
  return [...found, { tag: typed, name: languageName(typed) }];
}

/** A tag that a person typed, in its canonical form; `null` for other texts and for English. */
function typedTag(text: string): string | null {
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/.test(text)) return null;
  const canonical = Intl.getCanonicalLocales(text)[0] ?? text;
  return canonical === 'en' ? null : canonical;
}

function isCanonical(tag: string): boolean {
  return Intl.getCanonicalLocales(tag)[0] === tag;
}
