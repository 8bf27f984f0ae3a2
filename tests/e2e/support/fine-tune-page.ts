// The Fine-tune room as the tests use it: what is on the page, by role and name, and how to get there.
import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';
import { AskPage } from './ask-page.ts';

const scriptedWorker = readFileSync(
  new URL('scripted-training-worker.js', import.meta.url),
  'utf8',
);

/** Headers under which a cross-origin isolated page accepts a worker. */
const isolation = { 'Cross-Origin-Embedder-Policy': 'require-corp' };

export class FineTunePage {
  readonly page: Page;
  readonly ask: AskPage;
  readonly start: Locator;
  readonly pause: Locator;
  readonly resume: Locator;
  /** The run that is looked at. */
  readonly run: Locator;
  readonly steps: Locator;
  readonly runs: Locator;
  readonly bridge: Locator;

  constructor(page: Page) {
    this.page = page;
    this.ask = new AskPage(page);
    this.start = page.getByRole('button', { name: 'Start' });
    this.pause = page.getByRole('button', { name: 'Pause' });
    this.resume = page.getByRole('button', { name: 'Resume' });
    this.run = page.getByRole('article');
    this.steps = page.getByRole('progressbar', { name: 'Steps taken' });
    this.runs = page.getByRole('region', { name: 'Runs' }).getByRole('listitem');
    this.bridge = page.getByRole('region', { name: 'The bridge that Ask uses' });
  }

  /** Puts the scripted workers in the place of the real ones. Before `open`. */
  async useScriptedWorkers(): Promise<void> {
    await this.ask.useScriptedWorker();
    await this.page.route(/\/training\.worker[^/]*\.js$/, (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        headers: isolation,
        body: scriptedWorker,
      }),
    );
  }

  /** Opens the room and waits until the models can be used. */
  async open(): Promise<void> {
    await this.page.goto('./#fine-tune');
    await this.ask.ready();
  }

  /** Takes the Esperanto sample and starts a run of sentences. */
  async startEsperanto(name = ''): Promise<void> {
    await this.page.getByRole('radio', { name: 'Stage 1: sentences' }).check();
    await this.page.getByRole('button', { name: 'Esperanto sample' }).click();
    await expect(this.page.getByRole('checkbox', { name: 'Esperanto' })).toBeChecked();
    await this.page.getByLabel('Name of the run').fill(name);
    await this.start.click();
    await expect(this.run).toBeVisible();
  }
}
