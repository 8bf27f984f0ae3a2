// McNemar's test, exact (McNemar 1947; the exact form is a sign test): of the pairs in which two models differ, does
// one of them win more often than a coin would?

/**
 * Two-sided p-value: how often a fair coin tossed `first + second` times falls at least this unevenly.
 * @param first pairs that only the first solves
 * @param second pairs that only the second solves
 * @returns 1 where there are none
 */
export function mcnemar(first: number, second: number): number {
  const tosses = first + second;
  // In logarithms, since 2^-tosses is 0 to a float beyond 1,074 tosses.
  let logTerm = -tosses * Math.LN2;
  let tail = 0;
  for (let heads = 0; heads <= Math.min(first, second); heads++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((tosses - heads) / (heads + 1));
  }
  return Math.min(1, 2 * tail);
}
