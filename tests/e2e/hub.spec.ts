// Models of a hub with nothing scripted: downloaded from a local hub, checked, stored, put together,
// opened and asked. Twins of published models, small and with random weights (tests/twins/README.md).
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { HubServer } from '../hub/server.ts';
import { writeTwin } from '../twins/twin.ts';
import { ModelsPage } from './support/models-page.ts';

const encoder = 'twins/encoder';
const llm = 'twins/llm';
const graph = 'onnx/model_q4.onnx';

let folder: string;
let hub: HubServer;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lingualift-hub-'));
  for (const [id, name] of [
    [encoder, 'multilingual-e5-small'],
    [llm, 'smollm2-135m-instruct'],
  ] as const) {
    await mkdir(join(folder, id), { recursive: true });
    writeTwin(name, 'tiny', join(folder, id), ['q4']);
  }
  hub = await HubServer.start(folder);
});

test.beforeEach(() => hub.reset());

test.afterAll(async () => {
  await hub.stop();
  await rm(folder, { recursive: true });
});

/** Waits until so many models are here and whole. */
async function expectWhole(room: ModelsPage, count: number): Promise<void> {
  await expect(room.models).toHaveCount(count);
  await expect(room.models.filter({ hasText: 'not whole' })).toHaveCount(0);
}

async function openWithMirror(room: ModelsPage): Promise<void> {
  await room.open();
  await room.useMirror(hub.url);
}

test('models come with a pause on the way, are put together, asked, and there after a reload', async ({
  page,
}) => {
  const room = new ModelsPage(page);
  await openWithMirror(room);
  await room.downloadOther(encoder);
  await expectWhole(room, 1);
  hub.fail(graph, { stallAfter: 40_000 }, 1);
  await room.downloadOther(llm);
  await expect(room.transfers).toContainText(/[1-9]\d? % of/);
  await room.transfers.getByRole('button', { name: 'Pause llm' }).click();
  await room.transfers.getByRole('button', { name: 'Resume llm' }).click();
  await expectWhole(room, 2);
  // What had come was kept: the second time the rest is asked for.
  const ranges = hub.requests.filter(({ path }) => path === graph).map(({ range }) => range);
  expect(ranges.at(-1)).toMatch(/^bytes=[1-9]/);

  await page.getByRole('radio', { name: /^encoder/ }).check();
  await page.getByRole('radio', { name: /^llm/ }).check();
  await page.getByLabel('Name of the bundle').fill('Twins');
  await room.putTogether.click();
  await expect(room.openName).toContainText('Twins');
  await room.ask.ready();
  await page.reload();
  await room.ask.ready();
  await expect(room.openName).toContainText('Twins');
  await page.getByRole('tab', { name: 'Ask' }).click();
  await room.ask.ask('A box holds 6 eggs. How many eggs are in 4 boxes?');
  await expect(room.ask.entry.getByText(/tokens\/s/).first()).toBeVisible();
});

test('a file that is not what the hub announced is named, thrown away, and can be downloaded again', async ({
  page,
}) => {
  const room = new ModelsPage(page);
  await openWithMirror(room);
  hub.fail(graph, { flipAt: 1000 });
  await room.downloadOther(llm);
  await expect(page.getByRole('alert')).toContainText(`${graph} of ${llm} is not the one`);
  await expect(room.models).toContainText('not whole');

  hub.reset();
  await room.downloadOther(llm);
  await expectWhole(room, 1);
});
