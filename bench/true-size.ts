// `npm run bench:true-size [-- PROVIDER [PRESET FORMAT]]`: a published model at its true size, in the page itself. A twin of
// SmolLM2-135M-Instruct in 4 bits (random weights, tests/twins/README.md) is served as the hub serves it, downloaded in
// the Models room, put together with a small encoder, asked on the direct route, and trained through for ten steps of
// LangBridge, with times and the memory of the tab and of the GPU's process. Of another preset
// (`WebGPU smollm2-360m-instruct fp32`) only the memory that it takes to open it is measured.
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { build, preview } from 'vite';
import { AskPage } from '../tests/e2e/support/ask-page.ts';
import { FineTunePage } from '../tests/e2e/support/fine-tune-page.ts';
import { ModelsPage } from '../tests/e2e/support/models-page.ts';
import { HubServer } from '../tests/hub/server.ts';
import { chromiumArgs, findChromium } from '../tests/support/chromium.ts';
import { presets, type PresetName } from '../tests/twins/presets.ts';
import { writeTwin, type Dtype, type TwinSize } from '../tests/twins/twin.ts';
import { residentOf, watchPeak } from './resident.ts';

/** Software adapters take a while over a step of this size. */
const patienceMs = 3_600_000;
/** The one that is asked and trained through as well, and how far. */
const trained: PresetName = 'smollm2-135m-instruct';
const steps = 10;
/** Where the models run, as the room calls it; the model and its format. */
const [provider = 'Automatic', preset = trained, format = 'q4'] = process.argv.slice(2) as [
  string?,
  PresetName?,
  Dtype?,
];

const folder = await mkdtemp(join(tmpdir(), 'lingualift-true-size-'));
const models = ['twins/encoder', 'twins/model'] as const;
await writeRepository(models[0], 'multilingual-e5-small', 'tiny', 'q4');
const modelBytes = await writeRepository(models[1], preset, 'true', format);
const hub = await HubServer.start(join(folder, 'hub'));
const outDir = join(folder, 'page');
await build({ build: { outDir, emptyOutDir: true }, logLevel: 'warn' });
const server = await preview({ build: { outDir }, preview: { port: 0 } });
// A profile on the disk: without one, Chromium keeps what the page stores in memory, and of a gigabyte lost the end.
const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
  executablePath: findChromium(),
  args: chromiumArgs,
  baseURL: server.resolvedUrls?.local[0] ?? '',
});
const browser = context.browser();
if (browser === null) throw new Error('Playwright gives no browser for this profile.');
try {
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const before = await residentOf(browser);
  const say = (what: string, value: string) => console.log(`${what.padEnd(36)} ${value}`);
  say(`${presets[preset].hubId}, ${format}`, megabytes(modelBytes));
  const peak = watchPeak(browser, 'renderer');
  say('download, checked and stored', await timed(() => download(page)));
  say('tab with the embedded bundle at its peak', megabytes(peak.bytes() - before));
  peak.forget();
  say('read, compile and first answer ready', await timed(() => open(page)));
  say('tab at its peak while it opened', megabytes(peak.bytes() - before));
  say('over the size of the file', ((peak.bytes() - before) / modelBytes).toFixed(2));
  if (preset === trained) {
    say('asked on the direct route', await ask(page));
    const gpuBefore = await residentOf(browser, 'GPU');
    const gpuPeak = watchPeak(browser, 'GPU');
    await train(page, say);
    gpuPeak.stop();
    say('process of the GPU, more than before it', megabytes(gpuPeak.bytes() - gpuBefore));
    say('tab at its peak since it opened', megabytes(peak.bytes() - before));
  }
  peak.stop();
} finally {
  await context.close();
  await server.close();
  await hub.stop();
  await rm(folder, { recursive: true });
}

/** Writes a twin where the hub finds it. @returns bytes of its graph */
async function writeRepository(
  id: string,
  name: PresetName,
  size: TwinSize,
  dtype: Dtype,
): Promise<number> {
  const repository = join(folder, 'hub', id);
  await mkdir(repository, { recursive: true });
  writeTwin(name, size, repository, [dtype]);
  const graphs = (await readdir(join(repository, 'onnx'))).map((file) =>
    stat(join(repository, 'onnx', file)),
  );
  return (await Promise.all(graphs)).reduce((sum, { size: bytes }) => sum + bytes, 0);
}

async function download(page: Page): Promise<void> {
  const room = new ModelsPage(page);
  await page.goto('./#models');
  await isReady(room);
  await room.useMirror(hub.url);
  for (const [index, id] of models.entries()) {
    await room.downloadOther(id);
    await room.models.nth(index).waitFor();
    await room.transfers.waitFor({ state: 'hidden' });
  }
}

async function open(page: Page): Promise<void> {
  const room = new ModelsPage(page);
  await page.getByRole('radio', { name: provider }).click();
  await isReady(room);
  await page.getByRole('radio', { name: /^encoder/ }).check();
  await page.getByRole('radio', { name: /^model/ }).check();
  await room.putTogether.click();
  await room.openName.filter({ hasText: 'model' }).waitFor();
  await isReady(room);
}

async function isReady({ ask: { badge } }: ModelsPage): Promise<void> {
  await badge.filter({ hasText: 'Ready on' }).waitFor();
}

/** Asks until the longest text is written: random weights never end one. @returns time and speed */
async function ask(page: Page): Promise<string> {
  await page.getByRole('tab', { name: 'Ask' }).click();
  const room = new AskPage(page);
  await room.ask('A box holds 6 eggs. How many eggs are in 4 boxes?');
  const speed = room.entry.getByText(/tokens\/s/).first();
  await speed.waitFor();
  return (await speed.innerText()).trim();
}

async function train(page: Page, say: (what: string, value: string) => void): Promise<void> {
  await page.getByRole('tab', { name: 'Fine-tune' }).click();
  await page.getByRole('radio', { name: /^LangBridge/ }).check();
  await page.getByRole('radio', { name: /^For published models/ }).check();
  const settings = {
    Steps: steps,
    'Examples a step': 1,
    'Examples at once': 1,
    'Problems a language': 1,
    'Ask them every': steps,
  };
  await page.getByRole('button', { name: 'Advanced settings' }).click();
  for (const [label, value] of Object.entries(settings)) {
    await page.getByLabel(label, { exact: true }).fill(String(value));
  }
  const room = new FineTunePage(page);
  // A run keeps the estimate that was there when it was started, memory among it.
  await page.getByText('GPU memory', { exact: true }).waitFor();
  const untilFinished = async () => {
    await room.start.click();
    await room.run.getByText(/^Step [1-9]/).waitFor();
    // Already here, because a slow adapter may never come to the end.
    for (const [name, value] of await facts(page)) say(`after the first steps: ${name}`, value);
    await room.run.getByText('Finished', { exact: true }).waitFor();
  };
  const duration = await timed(untilFinished);
  for (const [name, value] of await facts(page)) say(`after all steps: ${name}`, value);
  say('the run, its two measurements with it', duration);
}

/** What the room says of the run. */
async function facts(page: Page): Promise<[string, string][]> {
  const terms = page.getByRole('article').locator('dl > div');
  const texts = await terms.evaluateAll((rows) =>
    rows.map((row) => [...row.children].map((cell) => cell.textContent.trim())),
  );
  return texts.map(([name = '', value = '']) => [name, value]);
}

async function timed(work: () => Promise<void>): Promise<string> {
  const start = performance.now();
  await work();
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
