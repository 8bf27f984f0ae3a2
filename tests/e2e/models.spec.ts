// The Models room with a scripted hub: presets, downloads that are paused and taken up again, bundles, models by hand.
import { expect, test } from '@playwright/test';
import { expectAccessible, expectFit } from './support/axe.ts';
import { ModelsPage } from './support/models-page.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test.beforeEach(async ({ page }) => {
  await new ModelsPage(page).useScriptedWorkers();
});

const small = 'SmolLM2-135M-Instruct';

/** Begins a download that stands still in the middle until it is stopped, and pauses it there. */
async function pauseSmall(room: ModelsPage): Promise<number> {
  await room.pickSmall();
  const formats = room.page.getByRole('group', { name: 'Format of SmolLM2 135M Instruct' });
  await formats.getByRole('radio', { name: /32-bit/ }).check();
  await room.download.click();
  const files = room.transfers.getByRole('list', { name: `Files of ${small}` });
  await expect(files).toContainText('58 % of 654 MB');
  await expect(room.progress('multilingual-e5-small')).toBeHidden();
  await room.transfers.getByRole('button', { name: `Pause ${small}` }).click();
  await expect(room.transfers.getByRole('button', { name: `Resume ${small}` })).toBeVisible();
  return Number(await room.progress(small).getAttribute('aria-valuenow'));
}

test('presets say what they are, how big, under which licence, and whether they fit', async ({
  page,
}) => {
  const room = new ModelsPage(page);
  await room.open();
  const encoders = page.getByRole('group', { name: 'Encoder', exact: true });
  await expect(encoders).toContainText('109 languages');
  await expect(encoders).toContainText('apache-2.0');
  await expect(encoders).toContainText(
    'Too large: needs 2.1 GB in one buffer, this adapter allows 1 GB.',
  );
  await room.pickSmall();
  await expect(page.getByText('Recommended: the smallest that this GPU runs')).toHaveCount(2);
  const formats = page.getByRole('group', { name: 'Format of SmolLM2 135M Instruct' });
  await formats.getByRole('radio', { name: /32-bit/ }).check();
  await expect(page.getByText('Your choice. For this device 4-bit (q4)')).toBeVisible();
  await expect(room.download).toContainText('about 1.05 GB');
});

test('a pair is downloaded, paused, there after a reload, resumed, put together and opened', async ({
  page,
}) => {
  const room = new ModelsPage(page);
  await room.open();
  const kept = await pauseSmall(room);
  expect(kept).toBe(2_100_700 + 381_500_000);

  await page.reload();
  await room.ask.ready();
  await expect(room.progress(small)).toHaveAttribute('aria-valuenow', String(kept));
  await room.transfers.getByRole('button', { name: `Resume ${small}` }).click();
  await expect(room.transfers).toBeHidden();

  await room.pickSmall();
  await page.getByRole('radio', { name: /32-bit.*654 MB/ }).check();
  await room.putTogether.click();
  await expect(room.openName).toHaveText('multilingual-e5-small + SmolLM2 135M Instruct');
  await expect(room.openName).toBeFocused();
  await expect(room.phases).toContainText('Read, goes on');
  await room.ask.ready();
  await expect(room.phases).toContainText('Self-check');
  await expect(room.phases.getByRole('listitem').last()).toContainText('Ready, done');
  await expect(page.getByText('Ask answers on the route Direct')).toBeVisible();
  await page.getByRole('link', { name: 'train one in Fine-tune' }).click();
  await expect(page.getByRole('radio', { name: /^LangBridge/ })).toBeChecked();
  await expect(page.getByRole('radio', { name: /^For published models/ })).toBeChecked();

  // It is what the next visit begins with.
  await page.goto('./#models');
  await page.reload();
  await room.ask.ready();
  await expect(room.openName).toHaveText('multilingual-e5-small + SmolLM2 135M Instruct');
});

test('a cancelled download leaves nothing behind', async ({ page }) => {
  const room = new ModelsPage(page);
  await room.open();
  await room.lookUp('HuggingFaceTB/SmolLM2-135M-Instruct');
  await room.other.getByRole('radio', { name: /32-bit/ }).check();
  await room.other.getByRole('button', { name: /^Download/ }).click();
  await expect(room.transfers).toContainText('58 % of 654 MB');
  await room.transfers.getByRole('button', { name: `Cancel ${small}` }).click();
  await expect(room.transfers).toBeHidden();
  await expect(page.getByText('None yet.')).toBeVisible();
});

test('a model by its id is looked up, and a damaged file named and downloaded again', async ({
  page,
}) => {
  const room = new ModelsPage(page);
  await room.open();
  await room.lookUp('test/nowhere');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The hub has no model test/nowhere');
  await room.lookUp('test/damaged');
  await expect(alert).toBeHidden();
  const found = room.other.getByRole('article', { name: 'test/damaged' });
  await expect(found).toContainText('Fits');
  await found.getByRole('button', { name: 'Download 82.1 MB' }).click();
  await expect(alert).toContainText('the checksums differ');
  await expect(alert).toContainText('onnx/model_q4.onnx');
  await room.transfers.getByRole('button', { name: 'Resume damaged' }).click();
  await expect(alert).toBeHidden();
  await expect(room.models).toContainText('test/damaged');
  await expect(found).toContainText('It is on this device');
  await expect(page.getByRole('radio', { name: /^damaged/ })).toBeVisible();
});

test('bundles are renamed, switched and deleted, and then their models can be', async ({
  page,
}) => {
  const room = new ModelsPage(page);
  await room.open();
  await room.makeBundle('Mine');
  await expect(page.getByRole('button', { name: `Delete ${small}` })).toBeDisabled();

  await page.getByRole('button', { name: 'Rename Mine' }).click();
  await room.bundles.getByLabel('Name of the bundle').fill('Ours');
  await room.bundles.getByLabel('Name of the bundle').press('Enter');
  await expect(room.openName).toHaveText('Ours');
  await expect(page.getByRole('button', { name: 'Rename Ours' })).toBeFocused();
  await page.getByRole('button', { name: 'Open The built-in models' }).click();
  await room.ask.ready();
  await expect(room.bundles.first()).toContainText('Open');
  await page.getByRole('button', { name: 'Open Ours' }).click();
  await room.ask.ready();

  await page.getByRole('button', { name: 'Delete Ours' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(room.bundles).toHaveCount(1);
  await room.ask.ready();
  await page.getByRole('button', { name: `Delete ${small}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(room.models).toHaveCount(1);
});

test('an alignment is imported into a bundle, and removed', async ({ page }) => {
  const room = new ModelsPage(page);
  await room.open();
  await room.makeBundle('Mine');
  const mine = room.bundles.filter({ hasText: 'Mine' });
  await expect(mine).toContainText('no alignment');

  const menu = mine.getByRole('button', { name: 'Alignments' });
  const bring = async (content: string) => {
    await menu.click();
    const picked = page.waitForEvent('filechooser');
    await page.getByRole('menuitem', { name: 'Import for LinguaLIFT' }).click();
    const buffer = Buffer.from(content);
    await (
      await picked
    ).setFiles([{ name: 'alignment.safetensors', mimeType: 'application/octet-stream', buffer }]);
  };
  await bring('something else');
  await expect(page.getByRole('alert')).toContainText('Mine did not take the alignment');
  await expect(mine).toContainText('no alignment');
  await bring('lingualift-alignment-1');
  await expect(mine).toContainText('with lingualift');
  await expect(page.getByRole('alert')).toBeHidden();
  await room.ask.ready();

  await menu.click();
  await page.getByRole('menuitem', { name: 'Remove LinguaLIFT' }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog).toContainText('the LinguaLIFT alignment of Mine');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(mine).toContainText('no alignment');
});

test('a mirror is kept across visits, and what is no address is refused', async ({ page }) => {
  const room = new ModelsPage(page);
  await room.open();
  await room.other.getByRole('button', { name: 'Use a mirror of the hub' }).click();
  const field = room.other.getByLabel('Address of the mirror');
  await field.fill('mirror');
  await field.press('Enter');
  await expect(page.getByRole('alert')).toContainText('is no address of a hub');
  await field.fill('https://mirror.example');
  await field.press('Enter');
  await expect(room.other).toContainText('Downloads come from the mirror https://mirror.example');
  await page.reload();
  await expect(room.other).toContainText('Downloads come from the mirror https://mirror.example');
});

test('the sheet of the models leads to the room and closes behind', async ({ page }) => {
  const room = new ModelsPage(page);
  await room.ask.open();
  await room.ask.badge.click();
  await page.getByRole('link', { name: 'Choose other models' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Choose the models' })).toBeVisible();
});

/** The states of the room, each with the way to it. */
const states: Record<string, (room: ModelsPage) => Promise<void>> = {
  'with a pair picked, a model found and a mirror asked for': async (room) => {
    await room.pickSmall();
    await room.lookUp('test/llm');
    await expect(room.other.getByRole('article')).toBeVisible();
    await room.other.getByRole('button', { name: 'Use a mirror of the hub' }).click();
  },
  'with a paused download, a failure and the facts of the bundle': async (room) => {
    await pauseSmall(room);
    await room.lookUp('test/nowhere');
    await expect(room.page.getByRole('alert')).toBeVisible();
    await room.page.getByRole('button', { name: 'Size, licence, revision' }).click();
  },
};

for (const [name, reach] of Object.entries(states)) {
  test(`the room is accessible in light and dark and fits a narrow screen ${name}`, async ({
    page,
  }) => {
    const room = new ModelsPage(page);
    await room.open();
    await reach(room);
    await expectAccessible(page, name);
    await expectFit(page, name);
  });
}
