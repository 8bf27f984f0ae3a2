// Numbers as people type them.

/** A number that a person typed, with a point or a comma for decimals; `NaN` where it is none. */
export function readNumber(text: string): number {
  const written = text.trim().replace(',', '.');
  return written === '' ? NaN : Number(written);
}

/** A number as a person would type it. */
export function writeNumber(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}
