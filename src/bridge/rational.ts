// Exact fractions: the numbers of a question and every result of the calculator. Nothing is rounded
// before it is shown to a person.

/** `numerator / denominator` in lowest terms, `denominator > 0`. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Decimals beyond which a terminating fraction is rounded as well. */
const maxExactDecimals = 10;
/** Decimals kept of a fraction that does not end, such as 1/3. */
const roundedDecimals = 4;

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

function absolute(n: bigint): bigint {
  return n < 0n ? -n : n;
}

/**
 * `numerator / denominator` in lowest terms.
 * @param denominator not zero
 */
export function rational(numerator: bigint, denominator = 1n): Rational {
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = greatestCommonDivisor(absolute(numerator), absolute(denominator));
  return {
    numerator: (sign * numerator) / divisor,
    denominator: (sign * denominator) / divisor,
  };
}

/** Reads ASCII decimals: digits with at most one point, such as `12`, `12.50` or `.5`. */
export function parseDecimal(text: string): Rational {
  const [whole = '', decimals = ''] = text.split('.');
  return rational(BigInt(whole + decimals), 10n ** BigInt(decimals.length));
}

export function add(a: Rational, b: Rational): Rational {
  return rational(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
}

export function negate(a: Rational): Rational {
  return { numerator: -a.numerator, denominator: a.denominator };
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, negate(b));
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** `a / b`, or `null` when `b` is zero. */
export function divide(a: Rational, b: Rational): Rational | null {
  if (b.numerator === 0n) return null;
  return rational(a.numerator * b.denominator, a.denominator * b.numerator);
}

export function equals(a: Rational, b: Rational): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

/** `value` rounded to `decimals` places, halves away from zero. */
export function round(value: Rational, decimals: number): Rational {
  const scale = 10n ** BigInt(decimals);
  const doubled = absolute(value.numerator) * scale * 2n;
  const magnitude = (doubled + value.denominator) / (2n * value.denominator);
  return rational(value.numerator < 0n ? -magnitude : magnitude, scale);
}

/** How many decimals write `value` exactly, or `null` when no number of them does. */
export function exactDecimals(value: Rational): number | null {
  let rest = value.denominator;
  let twos = 0;
  let fives = 0;
  for (; rest % 2n === 0n; rest /= 2n) twos++;
  for (; rest % 5n === 0n; rest /= 5n) fives++;
  return rest === 1n ? Math.max(twos, fives) : null;
}

/** Writes a value whose denominator divides a power of ten, without trailing zeros. */
function writeDecimals(value: Rational): string {
  const decimals = exactDecimals(value) ?? 0;
  const scaled = (absolute(value.numerator) * 10n ** BigInt(decimals)) / value.denominator;
  const digits = scaled.toString().padStart(decimals + 1, '0');
  const sign = value.numerator < 0n ? '-' : '';
  const whole = digits.slice(0, digits.length - decimals);
  return decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-decimals)}`;
}

/**
 * A value as people write it: integers plain, decimals that end exactly (up to ten of them), all else
 * rounded to four decimals. ASCII digits, no thousands separators.
 */
export function formatRational(value: Rational): string {
  const decimals = exactDecimals(value);
  const exact = decimals !== null && decimals <= maxExactDecimals;
  return writeDecimals(exact ? value : round(value, roundedDecimals));
}

/** A value inside an expression: like `formatRational`, but an endless fraction stays one, as `(1/3)`. */
export function formatOperand(value: Rational): string {
  const decimals = exactDecimals(value);
  return decimals !== null && decimals <= maxExactDecimals
    ? writeDecimals(value)
    : `(${value.numerator}/${value.denominator})`;
}
