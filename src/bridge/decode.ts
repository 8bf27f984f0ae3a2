// The greedy decoding loop: every text that is not at its end gets its next token (writer.ts), and the LLM reads
// them all in one step. A single answer is a batch of one.
import { nextTask } from './nextTask.ts';
import type { Writer } from './writer.ts';

/** How a text goes on. */
export interface NextToken {
  token: number;
  /** Tokens at the end of the text that are taken back first. */
  back: number;
}

/** Texts that an LLM is writing side by side, one a row: what comes next, and how to go on. */
export interface Continuation {
  /** Scores [V] of a row's next token; of rows that go on only. */
  scores(row: number): Float32Array;
  /** Goes on with each row, `null` with one that has ended, and computes the next scores. */
  append(tokens: readonly (NextToken | null)[]): Promise<void>;
}

/**
 * Writes on from `continuation` until every text has ended, or `signal` says stop.
 * @param writers one a row
 * @throws LinguaLiftError `logits-nan` when the model's scores are no numbers
 */
export async function decode(
  continuation: Continuation,
  writers: readonly Writer[],
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    // A stop, or another question.
    await nextTask();
    if (signal?.aborted) {
      for (const writer of writers) writer.end('stopped');
      return;
    }
    const tokens = writers.map((writer, row) =>
      writer.written === null ? writer.next(continuation.scores(row)) : null,
    );
    if (tokens.every((token) => token === null)) return;
    await continuation.append(tokens);
  }
}
