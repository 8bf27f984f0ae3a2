// The story that the page is for, with the real models, on whatever GPU there is: a language that the bundle has never
// seen, a word list, a few minutes, and problems in it are solved.
import { expect, test } from '@playwright/test';
import { FineTunePage } from './support/fine-tune-page.ts';

/** A software adapter takes one to three seconds a step. */
test.setTimeout(900_000);

test('a word list teaches Haitian Creole in minutes', async ({ page }) => {
  const room = new FineTunePage(page);
  await room.open();
  await page.getByRole('button', { name: 'Haitian Creole sample' }).click();
  await expect(page.getByRole('checkbox', { name: 'Haitian Creole' })).toBeChecked();
  await page.getByLabel('Steps', { exact: true }).fill('100');
  await page.getByRole('button', { name: 'Advanced settings' }).click();
  await page.getByLabel('Problems a language').fill('40');
  await page.getByLabel('Ask them every').fill('100');
  await room.start.click();
  await expect(room.run.getByText('Finished', { exact: true })).toBeVisible({ timeout: 840_000 });

  const chart = room.run.getByRole('img', { name: /Right answers/ });
  const [, before, after] =
    /Haitian Creole from (\d+) to (\d+) of 40/.exec(
      (await chart.getAttribute('aria-description')) ?? '',
    ) ?? [];
  expect(Number(after)).toBeGreaterThanOrEqual(Number(before) + 5);
});
