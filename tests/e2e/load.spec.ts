// Getting the models: a first visit, a second one, and what goes wrong on the way.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { AskPage } from './support/ask-page.ts';

const bundleFolder = new URL('../../public/bundles/embedded/', import.meta.url);
const question = 'Ana has 3 bags of 5 nuts. How many nuts does she have?';

/** The path of the LLM's graph inside the bundle. */
function llmPath(): string {
  const manifest: { llm: { model: string } } = JSON.parse(
    readFileSync(new URL('bundle.json', bundleFolder), 'utf8'),
  );
  return manifest.llm.model;
}

test('the shell is small: under 150 kB of compressed JavaScript before the worker', async ({
  page,
}) => {
  const bodies: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    const fromShell = response.request().resourceType() === 'script';
    if (fromShell && !response.url().includes('.worker')) bodies.push(response.body());
  });
  await page.goto('./');
  await expect(new AskPage(page).box).toBeVisible();
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length);
  expect(sizes.length).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
});

test('the models say what they are, where they run and why, and can be moved', async ({ page }) => {
  const ask = new AskPage(page);
  await ask.open();
  await ask.badge.click();
  const sheet = page.getByRole('dialog', { name: 'Models' });
  await expect(sheet).toContainText('Licence');
  await expect(sheet).toContainText(/Encoder\s*[\d.]+ [kM]B/);
  await sheet.getByRole('radio', { name: 'WASM' }).click();
  await expect(sheet).toContainText('You chose WebAssembly');
  await page.keyboard.press('Escape');
  await ask.ask(question);
  await expect(ask.answer).toBeVisible();
});

test('the bundle of the page leads to its model card, and from there back', async ({ page }) => {
  const ask = new AskPage(page);
  await ask.open();
  await ask.badge.click();
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'model card' }).click();
  const card = await opened;
  await expect(card.getByRole('heading', { name: /^Model card/ })).toBeVisible();
  await expect(card.getByRole('row', { name: /^sw 52/ })).toBeVisible();
  await card.getByRole('link', { name: 'Back to lingualift' }).click();
  await expect(new AskPage(card).box).toBeVisible();
});

test('after the first visit the models come from the browser, without the network', async ({
  page,
}) => {
  const ask = new AskPage(page);
  await ask.open();
  await page.route(/\/bundles\/embedded\/.+\/.+/, (route) => route.abort());
  await page.reload();
  await ask.ready();
  await ask.badge.click();
  await expect(page.getByRole('dialog')).toContainText('from this browser');
  await page.keyboard.press('Escape');
  await ask.ask(question);
  await expect(ask.answer).toBeVisible();
});

test('a damaged file is named, kept out of the cache, and fetched again on request', async ({
  page,
}) => {
  const path = llmPath();
  const url = new RegExp(`/bundles/embedded/${path.replaceAll('.', '\\.')}$`);
  await page.route(url, async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    const middle = body.length >> 1;
    body.writeUInt8(body.readUInt8(middle) ^ 1, middle);
    await route.fulfill({ response, body });
  });
  const ask = new AskPage(page);
  await page.goto('./');
  const alert = page.getByRole('alert').filter({ hasText: 'The models could not be used' });
  await expect(alert).toContainText(path);
  await alert.getByRole('button', { name: 'Details' }).click();
  await expect(alert).toContainText('file-hash');

  // A question asked meanwhile is kept, and the page goes on once the file is whole.
  await page.unroute(url);
  await ask.box.fill(question);
  await alert.getByRole('button', { name: 'Load again' }).click();
  await ask.ready();
  await expect(ask.box).toHaveValue(question);
  await ask.send.click();
  await expect(ask.answer).toBeVisible();
});

test('a missing file is named', async ({ page }) => {
  await page.route('**/bundles/embedded/encoder/tokenizer.json', (route) =>
    route.fulfill({ status: 404, body: 'Not found' }),
  );
  await page.goto('./');
  await expect(page.getByRole('alert').filter({ hasText: 'could not be used' })).toContainText(
    'encoder/tokenizer.json',
  );
  await expect(new AskPage(page).badge).toContainText('Not loaded');
});

test('without cross-origin isolation the page says why it is slower, and answers', async ({
  page,
}) => {
  await page.route(/:\d+\/$/, async (route) => {
    const response = await route.fetch();
    const headers = Object.entries(response.headers()).filter(
      ([name]) => !name.startsWith('cross-origin-'),
    );
    await route.fulfill({ response, headers: Object.fromEntries(headers) });
  });
  const ask = new AskPage(page);
  await ask.open();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  const notice = page.getByRole('status').filter({ hasText: 'one thread' });
  await notice.getByRole('button', { name: 'Details' }).click();
  await expect(notice).toContainText('Cross-Origin-Opener-Policy: same-origin');
  await notice.getByRole('button', { name: 'Go on' }).click();
  await expect(notice).toBeHidden();
  await ask.ask(question);
  await expect(ask.entry).toContainText('WASM, 1 thread');
});

test('without WebAssembly the page says what to do and stays usable', async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'WebAssembly');
  });
  await page.goto('./');
  await expect(
    page.getByRole('alert').filter({ hasText: 'This browser cannot run the models' }),
  ).toContainText('Use a current Chrome');
  const ask = new AskPage(page);
  await expect(ask.badge).toContainText('Not loaded');
  await expect(ask.examples).toHaveCount(3);
});

test.describe('with a worker that follows a script', () => {
  test('a question asked while the models load is kept and answered when they are ready', async ({
    page,
  }) => {
    const ask = new AskPage(page);
    await ask.useScriptedWorker();
    await page.goto('./');
    await ask.ask(question);
    await expect(ask.entry).toContainText('Kept until the models are ready');
    await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^\d+$/);
    await expect(page.getByText(/of 9\.9 MB/)).toBeVisible();
    await expect(ask.answer).toHaveText('36');
    await expect(ask.log).toHaveText(/pens in all: 12 × 4 = 48.*Answer: 36/);
  });

  test('a load can be cancelled, and a question starts it again', async ({ page }) => {
    const ask = new AskPage(page);
    await ask.useScriptedWorker();
    await page.goto('./');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByText('The models are not loaded')).toBeVisible();
    await expect(ask.badge).toContainText('Not loaded');
    await ask.ask(question);
    await expect(ask.answer).toHaveText('36');
  });

  test('Stop keeps what has been written', async ({ page }) => {
    const ask = new AskPage(page);
    await ask.useScriptedWorker();
    await ask.open();
    await ask.ask('An endless sum');
    await expect(ask.steps.nth(1)).toContainText('1 + 1 = 2');
    await ask.stop.click();
    await expect(ask.entry).toContainText('Stopped before the answer');
    await expect(ask.steps.first()).toContainText('1 + 1 = 2');
    await expect(ask.send).toBeVisible();
  });

  test('after a crash of the worker the models are loaded again and the question answered', async ({
    page,
  }) => {
    const ask = new AskPage(page);
    await ask.useScriptedWorker();
    await ask.open();
    await ask.ask('Please crash');
    const alert = page.getByRole('alert').filter({ hasText: 'stopped unexpectedly' });
    await expect(alert).toBeVisible();
    await expect(ask.steps.first()).toContainText('pens in all');
    await alert.getByRole('button', { name: 'Load again' }).click();
    await ask.ready();
    await ask.ask(question);
    await expect(ask.answer).toHaveText('36');
  });
});
