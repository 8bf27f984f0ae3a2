// The calculator behind `<<12+5=17>>`: reads + - * / ( ), unary minus, decimals and slots, and computes
// exactly. A recursive-descent parser over the grammar below; nothing is ever handed to `eval`.
//
//   sum     = product { ("+" | "-") product }
//   product = factor { ("*" | "/") factor }
//   factor  = "-" factor | "(" sum ")" | decimal | slot
import {
  add,
  divide,
  multiply,
  negate,
  parseDecimal,
  subtract,
  type Rational,
} from './rational.ts';

/** The values of slots by token: `<n0>`, `<r1>`. */
export type SlotValues = ReadonlyMap<string, Rational>;

const tokenPattern = /\s*(<[nr]\d+>|\d+\.?\d*|\.\d+|[-+*/()])/y;

/** Splits an expression, or returns `null` when something in it is no part of the grammar. */
function tokenize(expression: string): string[] | null {
  const tokens: string[] = [];
  const text = expression.trimEnd();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const token = tokenPattern.exec(text)?.[1];
    if (token === undefined) return null;
    tokens.push(token);
  }
  return tokens;
}

/**
 * The exact value of an expression.
 * @param slots what `<nI>` and `<rK>` stand for
 * @returns `null` when it has none: it is malformed, names an unknown slot, or divides by zero
 */
export function calculate(expression: string, slots: SlotValues = new Map()): Rational | null {
  const tokens = tokenize(expression);
  if (tokens === null) return null;
  let position = 0;

  const take = (...wanted: string[]): string | null => {
    const token = tokens[position];
    if (token === undefined || !wanted.includes(token)) return null;
    position++;
    return token;
  };

  const factor = (): Rational | null => {
    if (take('-')) {
      const operand = factor();
      return operand && negate(operand);
    }
    if (take('(')) {
      const inner = sum();
      return take(')') ? inner : null;
    }
    const token = tokens[position++] ?? '';
    if (token.startsWith('<')) return slots.get(token) ?? null;
    return /\d/.test(token) ? parseDecimal(token) : null;
  };

  const product = (): Rational | null => {
    let left = factor();
    for (let sign = take('*', '/'); left && sign; sign = take('*', '/')) {
      const right = factor();
      left = right && (sign === '*' ? multiply(left, right) : divide(left, right));
    }
    return left;
  };

  const sum = (): Rational | null => {
    let left = product();
    for (let sign = take('+', '-'); left && sign; sign = take('+', '-')) {
      const right = product();
      left = right && (sign === '+' ? add(left, right) : subtract(left, right));
    }
    return left;
  };

  const value = sum();
  return position === tokens.length ? value : null;
}
