// Numbers as people type them.

/** A number that a person typed, with a point or a comma for decimals; `NaN` where it is none. */
export function readNumber(text: string): number {
  const written = text.trim().replace(',', '.');
  return written === '' ? NaN : Number(written);
}

/** What is wrong with a number that is to be whole and not less than `least`, or `null`: for a `NumberField`. */
export function wholeFrom(least: number): (value: number) => string | null {
  return (value) =>
    Number.isInteger(value) && value >= least ? null : `A whole number from ${least}.`;
}

/** A number as a person would type it. */
export function writeNumber(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}
