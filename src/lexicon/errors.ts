// Errors about word lists: a code for programs, a sentence for people.

export type LexiconErrorCode =
  'too-large' | 'binary' | 'no-pairs' | 'malformed' | 'settings' | 'bad-pair' | 'no-list';

export class LexiconError extends Error {
  readonly code: LexiconErrorCode;

  constructor(code: LexiconErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LexiconError';
    this.code = code;
  }
}
