// How the report writes languages and shares.
const names = new Intl.DisplayNames('en', { type: 'language' });
const oneDecimal = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** What a language is called in English; a tag that is none is its own name. */
export function languageName(tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** A share of 1: `83.6%`. */
export function percent(share: number): string {
  return oneDecimal.format(share);
}
