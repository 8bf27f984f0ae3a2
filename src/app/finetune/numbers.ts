// Numbers of a training run as people read them.

const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const small = new Intl.NumberFormat('en', { notation: 'scientific', maximumSignificantDigits: 3 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** Any number in a few characters: `300`, `0.41`, `6E-4`. */
export function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 0.01
    ? small.format(value).replace('E', 'e')
    : plain.format(value);
}

/** Many of something: `2.71M`. */
export function formatMany(count: number): string {
  return compact.format(count);
}

/** Floating-point operations: `14 GFLOP`. */
export function formatWork(flops: number): string {
  const [divisor, unit] = flops < 1e12 ? [1e9, 'GFLOP'] : [1e12, 'TFLOP'];
  return `${plain.format(Number((flops / divisor).toPrecision(2)))} ${unit}`;
}

/** A time that is left or has passed: `40 s`, `3 min`, `1 h 20 min`. */
export function formatTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A number that a person typed, with a point or a comma for decimals; `NaN` where it is none. */
export function readNumber(text: string): number {
  const written = text.trim().replace(',', '.');
  return written === '' ? NaN : Number(written);
}

/** A number as a person would type it. */
export function writeNumber(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}
