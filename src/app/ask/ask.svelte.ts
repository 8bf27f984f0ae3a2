// The state of the Ask room: the draft, the entries of this visit, and the runs that answer them.
import { createContext } from 'svelte';
import { routes as allRoutes } from '../../bridge/types.ts';
import type { Answer, Route } from '../../bridge/types.ts';
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { Running } from '../../../workers/inference-client.ts';
import type { Models } from '../models/models.svelte.ts';
import { mainRoute } from '../models/routes.ts';
import { questionProblem } from './question.ts';

/** Waiting for the models, being answered, or over in one of three ways. */
export type RunStatus = 'waiting' | 'running' | 'done' | 'stopped' | 'failed';

/** How a run stands, as plain data. */
export interface RunState {
  readonly route: Route;
  status: RunStatus;
  /** What the LLM has written so far. */
  text: string;
  answer: Answer | null;
  error: LinguaLiftError | null;
}

/** One question on one route. */
export class Run implements RunState {
  readonly route: Route;
  status: RunStatus = $state('waiting');
  text = $state('');
  answer: Answer | null = $state.raw(null);
  error: LinguaLiftError | null = $state.raw(null);
  running: Running<Answer> | null = null;

  constructor(route: Route) {
    this.route = route;
  }

  get over(): boolean {
    return this.status !== 'waiting' && this.status !== 'running';
  }
}

/** A question of this visit with its runs. */
export class Entry {
  readonly id: number;
  readonly question: string;
  /** The one that questions took by default when it was asked. */
  readonly mainRoute: Route;
  runs: Run[] = $state([]);

  constructor(id: number, question: string, route: Route) {
    this.id = id;
    this.question = question;
    this.mainRoute = route;
  }

  get over(): boolean {
    return this.runs.every((run) => run.over);
  }

  /** The run on the route that questions take by default. */
  get main(): Run | undefined {
    return this.runs.find((run) => run.route === this.mainRoute);
  }
}

export class AskRoom {
  draft = $state('');
  /** Whether the next question takes every route. */
  compare = $state(false);
  /** What is wrong with the draft that was sent last, or `null`. */
  problem: string | null = $state(null);
  /** Newest first. */
  entries: Entry[] = $state([]);
  current: Entry | null = $state(null);

  readonly #models: Models;
  #nextId = 1;

  constructor(models: Models) {
    this.#models = models;
  }

  /** Whether the current entry waits or is being answered. */
  get busy(): boolean {
    return this.current !== null && !this.current.over;
  }

  /** Entries of this visit that are not on the page. */
  get earlier(): Entry[] {
    return this.entries.filter((entry) => entry !== this.current);
  }

  /** Sends the draft. A draft that cannot be asked stays, and `problem` says why. */
  send(): void {
    this.problem = questionProblem(this.draft);
    if (this.problem !== null) return;
    this.ask(this.draft.trim());
    this.draft = '';
  }

  /** Asks a question in a new entry. One that is being answered is stopped and keeps what it has. */
  ask(question: string): void {
    this.stop();
    this.problem = null;
    const { bundle, learned } = this.#models;
    const route = mainRoute(bundle?.manifest ?? null, learned !== null);
    const entry = new Entry(this.#nextId++, question, route);
    this.entries.unshift(entry);
    this.current = entry;
    this.#start(entry, this.compare ? allRoutes : [route]);
  }

  /** Answers the current entry on the routes that it has not taken yet. */
  compareCurrent(): void {
    const entry = this.current;
    if (entry === null) return;
    const taken = entry.runs.map((run) => run.route);
    this.#start(
      entry,
      allRoutes.filter((route) => !taken.includes(route)),
    );
  }

  /** Stops the current entry; what has been written stays. */
  stop(): void {
    for (const run of this.current?.runs ?? []) {
      if (run.status === 'waiting') run.status = 'stopped';
      run.running?.stop();
    }
  }

  /** Puts an earlier entry back on the page. */
  open(entry: Entry): void {
    if (entry === this.current) return;
    this.stop();
    this.current = entry;
  }

  /** Puts the current question into the box, to be changed. */
  edit(): void {
    if (this.current !== null) this.draft = this.current.question;
  }

  /** Forgets the entries that are not on the page. */
  clearEarlier(): void {
    this.entries = this.current === null ? [] : [this.current];
  }

  #start(entry: Entry, routes: readonly Route[]): void {
    const added = routes.map((route) => new Run(route));
    entry.runs = allRoutes.flatMap((route) =>
      [...entry.runs, ...added].filter((run) => run.route === route),
    );
    this.#models.ensure();
    for (const run of added) void this.#answer(entry.question, run);
  }

  async #answer(question: string, run: Run): Promise<void> {
    const client = await this.#models.whenReady();
    // Stopped while the models were loading.
    if (run.over) return;
    run.status = 'running';
    run.running = client.answer(question, { route: run.route }, (event) => {
      if (event.type === 'text') run.text = event.text;
    });
    try {
      run.answer = await run.running.promise;
      run.text = run.answer.text;
      run.status = run.answer.stop === 'stopped' ? 'stopped' : 'done';
    } catch (thrown) {
      const error = LinguaLiftError.from(thrown);
      run.status = error.code === 'cancelled' ? 'stopped' : 'failed';
      // A crash is the models' trouble: it is shown there, once.
      if (error.code === 'worker-crashed') this.#models.fail(error);
      else if (run.status === 'failed') run.error = error;
    } finally {
      run.running = null;
    }
  }
}

export const [getAskRoom, setAskRoom] = createContext<AskRoom>();
