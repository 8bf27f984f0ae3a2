// Does what models-protocol.ts asks for: a row for each call. It runs in the models worker, and in Node in tests.
import * as v from 'valibot';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { defaultHub, fileUrl, parseAddress, parseHub } from '../src/bundle/hub/address.ts';
import { makeManifest } from '../src/bundle/hub/bundleManifest.ts';
import { alignmentNames, type BundleRecord } from '../src/bundle/hub/bundleStore.ts';
import type { Disk } from '../src/bundle/hub/disk.ts';
import { downloadModel, type ModelProgress } from '../src/bundle/hub/download.ts';
import { importFolder } from '../src/bundle/hub/importFolder.ts';
import { findModelFiles, pathsOf } from '../src/bundle/hub/layouts.ts';
import { listRepository, pickFiles, type HubListing } from '../src/bundle/hub/listing.ts';
import type { ModelConfig } from '../src/bundle/hub/modelConfig.ts';
import { Records } from '../src/bundle/hub/records.ts';
import { request as requestHub } from '../src/bundle/hub/request.ts';
import { storageUse } from '../src/bundle/hub/storage.ts';
import type { Stores } from '../src/bundle/hub/storedBundle.ts';
import { StoredPart } from '../src/bundle/hub/storedPart.ts';
import type { ModelKind } from '../src/bundle/hub/dtypes.ts';
import type { CallContext, Handlers } from './answer-calls.ts';
import { importAlignment } from './models-alignments.ts';
import { modelDevice, withChoice } from './models-machine.ts';
import type {
  CapabilityReport,
  ModelOnDevice,
  ModelRef,
  ModelsCalls,
  Overview,
  RepositoryView,
  StoredBundle,
  TransferProgress,
} from './models-protocol.ts';
import {
  configOf,
  isSame,
  viewBundle,
  viewModel,
  viewPresets,
  viewRepository,
} from './models-views.ts';

const settingsSchema = v.object({ hubAddress: v.nullable(v.string()) });
const settingsName = 'settings';

/** What the hub lists of a repository, and what its config.json says. */
interface Looked {
  listing: HubListing;
  config: ModelConfig | null;
}

export class ModelsSession {
  readonly #stores: Stores;
  readonly #settings: Records<typeof settingsSchema>;
  #capabilities: CapabilityReport;
  /** What the hub has told, by repository and commit, the latest at the end. */
  readonly #looked = new Map<string, Looked>();
  /** Calls may go on side by side; two that need the same file to write fail with `file-busy`. */
  readonly handlers: Handlers<ModelsCalls> = {
    overview: () => this.#overview(),
    capabilities: async () => this.#capabilities,
    runOn: async ({ choice }) => {
      this.#capabilities = withChoice(this.#capabilities, choice);
      const overview = await this.#overview();
      const views = [...this.#looked.values()].map((looked) =>
        this.#viewLooked(looked, overview.models),
      );
      return { capabilities: this.#capabilities, overview, views };
    },
    look: ({ address }, { signal }) => this.#look(address, signal),
    download: async ({ repository, revision, commit, dtype }, context) => {
      const hub = await this.#hub();
      const all = await listRepository(hub, repository, commit, context);
      const paths = pathsOf(
        findModelFiles(
          all.files.map(({ path }) => path),
          dtype,
          repository,
        ),
      );
      return this.#transfer({ ...pickFiles(all, paths), revision }, hub, context);
    },
    resume: async (ref, context) => {
      const { repository, commit, revision, licence, files } = await this.#stored(ref);
      const listing = { repository, commit, revision, licence, files };
      return this.#transfer(listing, await this.#hub(), context);
    },
    discardPartial: async ({ repository, commit }) => {
      await this.#stores.models.discardPartial(repository, commit);
      return this.#overview();
    },
    deleteModel: (ref) => this.#deleteModel(ref),
    importFolder: async ({ name, files }, { signal, onProgress }) => {
      const listing = await importFolder(name, files, this.#stores.models, {
        signal,
        onProgress: (progress) => onProgress(transferOf(progress)),
      });
      return this.#view(listing);
    },
    putTogether: (request) => this.#putTogether(request),
    renameBundle: async ({ id, name }) => {
      const { bundles } = this.#stores;
      await bundles.write({ ...(await bundles.find(id)), name });
      return this.#overview();
    },
    deleteBundle: async ({ id }) => {
      await this.#stores.bundles.delete(id);
      return this.#overview();
    },
    addAlignment: async ({ id, name, files }) => {
      const record = await this.#stores.bundles.find(id);
      return this.#complete(record, { [name]: files });
    },
    removeAlignment: async ({ id, name }) => {
      const record = await this.#stores.bundles.find(id);
      const left = Object.entries(record.alignments).filter(([other]) => other !== name);
      return this.#complete({ ...record, alignments: Object.fromEntries(left) }, {});
    },
    setHubAddress: async ({ address }) => {
      const hubAddress = address === null ? null : parseHub(address);
      await this.#settings.write(settingsName, { hubAddress });
      this.#looked.clear();
      return this.#overview();
    },
  };

  /**
   * @param settings where the room's settings are kept
   */
  constructor(stores: Stores, settings: Disk, capabilities: CapabilityReport) {
    this.#stores = stores;
    this.#settings = new Records(settings, settingsSchema);
    this.#capabilities = capabilities;
  }

  async #hub(): Promise<string> {
    return (await this.#settings.find(settingsName))?.hubAddress ?? defaultHub;
  }

  async #overview(): Promise<Overview> {
    const hubAddress = await this.#hub();
    const [models, bundles] = [await this.#models(), await this.#stores.bundles.list()];
    return {
      presets: viewPresets(models, modelDevice(this.#capabilities)),
      models,
      bundles: bundles.map((record) => viewBundle(record, models)),
      storage: await storageUse(),
      modelBytes: await this.#stores.models.usedBytes(),
      hubAddress,
      isMirror: hubAddress !== defaultHub,
    };
  }

  async #models(): Promise<ModelOnDevice[]> {
    const bundles = await this.#stores.bundles.list();
    const models = await this.#stores.models.list();
    return Promise.all(models.map((model) => viewModel(model, this.#stores.models, bundles)));
  }

  async #look(address: string, signal: AbortSignal): Promise<RepositoryView> {
    const hub = await this.#hub();
    const { repository, revision } = parseAddress(address, hub);
    const listing = await listRepository(hub, repository, revision, { signal });
    const looked = { listing, config: await readConfig(listing, hub, signal) };
    const key = `${repository}@${listing.commit}`;
    this.#looked.delete(key);
    this.#looked.set(key, looked);
    return this.#viewLooked(looked, await this.#models());
  }

  #viewLooked({ listing, config }: Looked, models: readonly ModelOnDevice[]): RepositoryView {
    const stored = models.find((model) => isSame(model, listing)) ?? null;
    return viewRepository(listing, config, stored, modelDevice(this.#capabilities));
  }

  async #transfer(
    listing: HubListing,
    hub: string,
    { signal, onProgress }: CallContext<TransferProgress>,
  ): Promise<ModelOnDevice> {
    await downloadModel(listing, this.#stores.models, {
      ...{ hub, signal },
      onProgress: (progress) => onProgress(transferOf(progress)),
    });
    return this.#view(listing);
  }

  async #stored({ repository, commit }: ModelRef) {
    const model = await this.#stores.models.find(repository, commit);
    if (model) return model;
    throw new LinguaLiftError(
      'file-missing',
      `The model ${repository} is not on this device any more. Download it again.`,
      commit,
    );
  }

  async #view(ref: ModelRef): Promise<ModelOnDevice> {
    const model = await this.#stored(ref);
    return viewModel(model, this.#stores.models, await this.#stores.bundles.list());
  }

  async #deleteModel(ref: ModelRef): Promise<Overview> {
    const { models, bundles } = this.#stores;
    const users = (await bundles.list()).filter(
      ({ encoder, llm }) => isSame(encoder, ref) || isSame(llm, ref),
    );
    if (users.length > 0) {
      const names = users.map(({ name }) => `“${name}”`).join(', ');
      throw new LinguaLiftError(
        'model-in-use',
        `${ref.repository} is a part of ${names}. Delete that first.`,
        users.map(({ id }) => id).join(', '),
      );
    }
    await models.delete(ref.repository, ref.commit);
    return this.#overview();
  }

  async #putTogether({
    name,
    encoder,
    llm,
    alignments,
  }: ModelsCalls['putTogether']['request']): Promise<StoredBundle> {
    const draft = await this.#stores.bundles.draft(name, encoder, llm);
    return this.#complete(draft, alignments);
  }

  /** Checks that a bundle can be loaded, with more alignments than it had, and stores it. */
  async #complete(
    before: BundleRecord,
    alignments: ModelsCalls['putTogether']['request']['alignments'],
  ): Promise<StoredBundle> {
    const { models, bundles } = this.#stores;
    const encoder = checkKind(await StoredPart.find(models, before.encoder), 'encoder');
    const llm = checkKind(await StoredPart.find(models, before.llm), 'llm');
    const record = { ...before, alignments: { ...before.alignments } };
    try {
      for (const name of alignmentNames) {
        const files = alignments[name];
        if (files === undefined) continue;
        record.alignments[name] = await importAlignment(files, encoder, llm, bundles.contents);
      }
      await makeManifest(record, encoder, llm);
      await bundles.write(record);
    } catch (thrown) {
      await bundles.discardUnnamed(record);
      throw thrown;
    }
    return viewBundle(record, await this.#models());
  }
}

/** What a repository's config.json says, without storing it; `null` where there is none that is known. */
async function readConfig(listing: HubListing, hub: string, signal: AbortSignal) {
  const { repository, commit, files } = listing;
  const path = 'config.json';
  if (!files.some((file) => file.path === path)) return null;
  const url = fileUrl(hub, repository, commit, path);
  const response = await requestHub(url, { repository, revision: commit, path }, null, signal);
  return configOf(await response.text(), repository);
}

const roles: Readonly<Record<ModelKind, string>> = { encoder: 'an encoder', llm: 'an LLM' };

/** @throws LinguaLiftError `model-unsupported` for a model of the other kind */
function checkKind(part: StoredPart, role: ModelKind): StoredPart {
  const { kind } = part.config;
  if (kind === null || kind === role) return part;
  throw new LinguaLiftError(
    'model-unsupported',
    `${part.name} is ${roles[kind]} and cannot take the place of ${roles[role]}. Choose another model.`,
  );
}

function transferOf({ downloadedBytes, ...progress }: ModelProgress): TransferProgress {
  return { ...progress, doneBytes: downloadedBytes };
}
