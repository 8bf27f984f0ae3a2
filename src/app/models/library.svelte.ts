// The models and bundles of this device as the page knows them, and what goes on with them: looks at the hub, downloads,
// imports. One instance is made in App.svelte, so downloads go on when another room is opened. Nothing is remembered
// here: after every change the worker tells again what there is.
import { createContext } from 'svelte';
import type { ModelsClient } from '../../../workers/models-client.ts';
import {
  addressOf,
  type AlignmentName,
  type CapabilityReport,
  type ModelOnDevice,
  type ModelRef,
  type Overview,
  type RepositoryView,
  type StoredBundle,
} from '../../../workers/models-protocol.ts';
import type { ProviderChoice } from '../../../workers/protocol.ts';
import { blobsOf, readFiles, replacementOf } from './alignmentFiles.ts';
import { isSame, shortName, type Listed } from './choices.ts';
import { Failures, type Failure } from './failures.svelte.ts';
import type { FolderFiles } from './folder.ts';
import type { Models } from './models.svelte.ts';
import type { Pairing } from './pairing.svelte.ts';
import { Transfer, type TransferWork } from './transfer.svelte.ts';
import { formatMissing, withKept, type Doing, type Wanted } from './wanted.ts';

/** What the page needs of a `ModelsClient`. */
export type ModelsService = Pick<ModelsClient, 'call' | 'persist'>;

export class Library {
  /** `null` until the worker has told. */
  overview: Overview | null = $state.raw(null);
  capabilities: CapabilityReport | null = $state.raw(null);
  /** What the hub has listed on this visit. */
  listed: Listed = $state.raw({});
  /** The repository that was asked for by its id. */
  looked: RepositoryView | null = $state.raw(null);
  transfers: readonly Transfer[] = $state.raw([]);
  doing: Doing | null = $state(null);

  readonly #failures = new Failures();
  readonly #service: ModelsService;
  readonly #models: Pick<Models, 'address' | 'embedded' | 'open'>;
  #loading: Promise<void> | null = null;
  /** What the worker goes by; `null` while that is not known. */
  #choice: ProviderChoice | null = 'auto';
  /** Overviews that were asked for; a later one is not overtaken by an earlier one. */
  #asked = 0;

  constructor(service: ModelsService, models: Pick<Models, 'address' | 'embedded' | 'open'>) {
    this.#service = service;
    this.#models = models;
  }

  /** Models of which only a part is here, and of which nothing is on its way. */
  get partials(): ModelOnDevice[] {
    return (this.overview?.models ?? []).filter(
      ({ repository, whole }) => !whole && this.transferOf(repository) === null,
    );
  }

  /** What goes on with a repository. */
  transferOf(repository: string): Transfer | null {
    return this.transfers.find(({ name }) => name === repository) ?? null;
  }

  /** Asks what there is. Further calls do nothing, unless the first one failed. */
  load(): Promise<void> {
    this.#loading ??= this.#failures
      .attempt('The models of this device could not be listed', async () => {
        const [capabilities] = await Promise.all([
          this.#service.call('capabilities', {}),
          this.#refresh(),
        ]);
        this.capabilities = capabilities;
      })
      .then((done) => {
        if (!done) this.#loading = null;
      });
    return this.#loading;
  }

  /** Asks what there is, judged by where the person has the models run. */
  async runOn(choice: ProviderChoice): Promise<void> {
    await this.load();
    if (this.overview === null || this.#choice === choice) return;
    this.#choice = choice;
    const done = await this.#failures.attempt('Which models fit could not be asked', async () => {
      const asked = this.#service.call('runOn', { choice });
      await this.#show(asked.then(({ overview }) => overview));
      const { capabilities, views } = await asked;
      if (this.#choice !== choice) return;
      this.capabilities = capabilities;
      this.listed = Object.fromEntries(views.map((view) => [view.repository, view]));
      const { looked } = this;
      this.looked = views.find((view) => looked !== null && isSame(view, looked)) ?? null;
    });
    // It may have taken the choice and failed after that, or have begun anew.
    if (!done) this.#choice = null;
  }

  /** What went wrong, until the person has read it. */
  get failures(): readonly Failure[] {
    return this.#failures.list;
  }

  dismiss(failure: Failure): void {
    this.#failures.dismiss(failure);
  }

  /** Asks the hub what a repository holds that a person named. Whether it told. */
  look(address: string): Promise<boolean> {
    this.looked = null;
    return this.#do('looking', 'The hub was not asked', async () => {
      this.looked = this.#list(await this.#service.call('look', { address }));
    });
  }

  /** Downloads what is missing of a model in one format: first the hub is asked for its files. */
  async download({ repository, revision, dtype }: Wanted): Promise<void> {
    const name = shortName(repository);
    const transfer = new Transfer(repository, 'download');
    await this.#transfer(transfer, `${name} was not downloaded`, async (options) => {
      const { signal } = transfer;
      const address = `${repository}@${revision}`;
      const view = this.#list(await this.#service.call('look', { address }, { signal }));
      const offer = view.offers.find((one) => one.dtype === dtype);
      if (offer === undefined) throw formatMissing(view, dtype);
      transfer.expect(offer.files.map((file) => withKept(file, view.stored)));
      const { commit } = view;
      return this.#service.call('download', { repository, revision, commit, dtype }, options);
    });
  }

  /** Goes on with a model of which a part is here. */
  async resume({ repository, commit, files }: ModelOnDevice): Promise<void> {
    const transfer = new Transfer(repository, 'download');
    transfer.expect(files);
    await this.#transfer(transfer, `${shortName(repository)} was not downloaded`, (options) =>
      this.#service.call('resume', { repository, commit }, options),
    );
  }

  /** Copies the model of a folder. */
  async importFolder({ name, files }: FolderFiles): Promise<void> {
    const transfer = new Transfer(name, 'import');
    await this.#transfer(transfer, `The folder ${name} was not taken`, (options) =>
      this.#service.call('importFolder', { name, files }, options),
    );
  }

  /** Throws away what has arrived of a model that is not whole. */
  discard({ repository, commit }: ModelRef): Promise<boolean> {
    return this.#change('The part was not thrown away', () =>
      this.#service.call('discardPartial', { repository, commit }),
    );
  }

  deleteModel({ repository, commit }: ModelRef): Promise<boolean> {
    return this.#change(`${shortName(repository)} was not deleted`, () =>
      this.#service.call('deleteModel', { repository, commit }),
    );
  }

  /** Makes a bundle of what is picked, and opens it. Whether it was made. */
  putTogether(pairing: Pairing): Promise<boolean> {
    return this.#do('putting-together', 'The models were not put together', async () => {
      const { ready } = pairing;
      if (ready === null) return;
      const name = pairing.name.trim() || pairing.title;
      const made = await this.#service.call('putTogether', { name, ...ready, alignments: {} });
      pairing.name = '';
      await this.#refresh();
      void this.#models.open(addressOf(made));
    });
  }

  async renameBundle({ id, name: before }: StoredBundle, wanted: string): Promise<void> {
    const name = wanted.trim();
    if (name === '' || name === before) return;
    await this.#change('The bundle was not renamed', () =>
      this.#service.call('renameBundle', { id, name }),
    );
  }

  /** Imports an alignment into a bundle, in the place of the one that it had for the route. Whether it was taken. */
  addAlignment(
    bundle: StoredBundle,
    name: AlignmentName,
    files: readonly File[],
  ): Promise<boolean> {
    return this.#do('changing', `${bundle.name} did not take the alignment`, async () => {
      await this.#service.call('addAlignment', {
        ...{ id: bundle.id, name },
        files: blobsOf(replacementOf(await readFiles(files))),
      });
      await this.#reopen(bundle);
    });
  }

  /** Takes an alignment out of a bundle, and with it the route. */
  removeAlignment(bundle: StoredBundle, name: AlignmentName): Promise<boolean> {
    return this.#do('changing', 'The alignment was not removed', async () => {
      await this.#service.call('removeAlignment', { id: bundle.id, name });
      await this.#reopen(bundle);
    });
  }

  /** Deletes a bundle; its models stay. Where it was open, that of the page is opened. */
  async deleteBundle(bundle: StoredBundle): Promise<boolean> {
    const done = await this.#change('The bundle was not deleted', () =>
      this.#service.call('deleteBundle', { id: bundle.id }),
    );
    const { address, embedded } = this.#models;
    if (done && address === addressOf(bundle)) void this.#models.open(embedded);
    return done;
  }

  /** Uses a mirror, or the hub itself (`null`). */
  setHubAddress(address: string | null): Promise<boolean> {
    this.listed = {};
    this.looked = null;
    return this.#change('The address was not taken', () =>
      this.#service.call('setHubAddress', { address }),
    );
  }

  /** Asks the browser to keep what is stored. Whether it promised. */
  async persist(): Promise<boolean> {
    const promised = await this.#service.persist();
    await this.#failures.attempt('The storage could not be asked', () => this.#refresh());
    return promised;
  }

  /** Shows what a bundle has now, and opens it again where it is the one that is open. */
  async #reopen(bundle: StoredBundle): Promise<void> {
    await this.#refresh();
    const address = addressOf(bundle);
    if (this.#models.address === address) void this.#models.open(address);
  }

  #list(view: RepositoryView): RepositoryView {
    this.listed = { ...this.listed, [view.repository]: view };
    return view;
  }

  async #refresh(): Promise<void> {
    await this.#show(this.#service.call('overview', {}));
  }

  async #show(asked: Promise<Overview>): Promise<void> {
    const number = ++this.#asked;
    const overview = await asked;
    if (number === this.#asked) this.overview = overview;
  }

  /** Carries a transfer on to its end. What was stopped is kept, or thrown away where it was cancelled. */
  async #transfer(transfer: Transfer, title: string, work: TransferWork): Promise<void> {
    if (this.transferOf(transfer.name) !== null) return;
    this.transfers = [...this.transfers, transfer];
    this.#failures.forget(title);
    const { signal, note } = transfer;
    await this.#failures.attempt(title, async () => {
      await work({ signal, onProgress: note });
    });
    await this.#failures.attempt('The models of this device could not be listed', async () => {
      await this.#refresh();
      const rest = this.overview?.models.find(
        ({ repository, whole }) => repository === transfer.name && !whole,
      );
      if (!transfer.isCancelled || rest === undefined) return;
      const { repository, commit } = rest;
      await this.#show(this.#service.call('discardPartial', { repository, commit }));
    });
    this.transfers = this.transfers.filter((other) => other !== transfer);
    this.#forgetStored(transfer.name);
  }

  /** What the hub listed stays right; what of it was on the device then does not. */
  #forgetStored(repository: string): void {
    const { looked } = this;
    if (looked?.repository !== repository) return;
    const stored = this.overview?.models.find((model) => isSame(model, looked)) ?? null;
    this.looked = { ...looked, stored };
  }

  #change(title: string, work: () => Promise<Overview>): Promise<boolean> {
    return this.#do('changing', title, () => this.#show(work()));
  }

  async #do(doing: Doing, title: string, work: () => Promise<void>): Promise<boolean> {
    if (this.doing !== null) return false;
    this.doing = doing;
    const done = await this.#failures.attempt(title, work);
    this.doing = null;
    return done;
  }
}

export const [getLibrary, setLibrary] = createContext<Library>();
