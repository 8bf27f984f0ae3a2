// Numbers that people type.
import { describe, expect, it } from 'vitest';
import { readNumber, wholeFrom, writeNumber } from '../../../../src/app/shared/typedNumber.ts';

describe('a typed number', () => {
  it('is read with a point or a comma', () => {
    expect(readNumber(' 0,5 ')).toBe(0.5);
    expect(readNumber('6e-4')).toBe(0.0006);
    expect(readNumber('')).toBeNaN();
    expect(readNumber('ten')).toBeNaN();
  });

  it('is written so that it is read back, and nothing where there is none', () => {
    for (const value of [0.0006, -3, 1e21]) expect(readNumber(writeNumber(value))).toBe(value);
    expect(writeNumber(NaN)).toBe('');
  });

  it('is refused where it is less than it may be, in parts, or none', () => {
    const check = wholeFrom(1);
    expect([1, 20].map(check)).toEqual([null, null]);
    for (const value of [0, 1.5, NaN]) expect(check(value)).toBe('A whole number from 1.');
    expect(wholeFrom(0)(0)).toBeNull();
  });
});
