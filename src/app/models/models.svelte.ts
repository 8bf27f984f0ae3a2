// The state of the models that the whole page shares: which bundle, how far its load is, where it runs.
// One instance is made in App.svelte and handed down by context.
import { createContext } from 'svelte';
import type { LoadProgress } from '../../bridge/types.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { InferenceClient, Running } from '../../../workers/inference-client.ts';
import type { LoadedBundle, ProviderChoice, Replacement } from '../../../workers/protocol.ts';

export type ModelsStatus =
  | { kind: 'loading'; progress: LoadProgress | null }
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
  choice: ProviderChoice = $state('auto');
  /** What LinguaLIFT answers go over in place of the bundle's own bridge; `null` for its own. */
  learned: Learned | null = $state.raw(null);

  readonly #url: string;
  readonly #createClient: () => ModelsClient;
  #client: ModelsClient | null = null;
  #load: Running<LoadedBundle> | null = null;
  #waiting: ((client: ModelsClient) => void)[] = [];

  /**
   * @param url absolute address of the bundle's `bundle.json`
   * @param createClient starts a worker; called again after a crash
   */
  constructor(url: string, createClient: () => ModelsClient) {
    this.#url = url;
    this.#createClient = createClient;
  }

  /** The loaded bundle, or `null` while there is none. */
  get bundle(): LoadedBundle | null {
    return this.status.kind === 'ready' ? this.status.bundle : null;
  }

  /**
   * Loads the bundle, in place of a load that is under way. Never rejects: `status` tells how it ended.
   * @param choice where the models shall run
   */
  async load(choice: ProviderChoice = this.choice): Promise<void> {
    this.choice = choice;
    this.#load?.stop();
    this.status = { kind: 'loading', progress: null };
    const client = (this.#client ??= this.#createClient());
    const load: Running<LoadedBundle> = client.load(this.#url, choice, (progress) => {
      if (this.#load === load) this.status = { kind: 'loading', progress };
    });
    this.#load = load;
    try {
      const bundle = await load.promise;
      if (this.#load !== load) return;
      // A load brings the bundle's own bridge back; where the learned one cannot follow, it stays.
      const replacement = this.learned?.replacement;
      if (replacement)
        await client.replaceAlignment(replacement).catch(() => (this.learned = null));
      if (this.#load !== load) return;
      this.status = { kind: 'ready', bundle };
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

  /** Cancels the load that is under way. */
  cancel(): void {
    if (this.status.kind === 'loading') this.#load?.stop();
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
    const client = this.#client;
    this.#client = null;
    this.#load = null;
    client?.terminate();
  }

  /** The client, as soon as a bundle is loaded: now, or after the load that is under way or comes next. */
  whenReady(): Promise<ModelsClient> {
    const client = this.#client;
    if (this.status.kind === 'ready' && client !== null) return Promise.resolve(client);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export const [getModels, setModels] = createContext<Models>();
