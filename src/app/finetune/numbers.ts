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
