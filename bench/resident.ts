// What the browser's processes take of main memory.
import { execFileSync } from 'node:child_process';
import type { Browser } from 'playwright';

/**
 * Bytes in main memory of the page's process (the largest renderer, for the browser keeps small ones of its own) or of
 * the one that drives the GPU. A software adapter has the GPU's memory in there too.
 */
export async function residentOf(
  browser: Browser,
  process: 'renderer' | 'GPU' = 'renderer',
): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const ids = processInfo.filter(({ type }) => type === process).map(({ id }) => id);
  const kibibytes = execFileSync('ps', ['-o', 'rss=', '-p', ids.join(',')], { encoding: 'utf8' });
  return 1024 * Math.max(...kibibytes.trim().split('\n').map(Number));
}

/** The most that such a process had, looked at ten times a second. */
export function watchPeak(
  browser: Browser,
  process: 'renderer' | 'GPU',
): { bytes: () => number; forget: () => void; stop: () => void } {
  let most = 0;
  let isOver = false;
  const look = async () => {
    while (!isOver) {
      most = Math.max(most, await residentOf(browser, process).catch(() => 0));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  void look();
  return { bytes: () => most, forget: () => (most = 0), stop: () => (isOver = true) };
}
