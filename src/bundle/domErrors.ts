// The browser's own errors, told apart by their names. https://webidl.spec.whatwg.org/#idl-DOMException

/** Whether what was thrown is a `DOMException` of one of the names. */
export function isDomError(thrown: unknown, ...names: readonly string[]): boolean {
  return thrown instanceof DOMException && names.includes(thrown.name);
}

/** Whether a write failed because the page may store no more. */
export function isQuotaError(thrown: unknown): boolean {
  return isDomError(thrown, 'QuotaExceededError');
}
