// Several downloads at once, of which all are wanted or none.

/**
 * Does things at once. The first failure ends the others.
 * @param signal stops them all from outside
 * @param work starts them with the signal that it is given, and waits for them with `Promise.all`
 * @throws what the first failure threw
 */
export async function together<Result>(
  signal: AbortSignal | undefined,
  work: (stop: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const failure = new AbortController();
  try {
    return await work(signal ? AbortSignal.any([signal, failure.signal]) : failure.signal);
  } catch (thrown) {
    failure.abort();
    throw thrown;
  }
}
