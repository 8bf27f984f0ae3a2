// The slope of a memory curve.
import { describe, expect, it } from 'vitest';
import { describeSlopes, slope, type Point } from '../../../bench/curve.ts';

/** A point at `items`, with so many bytes held. */
const at = (items: number, heldBytes: number): Point => ({
  ...{ items, heldBytes, seconds: items, residentBytes: 5e8 },
});

describe('slope', () => {
  // numpy.polyfit([200, 400, 700, 1000], [10e6, 12e6, 11e6, 15e6], 1)[0] is 5170.0680
  const points = [at(0, 90e6), at(200, 10e6), at(400, 12e6), at(700, 11e6), at(1000, 15e6)];

  it('is that of the least squares line after the first fifth', () => {
    expect(slope(points, 'heldBytes')).toBeCloseTo(5170.068, 3);
  });

  it('is 0 where memory stays as it is, and is said in kilobytes an item', () => {
    expect(slope(points, 'residentBytes')).toBe(0);
    expect(describeSlopes(points)).toBe(
      'Held: 5.17 kB an item, 5.2 MB a thousand.\nResident: 0.00 kB an item, 0.0 MB a thousand.',
    );
  });
});
