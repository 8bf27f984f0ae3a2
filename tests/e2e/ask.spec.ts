// Asking, with the embedded bundle: streamed steps, the answer, routes side by side, the visit's history.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { parseProblems } from '../../src/app/ask/problems.ts';
import { AskPage } from './support/ask-page.ts';

/** Examples of `public/problems/` that the embedded bundle solves, one in each of its languages. */
const solvedByTheEmbeddedBundle = [
  ...['en-04', 'es-05', 'fr-05', 'de-05', 'pt-04', 'ru-02', 'zh-03', 'ja-04', 'ar-04', 'ko-04'],
  ...['th-05', 'vi-04', 'id-04', 'hi-04', 'bn-05', 'te-04', 'tr-04', 'sw-02', 'yo-04', 'am-03'],
];

const questions = {
  en: 'A train travels 70 kilometres every hour. How many kilometres does it travel in 3 hours?',
  sw: 'Juma ana mbuzi 24. Anauza mbuzi 7 na kununua mbuzi 10. Sasa ana mbuzi wangapi?',
};

test('a question is answered with numbered steps, marked calculations and an answer set apart', async ({
  page,
}) => {
  const ask = new AskPage(page);
  await ask.open();
  await ask.ask(questions.en);
  await expect(ask.question).toHaveText(questions.en);
  await expect(ask.box).toHaveValue('');
  await expect(ask.steps.first()).toBeVisible();
  await expect(ask.answer).toHaveText(/\d/);
  await expect(ask.entry).toContainText(/tokens\/s · (WASM|WebGPU), /);
  await ask.entry.getByRole('button', { name: /tokens\/s/ }).click();
  await expect(ask.entry).toContainText('As the models read it');
});

test('an example in each language that the bundle solves is solved on the page', async ({
  page,
}) => {
  const ask = new AskPage(page);
  await ask.open();
  for (const solved of solvedByTheEmbeddedBundle) {
    const lang = solved.slice(0, 2);
    const file = new URL(`../../public/problems/${lang}.jsonl`, import.meta.url);
    const problem = parseProblems(readFileSync(file, 'utf8')).find(({ id }) => id === solved);
    expect(problem, solved).toBeDefined();
    await ask.ask(problem?.question ?? '');
    await expect(ask.question).toHaveText(problem?.question ?? '');
    await expect(ask.answer, solved).toHaveText(problem?.answer ?? '');
  }
});

test('an example is asked with one click, in the language that the person picks', async ({
  page,
}) => {
  const ask = new AskPage(page);
  await ask.open();
  await page.getByRole('combobox').click();
  await page.getByRole('option', { name: 'Kiswahili' }).click();
  const example = ask.examples.first();
  await expect(example).toContainText('Amina');
  const question = await example.innerText();
  await example.getByRole('button').click();
  await expect(ask.question).toHaveText(question);
  await expect(ask.question).toBeFocused();
  await ask.over();
  await expect(example).not.toContainText('Amina');
});

test('the same question goes through four routes side by side', async ({ page }) => {
  const ask = new AskPage(page);
  await ask.open();
  await page.getByRole('button', { name: 'Compare routes' }).click();
  await ask.ask(questions.sw);
  const columns = ask.entry.getByRole('region');
  await expect(columns).toHaveCount(4);
  await expect(columns.getByRole('heading')).toHaveText([
    'Direct',
    'Gloss',
    'LangBridge',
    'LinguaLIFT',
  ]);
  await ask.over();
  await expect(columns.getByRole('button', { name: /tokens\/s/ })).toHaveCount(4);
  const tops = await columns.evaluateAll((all) =>
    all.map((one) => one.getBoundingClientRect().top),
  );
  expect(new Set(tops).size).toBe(1);
});

test('Stop ends the answers that are being written and keeps their beginnings', async ({
  page,
}) => {
  const ask = new AskPage(page);
  await ask.open();
  await page.getByRole('button', { name: 'Compare routes' }).click();
  // The small models answer faster than a test can press a button: the page presses it at the first step.
  await page.evaluate(() => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('article li') === null) return;
      observer.disconnect();
      const buttons = [...document.querySelectorAll('button')];
      buttons.find(({ textContent }) => textContent.trim() === 'Stop')?.click();
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
  await ask.ask(questions.sw);
  await expect(ask.entry.getByText('Stopped before the answer.').first()).toBeVisible();
  await expect(ask.steps.first()).toBeVisible();
  await expect(ask.stop).toBeHidden();
});

test('an answered question is compared without being answered twice', async ({ page }) => {
  const ask = new AskPage(page);
  await ask.open();
  await ask.ask(questions.en);
  await ask.over();
  const written = await ask.steps.allInnerTexts();
  await ask.entry.getByRole('button', { name: 'Compare routes' }).click();
  await ask.over();
  const lifted = ask.entry.getByRole('region', { name: 'LinguaLIFT' }).getByRole('listitem');
  expect(await lifted.allInnerTexts()).toEqual(written);
});

test('earlier questions can be looked at again, asked again and cleared', async ({ page }) => {
  const ask = new AskPage(page);
  await ask.open();
  await ask.ask(questions.en);
  await ask.over();
  const answer = await ask.answer.innerText();
  await ask.ask(questions.sw);
  await ask.over();
  await expect(ask.earlier).toHaveCount(1);
  await expect(ask.earlier).toContainText(answer);

  await ask.earlier.getByRole('button', { name: questions.en }).click();
  await expect(ask.question).toHaveText(questions.en);
  await expect(ask.question).toBeFocused();
  await expect(ask.earlier).toContainText(questions.sw);

  await ask.earlier.getByRole('button', { name: 'Ask again' }).click();
  await expect(ask.question).toHaveText(questions.sw);
  await ask.over();
  await expect(ask.earlier).toHaveCount(2);

  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(ask.earlier).toHaveCount(0);
  await expect(ask.question).toHaveText(questions.sw);
  await expect(ask.box).toBeFocused();
});

test('the answer and the whole page of the notebook can be copied, and the question edited', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const ask = new AskPage(page);
  await ask.open();
  await ask.ask(questions.en);
  await ask.over();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await ask.entry.getByRole('button', { name: 'Copy answer' }).click();
  await expect(ask.entry.getByText('Copied')).toBeVisible();
  expect(await clipboard()).toBe(await ask.answer.innerText());
  await ask.entry.getByRole('button', { name: 'Copy all' }).click();
  await expect.poll(clipboard).toMatch(/^A train[^]*\n1\. [^]*Answer: /);

  await ask.entry.getByRole('button', { name: 'Edit' }).click();
  await expect(ask.box).toBeFocused();
  await expect(ask.box).toHaveValue(questions.en);
});

test('empty and over-long questions are refused with a reason, and the next one is answered', async ({
  page,
}) => {
  const ask = new AskPage(page);
  await ask.open();
  await ask.send.click();
  await expect(page.getByRole('alert').filter({ hasText: 'The box is empty' })).toBeVisible();
  await ask.ask('7 apples. '.repeat(250));
  await expect(page.getByRole('alert').filter({ hasText: 'characters too long' })).toBeVisible();
  await expect(ask.box).toHaveValue(/apples/);

  // Short enough for the box, but more tokens than the encoder takes.
  await ask.ask('Mti, nyumba na mto. '.repeat(95));
  await expect(ask.entry.getByRole('alert')).toBeVisible();

  await ask.ask(questions.en);
  await expect(ask.answer).toBeVisible();
});

test('a question in Arabic runs from the right, its steps from the left', async ({ page }) => {
  const ask = new AskPage(page);
  await ask.open();
  await ask.ask('اشترت ليلى ١٢ علبة، في كل علبة ٤ أقلام. كم قلما معها؟');
  await expect(ask.question).toHaveCSS('direction', 'rtl');
  await ask.over();
  await expect(ask.entry.getByRole('list')).toHaveCSS('direction', 'ltr');
});

test('everything can be done with the keyboard alone', async ({ page }) => {
  const ask = new AskPage(page);
  await ask.open();
  const tabTo = async (target: typeof ask.box) => {
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press('Tab');
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`Thirty presses of Tab did not reach ${target}.`);
  };

  await tabTo(ask.badge);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Models' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(ask.badge).toBeFocused();

  await tabTo(ask.box);
  await page.keyboard.type('Ana has 3 bags');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('of 5 nuts. How many nuts does she have?');
  await page.keyboard.press('Enter');
  await expect(ask.question).toHaveText(/Ana has 3 bags\s+of 5 nuts/);
  await ask.over();

  await tabTo(page.getByRole('combobox'));
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox')).not.toHaveText('English');
  await tabTo(ask.examples.first().getByRole('button'));
  await page.keyboard.press('Enter');
  await expect(ask.earlier).toHaveCount(1);
});
