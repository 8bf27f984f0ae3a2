// Before a run on WebGPU a few of its items are answered on WebAssembly too: some graphics cards compute wrongly,
// and then the texts differ.
import type { Outcome } from '../src/bridge/bridge.ts';
import { routes, type AnswerOptions, type Route } from '../src/bridge/types.ts';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { cancelledError } from '../src/bundle/source.ts';
import type { SelfCheck } from '../src/evaluate/record.ts';
import { InferenceClient } from './inference-client.ts';
import type { Replacement } from './protocol.ts';

export interface CheckedItem {
  id: string;
  lang: string;
  route: Route;
  question: string;
}

/** What is needed of a client to check it, and of the one that it is checked against. */
type Answering = Pick<InferenceClient, 'answerAll'>;
type SecondClient = Pick<InferenceClient, 'answerAll' | 'terminate'>;

/**
 * Answers the items through two clients and compares the texts. A question that neither can take is no difference.
 * @param startSecondClient gives a client with the same models on WebAssembly (`startWasmClient`); it is terminated
 *   at the end
 * @param options those of the run
 * @throws LinguaLiftError `cancelled` when `signal` says stop, or what one of the clients throws
 */
export async function selfCheck(
  client: Answering,
  startSecondClient: () => Promise<SecondClient>,
  items: readonly CheckedItem[],
  options: Omit<AnswerOptions, 'route'> = {},
  signal?: AbortSignal,
): Promise<SelfCheck> {
  const second = await startSecondClient();
  try {
    const differing: CheckedItem[] = [];
    for (const route of routes) {
      const ofRoute = items.filter((item) => item.route === route);
      if (ofRoute.length === 0) continue;
      const questions = ofRoute.map(({ question }) => question);
      const [texts, expected] = await Promise.all(
        [client, second].map((each) => textsOf(each, questions, { ...options, route }, signal)),
      );
      differing.push(...ofRoute.filter((_, index) => texts?.[index] !== expected?.[index]));
    }
    return {
      items: items.length,
      differing: differing.map(({ id, lang, route }) => ({ id, lang, route })),
    };
  } finally {
    second.terminate();
  }
}

/**
 * A client of its own with a bundle on WebAssembly, whatever else is loaded. The files come from the cache.
 * @param replacement what stands in the place of `lingualift`
 */
export async function startWasmClient(
  url: string,
  replacement: Replacement | null,
  client = new InferenceClient(),
): Promise<InferenceClient> {
  try {
    await client.load(url, 'wasm', () => undefined).promise;
    if (replacement) await client.replaceAlignment(replacement);
    return client;
  } catch (thrown) {
    client.terminate();
    throw thrown;
  }
}

async function textsOf(
  client: Answering,
  questions: readonly string[],
  options: AnswerOptions,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  if (signal?.aborted) throw cancelledError();
  const { promise, stop } = client.answerAll(questions, options, () => undefined);
  signal?.addEventListener('abort', stop);
  try {
    const outcomes = await promise;
    if (signal?.aborted) throw cancelledError();
    return outcomes.map(textOf);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** What two outcomes must have in common. */
function textOf(outcome: Outcome): string {
  return outcome instanceof LinguaLiftError ? `error ${outcome.code}` : outcome.text;
}
