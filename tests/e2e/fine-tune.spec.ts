// The Fine-tune room with a scripted training worker: start, watch, pause, come back, resume, compare, ask.
import { expect, test } from '@playwright/test';
import { FineTunePage } from './support/fine-tune-page.ts';
import { expectAccessible, expectFit } from './support/axe.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test.beforeEach(async ({ page }) => {
  await new FineTunePage(page).useScriptedWorkers();
});

test('a run is started with one sample list and watched until it is done', async ({ page }) => {
  const room = new FineTunePage(page);
  await room.open();
  await expect(page.getByText('This stage needs a word list')).toBeVisible();
  await room.startEsperanto();
  await expect(page.getByRole('heading', { name: 'Esperanto, stage 1' })).toBeFocused();
  await expect(room.run.getByRole('img', { name: /Right answers/ })).toBeVisible();
  await expect(room.run.getByRole('img', { name: /Loss/ })).toBeVisible();
  await expect(room.run).toContainText('left.');
  await expect(room.run.getByText('Finished', { exact: true })).toBeVisible();
  await expect(room.steps).toHaveAttribute('aria-valuenow', '60');
  await expect(room.run).toContainText('14 of 20, 15% before');
  await expect(room.run).toContainText('Answers after step 60');
});

test('every chart has its numbers in a table', async ({ page }) => {
  const room = new FineTunePage(page);
  await room.open();
  await room.startEsperanto();
  await room.run.getByRole('button', { name: /^Gradient, learning rate/ }).click();
  const charts = room.run.getByRole('figure');
  await expect(charts).toHaveCount(6);
  for (const chart of await charts.all()) {
    await chart.getByRole('button', { name: 'Numbers' }).click();
    await expect(chart.getByRole('row').nth(1)).toContainText(/\d/);
  }
});

test('a paused run is there after a reload, with its curve, and goes on', async ({ page }) => {
  const room = new FineTunePage(page);
  await room.open();
  await room.startEsperanto();
  await expect(room.steps).not.toHaveAttribute('aria-valuenow', '0');
  await room.pause.click();
  await expect(room.run.getByText('Paused', { exact: true })).toBeVisible();
  await room.run.getByRole('button', { name: 'One step' }).click();
  await expect(room.run.getByRole('button', { name: 'One step' })).toBeEnabled();
  const steps = await room.steps.getAttribute('aria-valuenow');

  await page.reload();
  await expect(room.runs).toHaveCount(1);
  await expect(room.runs).toContainText(`step ${steps} of 60`);
  await room.runs
    .getByRole('button', { name: /Esperanto, stage 1/ })
    .first()
    .click();
  await expect(room.steps).toHaveAttribute('aria-valuenow', steps ?? '');
  await room.resume.click();
  await expect(room.run.getByText('Finished', { exact: true })).toBeVisible();
});

test('a run goes on while another room is open, and one that lost its GPU can be resumed', async ({
  page,
}) => {
  const room = new FineTunePage(page);
  await room.open();
  await room.startEsperanto('lost');
  await page.getByRole('tab', { name: 'Ask' }).click();
  await page.getByRole('tab', { name: 'Fine-tune' }).click();
  await expect(room.run).toContainText('The GPU was lost.');
  await room.resume.click();
  await expect(room.run.getByText('Finished', { exact: true })).toBeVisible();
});

test('what was learned is used in Ask with one click, and the built-in bridge with another', async ({
  page,
}) => {
  const room = new FineTunePage(page);
  await room.open();
  await room.startEsperanto();
  await expect(room.run.getByText('Finished', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Use in Ask now' }).click();
  await expect(room.ask.badge).toContainText('Bridge: Esperanto, stage 1');
  await room.run.getByRole('link', { name: 'Try it' }).click();
  await room.ask.ask('Maria havas 12 pomojn. Kiom?');
  await expect(room.ask.answer).toHaveText('36');

  await page.getByRole('tab', { name: 'Fine-tune' }).click();
  await room.bridge.getByRole('button', { name: 'Back to the built-in one' }).click();
  await expect(room.ask.badge).not.toContainText('Bridge:');
});

test('files of a run can be downloaded, and an alignment of other models is refused', async ({
  page,
}) => {
  const room = new FineTunePage(page);
  await room.open();
  await room.startEsperanto();
  await expect(room.run.getByText('Finished', { exact: true })).toBeVisible();
  const download = page.waitForEvent('download');
  await room.run.getByRole('button', { name: 'Alignment' }).click();
  expect((await download).suggestedFilename()).toBe('alignment.safetensors');

  const file = (bytes: string) => ({
    name: 'theirs.safetensors',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  });
  const picker = page.getByLabel('Alignment to import');
  await picker.setInputFiles(file('other'));
  await expect(page.getByRole('alert').filter({ hasText: 'was not taken' })).toContainText(
    '"large"',
  );
  await picker.setInputFiles(file('mine'));
  await expect(room.bridge).toContainText('theirs, in place of the built-in one');
});

test('two runs are compared, renamed and deleted', async ({ page }) => {
  const room = new FineTunePage(page);
  await room.open();
  await room.startEsperanto('First');
  await expect(room.run.getByText('Finished', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'New run' }).click();
  await page.getByLabel('Learning rate', { exact: true }).fill('0.001');
  await page.getByLabel('Name of the run').fill('Second');
  await room.start.click();
  await expect(room.run.getByText('Finished', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Compare First' }).click();
  await page.getByRole('button', { name: 'Compare Second' }).click();
  const table = page.getByRole('region', { name: 'What differs between the runs' });
  const rates = table.getByRole('row', { name: /Learning rate/ }).getByRole('cell');
  await expect(rates).toHaveText(['1e-3', '2e-3']);

  await room.run.getByRole('button', { name: 'Rename' }).click();
  await page.getByLabel('Name of the run').fill('Better');
  await page.getByLabel('Name of the run').press('Enter');
  await expect(page.getByRole('heading', { name: 'Better' })).toBeFocused();
  await page.getByRole('button', { name: 'Delete Better' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(room.runs).toHaveCount(1);
  await expect(room.runs).toContainText('First');
});

test('own sentences are read with the numbers of the lines that were left out', async ({
  page,
}) => {
  const room = new FineTunePage(page);
  await room.open();
  await page.getByLabel('Problems to learn from').setInputFiles({
    name: 'mine.tsv',
    mimeType: 'text/tab-separated-values',
    buffer: Buffer.from('2 and 3?\t<<2+3=5>>\nno tab here\n4 and 5?\t<<4+5=10>>\n'),
  });
  await expect(page.getByText('1 problems of mine.tsv')).toBeVisible();
  await page.getByRole('button', { name: '2 lines were left out' }).click();
  await expect(page.getByText('Line 3: 4+5 is 9, and the answer says 10')).toBeVisible();
});

/** The states of the room, each with the way to it. */
const states: Record<string, (room: FineTunePage) => Promise<void>> = {
  'with every setting in sight': async ({ page }) => {
    await page.getByRole('button', { name: 'Haitian Creole sample' }).click();
    await page.getByRole('button', { name: 'Esperanto sample' }).click();
    await expect(page.getByRole('slider')).toHaveCount(2);
    await page.getByRole('button', { name: 'Advanced settings' }).click();
    await page.getByLabel('Warm-up').fill('7');
    await expect(page.getByText('Between 0 and 1.').first()).toBeVisible();
  },
  'with a run, its charts and their tables': async (room) => {
    await room.startEsperanto();
    await expect(room.run.getByText('Finished', { exact: true })).toBeVisible();
    await room.run.getByRole('button', { name: /^Gradient, learning rate/ }).click();
    for (const button of await room.run.getByRole('button', { name: 'Numbers' }).all()) {
      await button.click();
    }
    await room.run.getByRole('button', { name: 'Settings of this run' }).click();
  },
  'with a question before a run is deleted': async (room) => {
    await room.startEsperanto('lost');
    await expect(room.run).toContainText('The GPU was lost.');
    await room.page.getByRole('button', { name: 'Delete lost' }).click();
    await expect(room.page.getByRole('alertdialog')).toBeVisible();
  },
};

for (const [name, reach] of Object.entries(states)) {
  test(`the room is accessible in light and dark and fits a narrow screen ${name}`, async ({
    page,
  }) => {
    const room = new FineTunePage(page);
    await room.open();
    await reach(room);
    await expectAccessible(page, name);
    await expectFit(page, name);
  });
}
