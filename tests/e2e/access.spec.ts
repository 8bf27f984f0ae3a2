// For everyone: no violations that axe finds, in light and dark, and no sideways scrolling on small screens.
import { expect, test } from '@playwright/test';
import { AskPage } from './support/ask-page.ts';
import { expectAccessible, expectFit } from './support/axe.ts';

/** The states of the Ask room, each with the way to it. */
const states: Record<string, (ask: AskPage) => Promise<void>> = {
  'while loading': async (ask) => {
    await ask.page.goto('./');
    await expect(ask.page.getByRole('progressbar')).toBeVisible();
  },
  'with an answer, its small print and an earlier question': async (ask) => {
    await ask.open();
    await ask.ask('12 × 4?');
    await ask.over();
    await ask.ask('一箱有12盒铅笔，每盒4支。还剩多少支铅笔？');
    await ask.over();
    await ask.entry.getByRole('button', { name: /tokens\/s/ }).click();
  },
  'with the routes side by side': async (ask) => {
    await ask.open();
    await ask.page.getByRole('button', { name: 'Compare routes' }).click();
    await ask.ask('اشترت ليلى 12 علبة أقلام، في كل علبة 4 أقلام. كم قلما معها؟');
    await ask.over();
  },
  'after a crash and with an empty question': async (ask) => {
    await ask.open();
    await ask.ask('Please crash');
    await expect(ask.badge).toContainText('Not loaded');
    await ask.send.click();
  },
  'with the sheet of the models open': async (ask) => {
    await ask.open();
    await ask.badge.click();
    await expect(ask.page.getByRole('dialog')).toHaveCSS('opacity', '1');
  },
  'on the model card': async (ask) => {
    await ask.page.goto('./model-card.html');
    await expect(ask.page.getByRole('table').first()).toBeVisible();
  },
};

test.use({ contextOptions: { reducedMotion: 'reduce' } });

for (const [name, reach] of Object.entries(states)) {
  test(`the page is accessible in light and dark and fits a narrow screen ${name}`, async ({
    page,
  }) => {
    const ask = new AskPage(page);
    await ask.useScriptedWorker();
    await reach(ask);
    await expectAccessible(page, name);
    await expectFit(page, name);
  });
}
