// The exact calculator and the way its results are written.
import { describe, expect, it } from 'vitest';
import { calculate } from '../../../src/bridge/calculator.ts';
import { formatOperand, formatRational, rational, round } from '../../../src/bridge/rational.ts';

const compute = (expression: string) => {
  const value = calculate(expression);
  return value && formatRational(value);
};

describe('calculate', () => {
  it.each([
    ['12+5', '17'],
    ['2+3*4', '14'],
    ['(2+3)*4', '20'],
    ['10-4-3', '3'],
    ['100/10/2', '5'],
    ['-3+5', '2'],
    ['2*-3', '-6'],
    ['-(1+2)', '-3'],
    ['--4', '4'],
    ['0.1+0.2', '0.3'],
    ['.5*8', '4'],
    ['5.*2', '10'],
    [' 48 / 2 ', '24'],
    ['10/4', '2.5'],
    ['1/3', '0.3333'],
    ['-2/3', '-0.6667'],
    ['1/3*3', '1'],
    ['99999999999999999999+1', '100000000000000000000'],
  ])('computes %s = %s', (expression, result) => {
    expect(compute(expression)).toBe(result);
  });

  it.each(['1/0', '5/(2-2)', '', '2+', '(2', '2)', '2 3', '2**3', 'x+1', '1e5', '2%', '<n0>+1'])(
    'has no value for %j',
    (expression) => {
      expect(compute(expression)).toBeNull();
    },
  );

  it('looks slots up and keeps their fractions exact', () => {
    const slots = new Map([
      ['<n0>', rational(1n, 3n)],
      ['<r0>', rational(6n)],
    ]);
    expect(calculate('<n0>*<r0>', slots)).toEqual(rational(2n));
    expect(calculate('<n1>*<r0>', slots)).toBeNull();
  });
});

describe('formatRational', () => {
  it('writes up to ten decimals exactly and rounds what does not end', () => {
    expect(formatRational(rational(1n, 1024n))).toBe('0.0009765625');
    expect(formatRational(rational(1n, 2048n))).toBe('0.0005');
    expect(formatRational(rational(-7n, 2n))).toBe('-3.5');
    expect(formatRational(rational(5n, 3n))).toBe('1.6667');
    expect(formatRational(rational(1n, 30000n))).toBe('0');
  });

  it('keeps an endless fraction exact inside an expression', () => {
    expect(formatOperand(rational(2n, 3n))).toBe('(2/3)');
    expect(formatOperand(rational(3n, 4n))).toBe('0.75');
  });

  it('rounds halves away from zero', () => {
    expect(round(rational(5n, 2n), 0)).toEqual(rational(3n));
    expect(round(rational(-5n, 2n), 0)).toEqual(rational(-3n));
    expect(round(rational(-1n, 3n), 2)).toEqual(rational(-33n, 100n));
  });
});
