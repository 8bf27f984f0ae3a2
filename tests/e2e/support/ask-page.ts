// The Ask room as the tests use it: what is on the page, by role and name, and how to get there.
import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';

const scriptedWorker = readFileSync(new URL('scripted-worker.js', import.meta.url), 'utf8');

/** Headers under which a cross-origin isolated page accepts a worker. */
const isolation = { 'Cross-Origin-Embedder-Policy': 'require-corp' };

export class AskPage {
  readonly page: Page;
  readonly box: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  readonly examples: Locator;
  readonly entry: Locator;
  readonly question: Locator;
  readonly steps: Locator;
  /** The final answer, one on each route. */
  readonly answer: Locator;
  readonly earlier: Locator;
  readonly badge: Locator;
  /** What a screen reader hears. */
  readonly log: Locator;

  constructor(page: Page) {
    this.page = page;
    this.box = page.getByLabel('Your math problem');
    this.send = page.getByRole('button', { name: 'Ask', exact: true });
    this.stop = page.getByRole('button', { name: 'Stop' });
    this.examples = page.getByRole('region', { name: 'Examples' }).getByRole('listitem');
    this.entry = page.getByRole('article');
    this.question = this.entry.getByRole('heading', { level: 2 });
    this.steps = this.entry.getByRole('listitem');
    this.answer = this.entry.getByRole('strong');
    this.earlier = page
      .getByRole('region', { name: 'Earlier in this visit' })
      .getByRole('listitem');
    this.badge = page.getByRole('button', { name: /Ready on|Loading|Not loaded/ });
    this.log = page.getByRole('log');
  }

  /** Opens the page and waits until the models can be used. */
  async open(): Promise<void> {
    await this.page.goto('./');
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.badge).toContainText('Ready on');
  }

  /** Types a question and sends it with the keyboard. */
  async ask(question: string): Promise<void> {
    await this.box.fill(question);
    await this.box.press('Enter');
  }

  /** Waits until the entry on the page is over. */
  async over(): Promise<void> {
    await expect(this.stop).toBeHidden();
  }

  /** Puts the scripted worker in the place of the real one. Before `open`. */
  async useScriptedWorker(): Promise<void> {
    await this.page.route(/\/inference\.worker[^/]*\.js$/, (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        headers: isolation,
        body: scriptedWorker,
      }),
    );
  }
}
