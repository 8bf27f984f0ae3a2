// One request to the hub, and what its refusals mean to a person.
// https://huggingface.co/docs/hub/api and `hf_raise_for_status` of huggingface_hub
import { LinguaLiftError } from '../errors.ts';
import { requestError } from '../http.ts';
import { cancelledError } from '../source.ts';
import { BusyError } from './retries.ts';

/** What is asked for, for the error sentences. */
export interface HubTarget {
  repository: string;
  revision: string;
  /** A file; `null` for the list of files. */
  path: string | null;
}

/**
 * Asks for the bytes of something on the hub.
 * @param from the first byte wanted of a file; `null` for what is no file
 * @returns an answer whose body can be read, or a 416: the server has no such byte
 * @throws LinguaLiftError `hub-gated`, `hub-repository`, `hub-revision`, `file-missing`, `hub-refused`, `hub-busy`,
 *   `offline`, `network` or `cancelled`
 */
export async function request(
  url: string,
  target: HubTarget,
  from: number | null,
  signal?: AbortSignal,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      // A request for a range is never answered compressed, so that bytes count alike on both sides.
      headers: from === null ? {} : { Range: `bytes=${from}-` },
      // The files are stored; the browser's own cache would hold them a second time.
      cache: 'no-store',
      signal: signal ?? null,
    });
  } catch (thrown) {
    throw connectionError(thrown, target, url, signal);
  }
  if (response.ok || response.status === 416) return response;
  // Frees the connection; whatever the page of the error says, it is not read.
  await response.body?.cancel().catch(() => undefined);
  throw refusal(response, target);
}

/** The error of a connection that did not come about or broke, whatever the platform throws for it. */
export function connectionError(
  thrown: unknown,
  target: HubTarget,
  details: string,
  signal?: AbortSignal,
): LinguaLiftError {
  if (signal?.aborted) return cancelledError();
  const what = nameOf(target);
  const messages = {
    offline: `You are offline, and ${what} is not whole on this device yet. What was downloaded is kept: connect, then go on.`,
    network: `The connection broke while ${what} was downloaded. What arrived is kept: try again in a moment.`,
  };
  return requestError(messages, `${details}: ${String(thrown)}`, thrown);
}

/** How errors call what was asked for. */
function nameOf({ repository, path }: HubTarget): string {
  return path === null ? `the list of files of ${repository}` : `${path} of ${repository}`;
}

/** The error of a file that a repository does not have. */
export function missingFile(target: HubTarget, details = ''): LinguaLiftError {
  return new LinguaLiftError('file-missing', noFile(target), details);
}

type Sentence = (target: HubTarget) => string;

const gated: Sentence = ({ repository }) =>
  `${repository} is gated or private: the hub gives it only to people who are signed in and were accepted, and this page does not sign in. Choose another model, or download the files yourself and open their folder.`;
const noRepository: Sentence = ({ repository }) =>
  `The hub has no model ${repository} that everybody may download. Check how the name is spelt.`;
const noRevision: Sentence = ({ repository, revision }) =>
  `${repository} has no revision ${revision}. It may have been removed; try main.`;
const noFile: Sentence = ({ repository, revision, path }) =>
  `The file ${path ?? ''} is not in ${repository} at revision ${revision}. The preset may be wrong about it, or the mirror incomplete.`;

/** Refusals by the hub's own word for them, which says more than the status: it hides private models behind 401. */
const byCode: ReadonlyMap<string, [code: string, sentence: Sentence]> = new Map([
  ['RepoNotFound', ['hub-repository', noRepository]],
  ['RevisionNotFound', ['hub-revision', noRevision]],
  ['EntryNotFound', ['file-missing', noFile]],
]);

/** Refusals by status, where the hub has no such word or a mirror none at all. */
const byStatus: ReadonlyMap<number, [code: string, sentence: Sentence]> = new Map([
  [401, ['hub-gated', gated]],
  [403, ['hub-gated', gated]],
]);

function refusal(response: Response, target: HubTarget): LinguaLiftError {
  const { status, headers, url } = response;
  const details = `${url}: HTTP ${status} ${headers.get('x-error-message') ?? ''}`.trimEnd();
  const missing: [string, Sentence] =
    target.path === null ? ['hub-repository', noRepository] : ['file-missing', noFile];
  const row =
    byCode.get(headers.get('x-error-code') ?? '') ??
    byStatus.get(status) ??
    (status === 404 ? missing : undefined);
  if (row) return new LinguaLiftError(row[0], row[1](target), details);
  if (status === 429 || status >= 500) {
    return new BusyError(
      `The hub has too much to do or is not well (HTTP ${status}), so ${nameOf(target)} could not be downloaded. What arrived is kept: try again in some minutes.`,
      details,
      retryAfterMs(headers.get('retry-after')),
    );
  }
  return new LinguaLiftError(
    'hub-refused',
    `The hub refused to give ${nameOf(target)} (HTTP ${status}). If a mirror is set, check its address.`,
    details,
  );
}

/** `Retry-After` in milliseconds, when it is a number of seconds; the hub never sends a date. */
function retryAfterMs(header: string | null): number | null {
  return header !== null && /^\d+$/.test(header) ? Number(header) * 1000 : null;
}
