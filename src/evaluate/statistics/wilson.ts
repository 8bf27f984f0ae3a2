// Wilson's score interval of a share (Wilson 1927, "Probable inference, the law of succession, and statistical
// inference"). Unlike p ± 1.96 SE it stays within 0 and 1 and is not empty where all answers are right or wrong.

/** The 97.5th percentile of the normal distribution: 95 % lie within ± this. */
const z = 1.959963984540054;

/**
 * Wilson's 95 % interval of a share. With z² = 3.84, p = right / items and n = items:
 * (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n).
 * @param right how many are right; may be fractional where the number of items is an effective one
 * @returns [0, 1] where there are no items
 */
export function wilson(right: number, items: number): [low: number, high: number] {
  if (items === 0) return [0, 1];
  const share = right / items;
  const spread = 1 + z ** 2 / items;
  const centre = (share + z ** 2 / (2 * items)) / spread;
  const half = (z * Math.sqrt((share * (1 - share)) / items + z ** 2 / (4 * items ** 2))) / spread;
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
