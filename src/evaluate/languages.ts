// What scoring knows of languages: how answers are announced, how numbers are written, which languages are called
// high-resource. Languages that are in no table are treated as they are by the rest of the world: no prefix of
// their own, a decimal point, low-resource.

/**
 * What stands before the answer, as the worked examples of MGSM have it (Shi et al. 2022, arXiv 2210.03057) and
 * lm-evaluation-harness looks for it (`REGEX` in the `utils.py` of its mgsm tasks; Arabic to Serbian from the xmgsm
 * tasks of its forks). Where the examples use two wordings, both are here. Sources of a `RegExp`.
 */
export const answerPrefixes: Readonly<Record<string, string>> = {
  en: 'The answer is',
  es: 'La respuesta es',
  fr: 'La réponse est',
  de: 'Die Antwort (?:lautet|ist)',
  ru: 'Ответ',
  zh: '答案是',
  ja: '答えは',
  th: 'คำตอบคือ',
  sw: 'Jibu ni',
  bn: 'উত্তর হল',
  te: 'సమాధానం',
  ar: 'الإجابة هي',
  ko: '답은',
  vi: 'Câu trả lời là',
  cs: 'Odpověď je',
  hu: 'A válasz',
  sr: 'Одговор је',
};

/**
 * Languages that write 2,5 and 1.500 (Unicode CLDR 48). CLDR has Swahili among them too; in MGSM and MSVAMP it
 * writes 2.5 and 1,500.
 */
const withDecimalComma: ReadonlySet<string> = new Set(
  (
    'af az be bg br bs ca cs cv da de el eo es et eu fi fo fr fy gl hr hu hy ia id is it jv ka kk kl ku ky lb ' +
    'ln lo lt lu lv mk nb nl nn no oc os pl pt rm rn ro ru rw sc se sk sl sq sr su sv tg tk tr tt uk uz vi wo'
  ).split(' '),
);

/** Whether a comma starts the decimals in a language. */
export function hasDecimalComma(lang: string): boolean {
  return withDecimalComma.has(languageOf(lang));
}

/** A set of languages over which accuracy is averaged. */
export interface LanguageGroup {
  name: string;
  languages: readonly string[];
}

/** Languages with plenty of text in every large model's training data. */
export const highResource: readonly string[] = [
  'en',
  'es',
  'fr',
  'de',
  'pt',
  'ru',
  'zh',
  'ja',
  'ar',
];

/**
 * The groups that papers on low-resource reasoning report.
 * @param languages as the samples name them
 * @param high those that count as high-resource; all others are low-resource
 * @returns all, high and low, without the empty ones
 */
export function resourceGroups(languages: readonly string[], high = highResource): LanguageGroup[] {
  const isHigh = (lang: string) => high.includes(languageOf(lang));
  return [
    { name: 'all', languages },
    { name: 'high-resource', languages: languages.filter(isHigh) },
    { name: 'low-resource', languages: languages.filter((lang) => !isHigh(lang)) },
  ].filter((group) => group.languages.length > 0);
}

/** The language of a tag: `pt` of `pt-BR`, `sw` of AfriMGSM's `swa`. A tag that is none stays as it is. */
export function languageOf(tag: string): string {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return tag;
  }
}
