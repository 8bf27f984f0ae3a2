// The Evaluate room as the tests use it: what is on the page, by role and name, and how to get there.
import { expect, type Locator, type Page } from '@playwright/test';
import { AskPage } from './ask-page.ts';

/** Real models on a machine that has other work may take so long for a hundred items. */
const runMs = 150_000;

export class EvaluatePage {
  readonly page: Page;
  readonly ask: AskPage;
  readonly start: Locator;
  readonly pause: Locator;
  readonly goOn: Locator;
  /** The run that is looked at. */
  readonly run: Locator;
  readonly name: Locator;
  readonly progress: Locator;
  readonly scores: Locator;
  /** The rows of the item table that are in the page, without its head. */
  readonly items: Locator;
  readonly shown: Locator;
  readonly runs: Locator;
  readonly sheet: Locator;

  constructor(page: Page) {
    this.page = page;
    this.ask = new AskPage(page);
    this.start = page.getByRole('button', { name: 'Start', exact: true });
    this.pause = page.getByRole('button', { name: 'Pause', exact: true });
    this.goOn = page.getByRole('button', { name: 'Go on' });
    this.run = page.getByRole('article');
    this.name = this.run.getByRole('heading', { level: 2 });
    this.progress = page.getByRole('progressbar', { name: 'Items answered' });
    this.scores = page.getByRole('region', { name: 'Right answers by language and route' });
    this.items = page
      .getByRole('table', { name: 'Items' })
      .locator('[role="row"]:not([aria-rowindex="1"])');
    this.shown = page.getByText(/^[\d,]+ shown$/);
    this.runs = page.getByRole('region', { name: 'Runs' }).getByRole('listitem');
    this.sheet = page.getByRole('dialog', { name: 'Item' });
  }

  /** Opens the room and waits until the models can be used. */
  async open(): Promise<void> {
    await this.page.goto('./#evaluate');
    await this.ask.ready();
  }

  /** Brings files with problems in through the picker. */
  async bring(...files: { name: string; text: string }[]): Promise<void> {
    await this.page.getByRole('radio', { name: 'Your own files' }).check();
    await this.page.locator('input[aria-label="Files with problems"]').setInputFiles(
      files.map(({ name, text }) => ({
        name,
        mimeType: 'text/plain',
        buffer: Buffer.from(text),
      })),
    );
  }

  /** Starts a run under a name and waits until it is on the page. */
  async begin(name: string): Promise<void> {
    await this.page.getByLabel('Name of the run').fill(name);
    await this.start.click();
    await expect(this.name).toHaveText(name);
  }

  /** Waits until the run on the page is finished. */
  async finished(): Promise<void> {
    await expect(this.run.getByText('Finished', { exact: true })).toBeVisible({ timeout: runMs });
  }

  /** Picks from one of the lists. */
  async pick(label: string, option: string | RegExp): Promise<void> {
    await this.page.getByRole('combobox', { name: new RegExp(`^${label}\\b`) }).click();
    await this.page.getByRole('option', { name: option }).click();
  }

  /** Writes a file out and gives its name and content. */
  async export(what: RegExp): Promise<{ name: string; path: string }> {
    const download = this.page.waitForEvent('download');
    await this.run.getByRole('button', { name: 'Export' }).click();
    await this.page.getByRole('menuitem', { name: what }).click();
    const file = await download;
    return { name: file.suggestedFilename(), path: await file.path() };
  }
}
