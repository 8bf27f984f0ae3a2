// The answer to the latest of several questions: one that comes late is dropped.
import { LinguaLiftError } from '../../bundle/errors.ts';

export class Latest<Answer> {
  /** The latest answer; stays in sight while the next one is on its way. */
  value: Answer | null = $state.raw(null);
  error: LinguaLiftError | null = $state.raw(null);
  #asked = 0;

  /** Waits for an answer. Never rejects: `error` tells. */
  async take(answer: Promise<Answer>): Promise<void> {
    const asked = ++this.#asked;
    try {
      const value = await answer;
      if (asked !== this.#asked) return;
      this.value = value;
      this.error = null;
    } catch (thrown) {
      if (asked === this.#asked) this.error = LinguaLiftError.from(thrown);
    }
  }
}
