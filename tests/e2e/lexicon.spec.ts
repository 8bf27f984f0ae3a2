// Word lists: how they come in, what is shown of them, how they are mended and kept, and code-switching.
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { AskPage } from './support/ask-page.ts';
import { expectAccessible, expectFit, narrow } from './support/axe.ts';
import { LexiconPage } from './support/lexicon-page.ts';
import { longestTaskMs } from './support/main-thread.ts';

const swahili = 'nyumba house\nmaji water\nmti tree\nmti wood\nkitabu book\nmtoto child\n';

test.beforeEach(async ({ page }) => {
  await new AskPage(page).useScriptedWorker();
});

test('a sample comes in with one click: its words, its figures, and its sentences', async ({
  page,
}) => {
  const room = new LexiconPage(page);
  await room.open();
  await page.getByRole('button', { name: 'Haitian Creole' }).click();
  await expect(room.name).toHaveText('Haitian Creole');
  await expect(page.getByRole('combobox', { name: 'Language of the list' })).toHaveValue(
    'Haitian Creole',
  );
  await expect(room.rows.nth(1)).toContainText('the');
  await expect(room.list).toContainText(/Training text covered\s*\d\d%/);
  await expect(room.sentences).toHaveCount(20);
  await room.view('Coverage');
  await expect(room.list.getByRole('list', { name: 'Missing most often' })).toContainText('km');
});

test('a dropped file tells which lines are not in the list, and why', async ({ page }) => {
  const room = new LexiconPage(page);
  await room.open();
  await room.drop('swahili.txt', `${swahili}radio radio\nlonely\nmaji water\n`);
  await expect(room.name).toHaveText('swahili');
  await expect(page.getByRole('combobox', { name: 'Language of the list' })).toHaveValue('Swahili');
  await room.view('Left out');
  const lines = page.getByRole('table', { name: 'Lines left out' }).getByRole('row');
  await expect(lines).toHaveText([
    /Line\s*Reason\s*Text/,
    /7\s*both sides are the same\s*radio/,
    /8\s*only one word, no translation\s*lonely/,
    /9\s*the same pair as in line 2\s*maji/,
  ]);
  const download = page.waitForEvent('download');
  await room.list.getByRole('button', { name: 'Download' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('swahili left out.tsv');
  expect(readFileSync(await file.path(), 'utf8')).toContain('7\tboth sides are the same\tradio');
});

test('of several files each one that cannot be read is named, and the others come in', async ({
  page,
}) => {
  const room = new LexiconPage(page);
  await room.open();
  await room.add(
    { name: 'picture.txt', text: Buffer.from([1, 2, 0, 3, 0]) },
    { name: 'en-fr.txt.gz', text: gzipSync('house maison\nwater eau\n') },
    { name: 'broken.json', text: '[["a", "b"' },
    { name: 'de.csv', text: 'Haus;house\nWasser;water\n' },
  );
  await expect(room.shelf).toHaveText([/en-fr.*French.*2 pairs/s, /de.*German.*2 pairs/s]);
  await expect(room.alerts).toHaveText([
    /picture\.txt was not added.*no text file/s,
    /broken\.json was not added.*cannot be read/s,
  ]);
  await room.alerts.first().getByRole('button', { name: 'Dismiss' }).click();
  await expect(room.alerts).toHaveCount(1);
});

test('words can be pasted, into the box or onto the room', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const room = new LexiconPage(page);
  await room.open();
  await page.getByRole('button', { name: 'Paste words' }).click();
  await page.getByLabel('a pair a line').fill(swahili);
  await page.getByRole('button', { name: 'Add these words' }).click();
  await expect(room.shelf).toHaveText([/Pasted words.*6 pairs/s]);
  await page.evaluate(() => navigator.clipboard.writeText('maison house\neau water'));
  await page.keyboard.press('Control+V');
  await expect(room.shelf.nth(1)).toHaveText(/Pasted words \(2\).*2 pairs/s);
});

test('a list is searched, changed, added to and shortened, taken back, kept and exported', async ({
  page,
}) => {
  const room = new LexiconPage(page);
  await room.open();
  await room.add({ name: 'sw.txt', text: swahili });
  await room.search.fill('mt');
  await expect(room.list).toContainText('3 of 6 pairs');
  await room.row('mti', 'wood').getByRole('button', { name: 'Change' }).click();
  const english = room.list.getByLabel('English', { exact: true });
  await english.fill('Tree');
  await english.press('Enter');
  await expect(room.list.getByRole('alert')).toContainText('in the list already');
  await english.fill('Timber');
  await english.press('Enter');
  await expect(room.row('mti', 'timber').getByRole('button', { name: 'Change' })).toBeFocused();

  await room.search.fill('');
  await page.getByRole('button', { name: 'Add a pair' }).click();
  await room.list.getByLabel('Swahili', { exact: true }).fill('ndege');
  await english.fill('bird');
  await english.press('Enter');
  await expect(room.rows.nth(1)).toContainText('bird');
  await room.list.getByRole('button', { name: 'Cancel' }).click();

  await room.row('maji', 'water').getByRole('button', { name: 'Remove' }).click();
  await expect(room.row('maji', 'water')).toHaveCount(0);
  await expect(room.undo).toBeFocused();
  await room.row('kitabu', 'book').getByRole('button', { name: 'Remove' }).click();
  await expect(room.list).toContainText('5 pairs');
  await room.undo.click();
  await expect(room.row('kitabu', 'book')).toHaveCount(1);

  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByLabel('Name of the list').fill('My Swahili');
  await page.keyboard.press('Enter');
  await page.reload();
  await expect(room.name).toHaveText('My Swahili');
  await expect(room.row('mti', 'timber')).toHaveCount(1);

  const download = page.waitForEvent('download');
  await room.list.getByRole('button', { name: 'Export' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('My Swahili.txt');
  expect(readFileSync(await file.path(), 'utf8')).toBe(
    'ndege\tbird\nnyumba\thouse\nmti\ttree\nmti\ttimber\nkitabu\tbook\nmtoto\tchild\n',
  );
});

test('the language can be set, sides swapped, lists merged and deleted, and all of it taken back', async ({
  page,
}) => {
  const room = new LexiconPage(page);
  await room.open();
  await room.add(
    { name: 'one.txt', text: swahili },
    { name: 'sw.txt', text: 'ndege bird\nmaji water\n' },
  );
  await expect(room.shelf).toHaveCount(2);
  await expect(page.getByRole('button', { name: 'Merge' })).toBeDisabled();
  await room.shelf.first().getByRole('button').click();
  const language = page.getByRole('combobox', { name: 'Language of the list' });
  await expect(language).toHaveValue('Unknown language');
  await language.fill('swah');
  await page.getByRole('option', { name: 'Swahili' }).click();
  await expect(language).toHaveValue('Swahili');

  await room.list.getByRole('button', { name: 'Swap sides' }).click();
  await expect(room.row('house', 'nyumba')).toHaveCount(1);
  await room.undo.click();
  await expect(room.row('nyumba', 'house')).toHaveCount(1);

  await page.getByRole('button', { name: 'Merge' }).click();
  await page.getByRole('menuitem', { name: 'sw' }).click();
  await expect(room.shelf).toHaveText([/one.*7 pairs/s]);
  await room.list.getByRole('button', { name: 'Delete' }).click();
  await expect(room.shelf).toHaveCount(0);
  await expect(room.undo).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(room.shelf).toHaveText([/one.*7 pairs/s]);
});

test('the preview follows the settings and is the same for the same seed', async ({ page }) => {
  const room = new LexiconPage(page);
  await room.open();
  await page.getByRole('button', { name: 'Esperanto' }).click();
  const seed = page.getByLabel('Seed', { exact: true });
  const marked = room.sentences.getByRole('button');
  await expect(room.sentences).toHaveCount(20);
  const before = await room.sentences.allInnerTexts();
  await seed.fill('2');
  await expect(room.sentences.first()).not.toHaveText(before[0] ?? '');
  await seed.fill('1');
  await expect(room.sentences).toHaveText(before, { useInnerText: true });
  await page.reload();
  await expect(room.sentences).toHaveText(before, { useInnerText: true });

  await expect(marked.first()).toHaveAccessibleName(/.+,\s+in English: .+/);
  await marked.first().focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  const english = marked.first().getByText('in English').locator('..');
  await expect(english).toHaveCSS('clip-path', 'none');
  await page.keyboard.press('Escape');
  await expect(english).not.toHaveCSS('clip-path', 'none');

  const sentenceShare = page.getByRole('slider', { name: 'Share of sentences' });
  await sentenceShare.press('Home');
  await expect(marked).toHaveCount(0);
  await sentenceShare.press('End');
  await expect(marked).not.toHaveCount(0);
  await page.getByRole('slider', { name: 'Weight of Esperanto' }).press('Home');
  await expect(page.getByText('No list takes part')).toBeVisible();
});

test('the words are cut by the tokenizer of the loaded models', async ({ page }) => {
  await page.unrouteAll();
  const room = new LexiconPage(page);
  await room.open();
  await room.add({ name: 'sw.txt', text: `${swahili}☂maji umbrella\n` });
  await room.view('Coverage');
  await expect(room.list).toContainText(/[\d.]+ pieces a word on average, over 6 words/);
  const worst = room.list.getByRole('list', { name: 'Cut into most pieces' });
  await expect(worst.getByRole('listitem')).toHaveCount(6);
});

/** Longer tasks are felt: the page does not answer meanwhile. */
const longTaskMs = 50;

test('200,000 lines come in, are searched, changed and switched without holding up the page', async ({
  browser,
  page,
}, testInfo) => {
  const lines = 200_000;
  const room = new LexiconPage(page);
  await room.open();
  await expect(new AskPage(page).badge).toContainText('Ready on');
  // A first list, so that what is measured is the work on the long one and not the first painting of the room.
  await room.add({ name: 'sw.txt', text: swahili });
  await expect(room.sentences).toHaveCount(20);
  const text = Array.from({ length: lines }, (_, index) => `neno${index} word${index}`).join('\n');
  const path = testInfo.outputPath('sw-long.txt');
  writeFileSync(path, `${text}\nnyumba house\nsame same\n`);

  const longest = await longestTaskMs(browser, page, async () => {
    await room.picker.setInputFiles(path);
    await expect(room.name).toHaveText('sw-long');
    await expect(room.list).toContainText('200,001 pairs');
    await expect(room.list).toContainText(/Training text covered\s*\d+%/);
    await room.search.fill('word19999');
    await expect(room.list).toContainText('11 of 200,001 pairs');
    const last = room.row('neno199990', 'word199990');
    await last.getByRole('button', { name: 'Remove' }).click();
    await expect(room.list).toContainText('10 of 200,000 pairs');
  });
  expect(longest).toBeLessThan(longTaskMs);
});

test('the room is accessible in light and dark and fits a narrow screen', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const room = new LexiconPage(page);
  await room.open();
  await room.add(
    { name: 'a.txt', text: '' },
    { name: 'sw.txt', text: `${swahili}vipi how\nradio radio\n` },
  );
  await expect(room.alerts).toHaveCount(1);
  await expect(room.sentences).toHaveCount(20);
  const views = {
    Words: async () => {
      await page.getByRole('button', { name: 'Add a pair' }).click();
      await room.rows.nth(2).getByRole('button', { name: 'Change' }).click();
      await page.getByRole('combobox', { name: 'Language of the list' }).fill('sw');
    },
    Coverage: () => Promise.resolve(),
    'Left out': () => room.sentences.getByRole('button').first().hover(),
  };
  for (const [name, prepare] of Object.entries(views)) {
    await room.view(name as keyof typeof views);
    await prepare();
    await expectAccessible(page, name);
    await page.keyboard.press('Escape');
  }
  await page.setViewportSize(narrow);
  await room.sentences.getByRole('button').last().hover();
  await expectFit(page, 'with a translation at the edge');
});
