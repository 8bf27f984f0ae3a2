// The retrieval panel of the Evaluate room as the tests use it: what is on the page, by role and name, and how to
// get there.
import type { Locator, Page } from '@playwright/test';
import { AskPage } from './ask-page.ts';

export interface TextFile {
  name: string;
  text: string;
}

export class RetrievalPage {
  readonly page: Page;
  readonly ask: AskPage;
  readonly search: Locator;
  readonly stop: Locator;
  readonly progress: Locator;
  /** What was found, a sheet for each set of pairs. */
  readonly sheets: Locator;
  /** The rows of the first sheet's table, without its head. */
  readonly rows: Locator;
  /** The sentences that were missed. */
  readonly missed: Locator;

  constructor(page: Page) {
    this.page = page;
    this.ask = new AskPage(page);
    this.search = page.getByRole('button', { name: 'Search', exact: true });
    this.stop = page.getByRole('button', { name: 'Stop', exact: true });
    this.progress = page.getByRole('progressbar', { name: 'Sentences searched' });
    this.sheets = page.getByRole('article');
    this.rows = this.sheets
      .first()
      .getByRole('region', { name: 'Translations found first' })
      .locator('tbody tr');
    this.missed = page.getByRole('region', { name: /missed/i }).getByRole('listitem');
  }

  /** Opens the panel and waits until the models can be used. */
  async open(): Promise<void> {
    await this.page.goto('./#evaluate');
    await this.ask.ready();
    await this.page.getByRole('radio', { name: 'Retrieval' }).click();
  }

  /** Brings files with pairs in through the picker. */
  async bring(...files: TextFile[]): Promise<void> {
    await this.page.getByRole('radio', { name: 'Your own files' }).check();
    await this.page.locator('input[aria-label="Files with sentence pairs"]').setInputFiles(
      files.map(({ name, text }) => ({
        ...{ name, mimeType: 'text/plain' },
        buffer: Buffer.from(text),
      })),
    );
  }

  /** Picks from one of the lists. */
  async pick(label: string, option: string | RegExp): Promise<void> {
    await this.page.getByRole('combobox', { name: new RegExp(`^${label}\\b`) }).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }
}
