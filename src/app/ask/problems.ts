// The example problems: which languages have them, and how their files are read.

/** A line of `public/problems/<language>.jsonl`. */
export interface Problem {
  id: string;
  lang: string;
  question: string;
  answer: string;
}

export interface ExampleLanguage {
  code: string;
  /** The language's own name. */
  name: string;
}

/** The languages of the embedded bundle; each has a file in `public/problems/`. */
export const exampleLanguages: readonly [ExampleLanguage, ...ExampleLanguage[]] = [
  { code: 'en', name: 'English' },
  { code: 'es', name: 'Español' },
  { code: 'fr', name: 'Français' },
  { code: 'de', name: 'Deutsch' },
  { code: 'pt', name: 'Português' },
  { code: 'ru', name: 'Русский' },
  { code: 'zh', name: '中文' },
  { code: 'ja', name: '日本語' },
  { code: 'ar', name: 'العربية' },
  { code: 'ko', name: '한국어' },
  { code: 'th', name: 'ไทย' },
  { code: 'vi', name: 'Tiếng Việt' },
  { code: 'id', name: 'Bahasa Indonesia' },
  { code: 'hi', name: 'हिन्दी' },
  { code: 'bn', name: 'বাংলা' },
  { code: 'te', name: 'తెలుగు' },
  { code: 'tr', name: 'Türkçe' },
  { code: 'sw', name: 'Kiswahili' },
  { code: 'yo', name: 'Yorùbá' },
  { code: 'am', name: 'አማርኛ' },
];

/**
 * The example languages that a bundle knows, under the bundle's names for them.
 * @param known the bundle's languages, or `null` while no bundle is loaded
 */
export function offeredLanguages(
  known: readonly ExampleLanguage[] | null,
): readonly ExampleLanguage[] {
  if (known === null) return exampleLanguages;
  return exampleLanguages.flatMap(
    ({ code }) => known.find((language) => language.code === code) ?? [],
  );
}

/**
 * The language to show first.
 * @param wanted the person's languages as BCP 47 tags, most wanted first
 */
export function preferredLanguage(
  wanted: readonly string[],
  offered: readonly ExampleLanguage[],
): string {
  const codes = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  const match = codes.find((code) => offered.some((language) => language.code === code));
  return match ?? offered[0]?.code ?? exampleLanguages[0].code;
}

/**
 * Reads a file of example problems.
 * @param text JSON lines
 * @throws {Error} with the line's number when a line is no problem
 */
export function parseProblems(text: string): Problem[] {
  return text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => {
      const problem = readLine(line);
      if (problem === null) throw new Error(`Line ${number} is no example problem: ${line}`);
      return problem;
    });
}

function readLine(line: string): Problem | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { id, lang, question, answer } = value as Record<string, unknown>;
  if (typeof id !== 'string' || typeof lang !== 'string' || typeof question !== 'string')
    return null;
  if (typeof answer !== 'string' && typeof answer !== 'number') return null;
  return { id, lang, question, answer: String(answer) };
}

/**
 * Some examples from a place in the file on; after the last one it starts over.
 * @param first how many examples were shown before
 */
export function exampleWindow(
  problems: readonly Problem[],
  first: number,
  count: number,
): Problem[] {
  const start = problems.length === 0 ? 0 : first % problems.length;
  return [...problems, ...problems].slice(start, start + problems.length).slice(0, count);
}
