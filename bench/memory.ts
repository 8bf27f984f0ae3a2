// `npm run bench:memory [-- PROBLEMS]`: a long evaluation in the page itself, built and opened in Chromium, with the
// embedded bundle on the route LinguaLIFT, and the memory of its tab every fifty items. PROBLEMS a language (250 by
// default) of MGSM in eleven languages, where a copy of its files is in ../shared/data/mgsm, else as many built-in
// problems, repeated.
//
// Two measures, because each misses something: `performance.measureUserAgentSpecificMemory` counts what the page and
// its workers hold after a garbage collection, but not what ONNX Runtime's thread stacks and the browser's own caches
// take; the resident memory of the page's process has all of it, garbage among it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright';
import { build, preview } from 'vite';
import { chromiumArgs, findChromium } from '../tests/support/chromium.ts';
import { describePoint, describeSlopes, tableHead, type Point } from './curve.ts';
import { residentOf } from './resident.ts';

/** Items between two measurements. */
const every = 50;
/** Loading and a busy machine may take so long. */
const patienceMs = 180_000;
/** Between two looks at how far the run is. */
const lookMs = 500;

const perLanguage = Number(process.argv[2] ?? 250);
const outDir = await mkdtemp(join(tmpdir(), 'lingualift-memory-'));
await build({ build: { outDir, emptyOutDir: true }, logLevel: 'warn' });
const server = await preview({ build: { outDir }, preview: { port: 0 } });
const browser = await chromium.launch({
  executablePath: findChromium(),
  // Without the flag the browser would wait for a garbage collection of its own, up to a minute a measurement.
  args: [...chromiumArgs, '--enable-blink-features=ForceEagerMeasureMemory'],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(patienceMs);
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}#evaluate`);
  const ready = page.getByRole('button', { name: /Ready on/ });
  // WebAssembly on every machine: its memory never shrinks, so it is where a leak would show.
  await ready.click();
  await page.getByRole('radio', { name: 'WASM' }).click();
  await page.keyboard.press('Escape');
  await ready.waitFor();
  console.log((await ready.innerText()).replaceAll('\n', ': '));
  const items = await startRun(page);
  console.log(tableHead);
  console.log(describeSlopes(await watch(browser, page, items)));
} finally {
  await browser.close();
  await server.close();
  await rm(outDir, { recursive: true });
}

/** Starts the run and returns how many items it has. */
async function startRun(page: Page): Promise<number> {
  await page.getByRole('radio', { name: 'Your own files' }).check();
  await page.locator('input[aria-label="Files with problems"]').setInputFiles(problemFiles());
  const mapped = page.getByRole('button', { name: 'Use these columns' });
  const all = page.getByRole('button', { name: 'All', exact: true });
  await mapped.or(all).waitFor();
  if (await mapped.isVisible()) await mapped.click();
  await all.click();
  await page.getByRole('checkbox', { name: 'Direct' }).uncheck();
  await page.getByRole('checkbox', { name: 'LinguaLIFT' }).check();
  await page.getByRole('textbox', { name: 'Problems a language' }).fill(String(perLanguage));
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  return Number(await progressOf(page).getAttribute('aria-valuemax'));
}

function problemFiles(): { name: string; mimeType: string; buffer: Buffer }[] {
  const asFile = (name: string, buffer: Buffer) => ({ name, mimeType: 'text/plain', buffer });
  const mgsm = '../shared/data/mgsm';
  if (existsSync(mgsm)) {
    const names = readdirSync(mgsm).filter((name) => name.endsWith('.tsv'));
    return names.map((name) => asFile(name, readFileSync(join(mgsm, name))));
  }
  const builtIn = 'public/problems';
  const lines = readdirSync(builtIn).flatMap((name) => {
    const own = readFileSync(join(builtIn, name), 'utf8').trimEnd().split('\n');
    return Array.from({ length: perLanguage }, (_, index) => {
      const problem = JSON.parse(own[index % own.length] ?? '') as object;
      return JSON.stringify({ ...problem, id: `${name}-${index}` });
    });
  });
  return [asFile('built-in.jsonl', Buffer.from(lines.join('\n')))];
}

/** Measures until the run is at its end. */
async function watch(browser: Browser, page: Page, items: number): Promise<Point[]> {
  const points: Point[] = [];
  const started = performance.now();
  for (let done = 0; done < items; await page.waitForTimeout(lookMs)) {
    done = Number(await progressOf(page).getAttribute('aria-valuenow'));
    if (await page.getByRole('button', { name: 'Go on', disabled: false }).isVisible()) {
      throw new Error(await page.getByRole('article').innerText());
    }
    if (done < items && done < every * points.length) continue;
    const seconds = (performance.now() - started) / 1000;
    const heldBytes = await heldBy(page);
    const residentBytes = await residentOf(browser);
    points.push({ items: done, seconds, heldBytes, residentBytes });
    console.log(describePoint({ items: done, seconds, heldBytes, residentBytes }));
  }
  return points;
}

function progressOf(page: Page): Locator {
  return page.getByRole('progressbar', { name: 'Items answered' });
}

/** What TypeScript's DOM lacks: https://wicg.github.io/performance-measure-memory/ */
interface MeasuresMemory {
  measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
}

async function heldBy(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { bytes } = await (
      performance as unknown as MeasuresMemory
    ).measureUserAgentSpecificMemory();
    return bytes;
  });
}
