// After a bundle from the hub or a folder was opened on the GPU, it answers two problems there and on WebAssembly: some
// graphics cards compute wrongly in 16 bits, and then the texts differ.
import { routePlans } from '../../bridge/routes.ts';
import { routes, type Route } from '../../bridge/types.ts';
import type { SelfCheck } from '../../evaluate/record.ts';
import type { InferenceClient } from '../../../workers/inference-client.ts';
import type { LoadedBundle } from '../../../workers/protocol.ts';
import { selfCheck } from '../../../workers/self-check.ts';

type CheckedClient = Pick<InferenceClient, 'answerAll'>;
type SecondClient = Pick<InferenceClient, 'load' | 'answerAll' | 'terminate'>;

/**
 * How a bundle was checked. `known`: it passed on an earlier visit; `not-needed`: it runs on WebAssembly already, or came
 * with the page; `too-large`: a second copy would not fit.
 */
export type CheckState =
  | { kind: 'not-needed' | 'known' | 'too-large' | 'skipped' }
  | { kind: 'done'; result: SelfCheck }
  | { kind: 'failed'; reason: string };

/**
 * Bundles up to this size are opened a second time on WebAssembly. There weights are in memory up to three times while a
 * session is made, and WebAssembly addresses 4 GB.
 */
const mostCheckedBytes = 900e6;

/** Enough to tell: where a GPU computes wrongly, the first tokens differ. */
const checkedTokens = 8;

const questions = [
  'Tom has 12 apples and buys 5 more. How many apples does he have now?',
  'A box holds 8 pens. How many pens are in 7 boxes?',
];

/** What names a bundle on an adapter, to remember that it passed. */
export function checkKey({ manifestSha256, provider }: LoadedBundle): string {
  return `${manifestSha256} ${provider.detail}`;
}

/** Whether a second copy of a bundle can be opened. */
export function isCheckable({ manifest }: LoadedBundle): boolean {
  const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  return bytes <= mostCheckedBytes;
}

/**
 * Answers the problems twice and compares.
 * @param second a client without models, terminated at the end
 * @param signal skips the check, which then rejects with the code `cancelled`
 * @throws LinguaLiftError why one of the two cannot answer
 */
export async function checkOnWasm(
  { manifest }: LoadedBundle,
  address: string,
  client: CheckedClient,
  second: SecondClient,
  signal: AbortSignal,
): Promise<SelfCheck> {
  const isThere = (route: Route) => {
    const { alignment, gloss } = routePlans[route];
    return !gloss && (alignment === null || manifest.alignments[alignment] !== undefined);
  };
  const items = routes
    .filter(isThere)
    .flatMap((route) =>
      questions.map((question, index) => ({ id: `check-${index}`, lang: 'en', route, question })),
    );
  // Terminating it ends its load as well, which a stop between two questions would wait for.
  const skip = () => second.terminate();
  signal.addEventListener('abort', skip);
  try {
    const open = async () => {
      await second.load(address, 'wasm', () => undefined).promise;
      return second;
    };
    return await selfCheck(client, open, items, { maxNewTokens: checkedTokens }, signal);
  } finally {
    signal.removeEventListener('abort', skip);
    second.terminate();
  }
}
