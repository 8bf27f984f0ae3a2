// What the next visit is to know of the models: which bundle was open, and which one was checked last.

/** What is remembered, in `localStorage`; `null` for nothing. */
export interface Memory {
  read(what: Remembered): string | null;
  write(what: Remembered, value: string | null): void;
}

/** `open`: the address of the bundle; `checked`: what `checkKey` gives for one that passed its self-check. */
export type Remembered = 'open' | 'checked';

const keyOf = (what: Remembered) => `lingualift-models-${what}`;

/**
 * The memory of this browser.
 * @param scope the global scope; where storage is switched off, its `localStorage` throws when it is looked at, and
 *   nothing is remembered
 */
export function browserMemory(scope: Pick<typeof globalThis, 'localStorage'>): Memory {
  const attempt = <Result>(work: (storage: Storage) => Result): Result | null => {
    try {
      return work(scope.localStorage);
    } catch (thrown) {
      if (thrown instanceof DOMException) return null;
      throw thrown;
    }
  };
  return {
    read: (what) => attempt((storage) => storage.getItem(keyOf(what))),
    write: (what, value) => {
      attempt((storage) =>
        value === null ? storage.removeItem(keyOf(what)) : storage.setItem(keyOf(what), value),
      );
    },
  };
}

/** Remembers nothing beyond this visit. */
export function shortMemory(): Memory {
  const values = new Map<Remembered, string>();
  return {
    read: (what) => values.get(what) ?? null,
    write: (what, value) => {
      if (value === null) values.delete(what);
      else values.set(what, value);
    },
  };
}
