// Keeps the screen on while a run goes on: a computer that falls asleep trains nothing.

export interface WakeLock {
  hold(): void;
  release(): void;
}

/** What is asked of the page; a browser without screen wake locks lacks `navigator.wakeLock`. */
export interface WakeScope {
  navigator: { wakeLock?: { request(type: 'screen'): Promise<{ release(): Promise<void> }> } };
  document: Pick<Document, 'visibilityState' | 'addEventListener'>;
}

/** A wake lock that is taken again when the page is back in sight: browsers drop it with the page. */
export function createWakeLock({ navigator, document }: WakeScope): WakeLock {
  let wanted = false;
  let sentinel: Promise<{ release(): Promise<void> } | null> = Promise.resolve(null);

  const request = () => {
    // Refused on low battery, for one: training goes on all the same.
    sentinel = navigator.wakeLock?.request('screen').catch(() => null) ?? Promise.resolve(null);
  };
  document.addEventListener('visibilitychange', () => {
    if (wanted && document.visibilityState === 'visible') request();
  });

  return {
    hold() {
      if (wanted) return;
      wanted = true;
      request();
    },
    release() {
      wanted = false;
      const held = sentinel;
      sentinel = Promise.resolve(null);
      void held.then((lock) => lock?.release());
    },
  };
}
