// The Models room as the tests use it: what is on the page, by role and name, and how to get there.
import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';
import { AskPage } from './ask-page.ts';

const scriptOf = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const scriptedWorker = scriptOf('scripted-models-worker.js');
const inferenceWorker = scriptOf('scripted-stored-bundle.js') + scriptOf('scripted-worker.js');

/** Headers under which a cross-origin isolated page accepts a worker. */
const isolation = { 'Cross-Origin-Embedder-Policy': 'require-corp' };

export class ModelsPage {
  readonly page: Page;
  readonly ask: AskPage;
  readonly openName: Locator;
  /** The phases of the load of the open bundle. */
  readonly phases: Locator;
  readonly bundles: Locator;
  readonly download: Locator;
  readonly putTogether: Locator;
  /** What is on its way, and what is not whole. */
  readonly transfers: Locator;
  readonly models: Locator;
  readonly other: Locator;

  constructor(page: Page) {
    this.page = page;
    this.ask = new AskPage(page);
    this.openName = page.locator('#open-bundle');
    this.phases = page.getByRole('list', { name: 'Phases of the load' });
    this.bundles = page.getByRole('region', { name: 'Bundles' }).getByRole('listitem');
    const form = page.getByRole('region', { name: 'Put them together' });
    this.download = form.getByRole('button', { name: /^Download/ });
    this.putTogether = form.getByRole('button', { name: 'Put together and open' });
    this.transfers = page.getByRole('region', { name: 'On the way' });
    this.models = page.getByRole('region', { name: 'Models on this device' }).getByRole('listitem');
    this.other = page.getByRole('region', { name: 'Another model' });
  }

  /** Puts the scripted workers in the place of the real ones. Before `open`. */
  async useScriptedWorkers(): Promise<void> {
    const workers: [RegExp, string][] = [
      [/\/inference\.worker[^/]*\.js$/, inferenceWorker],
      [/\/models\.worker[^/]*\.js$/, scriptedWorker],
    ];
    for (const [address, body] of workers) {
      await this.page.route(address, (route) =>
        route.fulfill({ contentType: 'text/javascript', headers: isolation, body }),
      );
    }
  }

  /** Opens the room and waits until the models can be used. */
  async open(): Promise<void> {
    await this.page.goto('./#models');
    await this.ask.ready();
    await expect(this.models.or(this.page.getByText('None yet.')).first()).toBeVisible();
  }

  /** Picks the small encoder and the small LLM. */
  async pickSmall(): Promise<void> {
    await this.page.getByRole('radio', { name: /^multilingual-e5-small/ }).check();
    await this.page.getByRole('radio', { name: /^SmolLM2 135M/ }).check();
  }

  /** Downloads the small pair and puts it together. */
  async makeBundle(name: string): Promise<void> {
    await this.pickSmall();
    await this.download.click();
    await expect(this.models).toHaveCount(2);
    await this.page.getByLabel('Name of the bundle').fill(name);
    await this.putTogether.click();
    await this.ask.ready();
  }

  /** Asks the hub for a model by its id. */
  async lookUp(address: string): Promise<void> {
    await this.other.getByLabel('Id or address on the hub').fill(address);
    await this.other.getByRole('button', { name: 'Look it up' }).click();
  }

  /** Lets downloads come from another address than the hub's. */
  async useMirror(address: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Use a mirror of the hub' }).click();
    await this.page.getByLabel('Address of the mirror').fill(address);
    await this.page.getByRole('button', { name: 'Use it' }).click();
    await this.page.getByText(`Downloads come from the mirror ${address}`).waitFor();
  }

  /** Asks the hub for a model by its id and begins its download. */
  async downloadOther(id: string): Promise<void> {
    await this.lookUp(id);
    const found = this.other.getByRole('article', { name: id });
    await found.getByRole('button', { name: /^Download/ }).click();
  }

  /** The progress of a transfer in percent. */
  progress(name: string): Locator {
    return this.transfers.getByRole('progressbar', { name: `Bytes of ${name}` });
  }
}
