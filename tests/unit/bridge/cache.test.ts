// Which positions of the cache a row still sees after tokens were taken back.
import { describe, expect, it } from 'vitest';
import { forget, readBy } from '../../../src/bridge/cache.ts';

describe('forget', () => {
  // Three tokens of a prompt, padding, two tokens of the text.
  const mask = [1, 1, 1, 0, 0, 1, 1];

  it('hides the last tokens and leaves the row as long as it was', () => {
    expect(forget(mask, 1)).toEqual([1, 1, 1, 0, 0, 1, 0]);
    expect(forget(mask, 3)).toEqual([1, 1, 0, 0, 0, 0, 0]);
    expect(readBy(forget(mask, 2))).toBe(3);
  });

  it('forgets what comes before what was forgotten', () => {
    expect(forget(forget(mask, 1), 1)).toEqual([1, 1, 1, 0, 0, 0, 0]);
  });

  it('gives back the very mask when nothing is forgotten', () => {
    expect(forget(mask, 0)).toBe(mask);
  });
});
