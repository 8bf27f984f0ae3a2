// The one error class of the house: a code for programs, a sentence for people, details one click away.
// It lives in the lowest layer that the bridge, the evaluator and the workers share.

/** Plain data that a `LinguaLiftError` becomes when it crosses a worker boundary. */
export interface ErrorData {
  code: string;
  /** One or two sentences: what happened, why it may be, what to do. */
  message: string;
  /** Technical details for a report: paths, sizes, hashes, the cause's message. */
  details: string;
}

/** An error that a person can act on. */
export class LinguaLiftError extends Error {
  readonly code: string;
  readonly details: string;

  constructor(code: string, message: string, details = '', options?: ErrorOptions) {
    super(message, options);
    this.name = 'LinguaLiftError';
    this.code = code;
    this.details = details;
  }

  /** The error as data, for `postMessage` and for logs. */
  toData(): ErrorData {
    return { code: this.code, message: this.message, details: this.details };
  }

  static fromData(data: ErrorData): LinguaLiftError {
    return new LinguaLiftError(data.code, data.message, data.details);
  }

  /** Wraps whatever was thrown, so that a boundary has one kind of error to send. */
  static from(thrown: unknown, code = 'unexpected'): LinguaLiftError {
    if (thrown instanceof LinguaLiftError) return thrown;
    const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
    return new LinguaLiftError(
      code,
      'Something went wrong that the page did not expect. Reload it and try again.',
      cause.stack ?? cause.message,
      { cause },
    );
  }
}
