// What was asked for in the Models room and went wrong.
import { LinguaLiftError } from '../../bundle/errors.ts';

/** Something that went wrong, until the person has read it or it works. */
export interface Failure {
  title: string;
  error: LinguaLiftError;
}

export class Failures {
  /** One of each title. */
  list: readonly Failure[] = $state.raw([]);

  dismiss(failure: Failure): void {
    this.list = this.list.filter((other) => other !== failure);
  }

  forget(title: string): void {
    this.list = this.list.filter((failure) => failure.title !== title);
  }

  /** Whether it worked; if not, a failure says why, unless the person stopped it. */
  async attempt(title: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.forget(title);
      return true;
    } catch (thrown) {
      const error = LinguaLiftError.from(thrown);
      this.forget(title);
      if (error.code !== 'cancelled') this.list = [...this.list, { title, error }];
      return false;
    }
  }
}
