// `npm run bench:step-memory [-- PRESET]`: what a training step through a published LLM takes of GPU memory, measured: a
// twin of Qwen2.5-0.5B-Instruct (or PRESET) at its true size in 4 bits, one step of the sizes that `bench:plan` plans for,
// in Chromium. Three figures: the planner's, all buffers that the device was asked for, and the process that drives
// the GPU. On a software adapter that process holds the GPU's memory, and what the adapter needs itself.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { chromiumArgs, findChromium } from '../tests/support/chromium.ts';
import type { PresetName } from '../tests/twins/presets.ts';
import { residentOf, watchPeak } from './resident.ts';

const [preset = 'qwen2.5-0.5b-instruct'] = process.argv.slice(2) as [PresetName?];
const server = await createServer({
  configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
  server: { port: 0, watch: null, hmr: false },
  logLevel: 'warn',
});
await server.listen();
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs });
const say = (what: string, bytes: number) =>
  console.log(`${what.padEnd(48)} ${(bytes / 1e6).toFixed(0).padStart(6)} MB`);
try {
  const page = await browser.newPage();
  // A software adapter takes a while over a step of this size.
  page.setDefaultTimeout(0);
  page.on('pageerror', (error) => console.error(error));
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}step-memory.html`);
  say(
    `${preset} in 4 bits, by the planner`,
    await page.evaluate((name) => window.plan(name), preset),
  );
  const before = await residentOf(browser, 'GPU');
  const peak = watchPeak(browser, 'GPU');
  say('buffers, weights uploaded', await page.evaluate(() => window.upload()));
  say('the process of the GPU, more than before', peak.bytes() - before);
  peak.forget();
  const begin = performance.now();
  const { loss, bytes } = await page.evaluate(() => window.takeStep());
  peak.stop();
  const seconds = (performance.now() - begin) / 1000;
  console.log(`one step: ${seconds.toFixed(0)} s, loss ${loss.toFixed(3)}`);
  say('buffers after the step', bytes);
  say('the process of the GPU, more than before', peak.bytes() - before);
} finally {
  await browser.close();
  await server.close();
}
