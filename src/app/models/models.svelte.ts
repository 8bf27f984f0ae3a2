// The state of the models that the whole page shares: which bundle, how far its load is, where it runs.
// One instance is made in App.svelte and handed down by context.
import { createContext } from 'svelte';
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { InferenceClient, Running } from '../../../workers/inference-client.ts';
import { storedScheme } from '../../../workers/models-protocol.ts';
import type { LoadedBundle, ProviderChoice, Replacement } from '../../../workers/protocol.ts';
import { checkKey, checkOnWasm, isCheckable, type CheckState } from './gpuCheck.ts';
import { shortMemory, type Memory } from './memory.ts';
import type { ShownProgress } from './progress.ts';

export type ModelsStatus =
  | { kind: 'loading'; progress: ShownProgress | null }
  | { kind: 'ready'; bundle: LoadedBundle }
  | { kind: 'cancelled' }
  | { kind: 'failed'; error: LinguaLiftError };

/** What the page needs of an `InferenceClient`. */
export type ModelsClient = Pick<
  InferenceClient,
  'load' | 'answer' | 'answerAll' | 'tokenize' | 'retrieve' | 'replaceAlignment' | 'terminate'
>;

/** A bridge that was trained in the page or imported. */
export interface Learned {
  /** Of its run, or of its file. */
  id: string;
  name: string;
  replacement: Replacement;
}

export class Models {
  status: ModelsStatus = $state.raw({ kind: 'cancelled' });
  /** Of the bundle that is open, or on its way: that of a `bundle.json`, or of a bundle on this device. */
  address: string = $state('');
  /** How the open bundle was checked on the GPU. */
  check: CheckState = $state.raw({ kind: 'not-needed' });
  choice: ProviderChoice = $state('auto');
  /** What LinguaLIFT answers go over in place of the bundle's own bridge; `null` for its own. */
  learned: Learned | null = $state.raw(null);

  /** Address of the bundle that comes with the page. */
  readonly embedded: string;
  readonly #createClient: () => ModelsClient;
  readonly #memory: Memory;
  #client: ModelsClient | null = null;
  #load: Running<LoadedBundle> | null = null;
  #checking: AbortController | null = null;
  #waiting: ((client: ModelsClient) => void)[] = [];

  /**
   * @param embedded absolute address of the `bundle.json` that comes with the page
   * @param createClient starts a worker; called again after a crash
   * @param memory knows which bundle was open on the last visit
   */
  constructor(embedded: string, createClient: () => ModelsClient, memory: Memory = shortMemory()) {
    this.embedded = embedded;
    this.#createClient = createClient;
    this.#memory = memory;
    this.address = memory.read('open') ?? embedded;
  }

  /** Whether the open bundle is one of this device, not the one of the page. */
  get isStored(): boolean {
    return this.address.startsWith(storedScheme);
  }

  /** The loaded bundle, or `null` while there is none. */
  get bundle(): LoadedBundle | null {
    return this.status.kind === 'ready' ? this.status.bundle : null;
  }

  /** Opens another bundle, and again on the next visit. Never rejects: `status` tells how it ended. */
  async open(address: string): Promise<void> {
    this.address = address;
    await this.load();
  }

  /**
   * Loads the bundle, in place of a load that is under way. Never rejects: `status` tells how it ended.
   * @param choice where the models shall run
   */
  async load(choice: ProviderChoice = this.choice): Promise<void> {
    this.choice = choice;
    this.#checking?.abort();
    this.#load?.stop();
    this.status = { kind: 'loading', progress: null };
    const { address, isStored } = this;
    // A bundle that is too much for this tab must not be what the next visit begins with.
    this.#memory.write('open', null);
    const client = (this.#client ??= this.#createClient());
    const load: Running<LoadedBundle> = client.load(address, choice, (progress) => {
      if (this.#load !== load) return;
      const phase = isStored && progress.phase === 'download' ? 'read' : progress.phase;
      this.status = { kind: 'loading', progress: { ...progress, phase } };
    });
    this.#load = load;
    try {
      const bundle = await load.promise;
      if (this.#load !== load) return;
      const check = await this.#checked(bundle, address, client);
      if (this.#load !== load) return;
      this.check = check;
      // A load brings the bundle's own bridge back; where the learned one cannot follow, it stays.
      const replacement = this.learned?.replacement;
      if (replacement)
        await client.replaceAlignment(replacement).catch(() => (this.learned = null));
      if (this.#load !== load) return;
      this.status = { kind: 'ready', bundle };
      if (isStored) this.#memory.write('open', address);
      for (const resume of this.#waiting.splice(0)) resume(client);
    } catch (thrown) {
      if (this.#load !== load) return;
      const error = LinguaLiftError.from(thrown, 'load-failed');
      if (error.code === 'cancelled') this.status = { kind: 'cancelled' };
      else this.fail(error);
    }
  }

  /** Loads the bundle unless it is loaded or on its way: a question was asked that needs it. */
  ensure(): void {
    if (this.status.kind === 'cancelled' || this.status.kind === 'failed') void this.load();
  }

  /** Cancels the load that is under way, or skips the check at its end. */
  cancel(): void {
    if (this.#checking) this.#checking.abort();
    else if (this.status.kind === 'loading') this.#load?.stop();
  }

  /**
   * Answers over a learned bridge from now on, or over the bundle's own again (`null`).
   * @throws LinguaLiftError why it cannot be used; what was in use then stays
   */
  async use(learned: Learned | null): Promise<void> {
    this.ensure();
    const client = await this.whenReady();
    await client.replaceAlignment(learned?.replacement ?? null);
    this.learned = learned;
  }

  /** Records that the models can no longer be used, and frees what is left of them. */
  fail(error: LinguaLiftError): void {
    this.status = { kind: 'failed', error };
    this.#checking?.abort();
    const client = this.#client;
    this.#client = null;
    this.#load = null;
    client?.terminate();
  }

  /** Checks a bundle of this device that runs on the GPU, once on an adapter; the page's own was checked before. */
  async #checked(bundle: LoadedBundle, address: string, client: ModelsClient): Promise<CheckState> {
    if (!this.isStored || bundle.provider.kind !== 'webgpu') return { kind: 'not-needed' };
    if (this.#memory.read('checked') === checkKey(bundle)) return { kind: 'known' };
    if (!isCheckable(bundle)) return { kind: 'too-large' };
    const checking = new AbortController();
    this.#checking = checking;
    this.status = {
      kind: 'loading',
      progress: { phase: 'self-check', item: '', loadedBytes: 1, totalBytes: 1 },
    };
    try {
      const { signal } = checking;
      const result = await checkOnWasm(bundle, address, client, this.#createClient(), signal);
      if (result.differing.length === 0) this.#memory.write('checked', checkKey(bundle));
      return { kind: 'done', result };
    } catch (thrown) {
      if (checking.signal.aborted) return { kind: 'skipped' };
      // That the second copy does not start says nothing against the first one.
      return { kind: 'failed', reason: LinguaLiftError.from(thrown).message };
    } finally {
      if (this.#checking === checking) this.#checking = null;
    }
  }

  /** The client, as soon as a bundle is loaded: now, or after the load that is under way or comes next. */
  whenReady(): Promise<ModelsClient> {
    const client = this.#client;
    if (this.status.kind === 'ready' && client !== null) return Promise.resolve(client);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export const [getModels, setModels] = createContext<Models>();
