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
