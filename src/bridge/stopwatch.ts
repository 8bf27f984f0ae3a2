// Splits a span of time into laps.

/** Starts a stopwatch. Each call of what it returns gives the milliseconds since the call before. */
export function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const lap = now - last;
    last = now;
    return lap;
  };
}
