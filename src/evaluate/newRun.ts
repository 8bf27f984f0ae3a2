// The record with which a run begins, and what has to be the same when it goes on.
import { LinguaLiftError } from '../bundle/errors.ts';
import type { DataFacts, ModelFacts, RunConfig, RunRecord } from './record.ts';
import type { RunData } from './store.ts';

/**
 * A run before its first batch.
 * @param facts the data that was read
 * @param models what will be asked
 * @param data what of it was chosen, for every route
 */
export function newRun(
  name: string,
  config: RunConfig,
  facts: DataFacts,
  models: ModelFacts,
  { problems }: RunData,
): RunRecord {
  return {
    format: 1,
    id: crypto.randomUUID(),
    name,
    created: new Date().toISOString(),
    ...{ config, data: facts, models },
    selfCheck: null,
    items: problems.length * config.routes.length,
    ...{ status: 'paused', reason: null },
  };
}

/** What must not change in a run, and how a person would say it. */
const constants: readonly [what: string, of: (models: ModelFacts) => string][] = [
  ['bundle', ({ bundle, bundleSha256 }) => `${bundle} (${bundleSha256.slice(0, 8)})`],
  [
    'alignment',
    ({ replacement }) =>
      replacement ? `${replacement.name} (${replacement.sha256.slice(0, 8)})` : 'the bundle’s own',
  ],
  ['provider', ({ provider }) => provider.kind],
];

/**
 * Refuses to go on with other models than those that answered so far.
 * @throws LinguaLiftError `other-models`, naming both
 */
export function checkModels(asked: ModelFacts, loaded: ModelFacts): void {
  for (const [what, of] of constants) {
    if (of(asked) === of(loaded)) continue;
    throw new LinguaLiftError(
      'other-models',
      `This run asked other models than those that are loaded: its ${what} is ${of(asked)}, now it is ${of(loaded)}. Load the same models, or start a new run.`,
    );
  }
}
