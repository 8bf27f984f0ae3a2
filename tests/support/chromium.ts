// Which Chromium the tests drive, and how it is started: one place for Vitest, Playwright and the bench.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

/**
 * Flags for a headless Chromium with WebGPU (on SwiftShader where there is no GPU). Behind a closed
 * network Chromium stalls on its background requests unless they are switched off.
 */
export const chromiumArgs = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Browsers that a system may already have, in the order in which they are tried. */
const installed = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * Path of a usable Chromium, or `undefined` when there is none yet (see ensure-chromium.ts).
 * @returns an installed browser, else the one that Playwright has downloaded
 */
export function findChromium(): string | undefined {
  return [...installed, chromium.executablePath()].find(
    (path) => path !== undefined && existsSync(path),
  );
}
