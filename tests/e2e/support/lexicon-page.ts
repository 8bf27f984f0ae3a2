// The Lexicon room as the tests use it: what is on the page, by role and name, and how to get there.
import { expect, type Locator, type Page } from '@playwright/test';

export class LexiconPage {
  readonly page: Page;
  readonly picker: Locator;
  /** The lists of this browser. */
  readonly shelf: Locator;
  /** The open list. */
  readonly list: Locator;
  readonly name: Locator;
  /** The rows of the word table that are in the page. */
  readonly rows: Locator;
  readonly search: Locator;
  readonly alerts: Locator;
  readonly undo: Locator;
  readonly sentences: Locator;

  constructor(page: Page) {
    this.page = page;
    this.picker = page.locator('input[type="file"]');
    this.shelf = page.getByRole('region', { name: 'Your word lists' }).getByRole('listitem');
    this.list = page.getByRole('article').first();
    this.name = this.list.getByRole('heading', { level: 2 });
    this.rows = page.getByRole('table', { name: /^Words of/ }).locator('[role="row"]');
    this.search = page.getByLabel('Search the words');
    this.alerts = page.getByRole('alert').filter({ hasText: 'was not added' });
    this.undo = page.getByRole('button', { name: 'Undo' });
    this.sentences = page
      .getByRole('region', { name: 'Twenty training sentences' })
      .getByRole('listitem');
  }

  async open(): Promise<void> {
    await this.page.goto('./#lexicon');
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(/Word lists/);
  }

  /** Adds files through the picker. */
  async add(...files: { name: string; text: string | Buffer }[]): Promise<void> {
    await this.picker.setInputFiles(
      files.map(({ name, text }) => ({
        name,
        mimeType: 'application/octet-stream',
        buffer: Buffer.from(text),
      })),
    );
  }

  /** Drops a file on the room. */
  async drop(name: string, text: string): Promise<void> {
    const dataTransfer = await this.page.evaluateHandle(
      ([fileName, content]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([content], fileName));
        return transfer;
      },
      [name, text] as const,
    );
    const target = this.page.getByRole('heading', { level: 1 });
    await target.dispatchEvent('dragover', { dataTransfer });
    await expect(this.page.getByText('Let go to add the word lists')).toBeVisible();
    await target.dispatchEvent('drop', { dataTransfer });
  }

  /** The row of the word table with both words. */
  row(foreign: string, english: string): Locator {
    return this.rows.filter({
      has: this.page.getByRole('button', { name: `Change ${foreign} – ${english}` }),
    });
  }

  async view(name: 'Words' | 'Coverage' | 'Left out'): Promise<void> {
    await this.list.getByRole('tab', { name }).click();
  }
}
