// Names of models on the Hugging Face hub, as people and presets write them, and the web addresses that they stand for.
//
//   hf://owner/name@revision/path     the way huggingface_hub writes it; revision and path may be left out
//   owner/name                        what the hub's pages show
//   https://huggingface.co/owner/name/blob/main/config.json    pasted from a browser
//
// https://huggingface.co/docs/huggingface_hub/guides/hf_file_system
import { LinguaLiftError } from '../errors.ts';

/** A place on the hub. */
export interface HubAddress {
  /** `owner/name`. */
  repository: string;
  /** A branch, a tag or a commit. */
  revision: string;
  /** A file in the repository; `null` for all of it. */
  path: string | null;
}

/** Where the hub is unless a mirror is set. */
export const defaultHub = 'https://huggingface.co';

/** The branch that every repository has. */
export const mainBranch = 'main';

/** Other names of the hub's own site. */
const hubHosts: ReadonlySet<string> = new Set(['huggingface.co', 'www.huggingface.co', 'hf.co']);

/** Owners that are none: what lies below them is no model. */
const otherKinds: Readonly<Record<string, string>> = {
  datasets: 'a data set',
  spaces: 'a space',
  collections: 'a collection',
  papers: 'a paper',
};

/** Pages of a repository whose address goes on with a revision, and whether a file follows that. */
const pages: ReadonlyMap<string, { file: boolean }> = new Map([
  ['blob', { file: true }],
  ['resolve', { file: true }],
  ['raw', { file: true }],
  ['tree', { file: false }],
  ['commits', { file: false }],
  ['commit', { file: false }],
]);

/** Revisions hold no slash but these: pull requests and the hub's own conversions. */
const revisionPattern = 'refs/(?:pr|convert)/[^/]+|[^/]+';
const shortForm = new RegExp(`^([^/@]+)/([^/@]+)(?:@(${revisionPattern}))?(?:/(.+))?$`);
const revisionFirst = new RegExp(`^(${revisionPattern})(?:/(.+))?$`);

/** What huggingface_hub's `validate_repo_id` lets through. */
const namePattern = /^(?![-.])(?!.*(?:--|\.\.))[\w.-]{1,96}(?<![-.])$/;

/**
 * Reads the address of a hub or of a mirror of it.
 * @returns it without a slash at its end
 * @throws LinguaLiftError `hub-base`
 */
export function parseHub(text: string): string {
  const url = parseUrl(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new LinguaLiftError(
      'hub-base',
      `“${text}” is no address of a hub. It begins with https:// and ends with the name of the server, such as ${defaultHub}.`,
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/**
 * Reads what names a model or one of its files.
 * @param hub the mirror in use, whose pages may be pasted as well
 * @throws LinguaLiftError `hub-address` for what names none
 */
export function parseAddress(text: string, hub = defaultHub): HubAddress {
  const trimmed = text.trim();
  try {
    const page = pagePath(trimmed, hub);
    const address = page === null ? parseShort(trimmed) : parsePage(page);
    if (address !== null && isSound(address)) return address;
  } catch (thrown) {
    // A percent sign that encodes nothing.
    if (!(thrown instanceof URIError)) throw thrown;
  }
  throw new LinguaLiftError(
    'hub-address',
    `“${text}” names no model of the hub. Write owner/name, such as HuggingFaceTB/SmolLM2-135M-Instruct, or paste the address of the model's page.`,
  );
}

/** The address in the form that presets and manifests use, `hf://owner/name@revision/path`. */
export function formatAddress({ repository, revision, path }: HubAddress): string {
  const file = path === null ? '' : `/${path}`;
  return `hf://${repository}@${encodeURIComponent(revision)}${file}`;
}

/** Where a file can be downloaded; the hub answers with it or with a redirect to where it lies. */
export function fileUrl(hub: string, repository: string, revision: string, path: string): string {
  const segments = path.split('/').map(encodeURIComponent).join('/');
  return `${hub}/${repository}/resolve/${encodeURIComponent(revision)}/${segments}`;
}

/** Where the hub tells what a repository holds, with sizes and hashes. */
export function listingUrl(hub: string, repository: string, revision: string): string {
  return `${hub}/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`;
}

/** What follows the hub's address in that of a page, without a leading slash; `null` when the text is no web address. */
function pagePath(text: string, hub: string): string | null {
  const isWeb = /^https?:\/\//i.test(text);
  const [host = ''] = text.split('/');
  if (!isWeb && !hubHosts.has(host.toLowerCase())) return null;
  const url = parseUrl(isWeb ? text : `https://${text}`);
  if (url === null) return '';
  const { origin, pathname } = url;
  if ((origin + pathname).startsWith(`${hub}/`)) return (origin + pathname).slice(hub.length + 1);
  return hubHosts.has(url.host) ? pathname.slice(1) : '';
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function parsePage(path: string): HubAddress | null {
  const parts = path.split('/').filter((part) => part !== '');
  const [owner, name, kind, ...rest] = parts.map(decodeURIComponent);
  if (owner === undefined || name === undefined) return null;
  refuseOtherKinds(owner, path);
  const repository = `${owner}/${name}`;
  const page = pages.get(kind ?? '');
  const [, revision, file] = (page && revisionFirst.exec(rest.join('/'))) ?? [];
  return {
    repository,
    revision: revision ?? mainBranch,
    path: page?.file === true && file !== undefined ? file : null,
  };
}

function parseShort(text: string): HubAddress | null {
  const short = text.replace(/^hf:\/\//, '').replace(/\/$/, '');
  const [, owner, name, revision, path] = shortForm.exec(short) ?? [];
  if (owner === undefined || name === undefined) return null;
  refuseOtherKinds(owner, text);
  return {
    repository: `${owner}/${name}`,
    revision: revision === undefined ? mainBranch : decodeURIComponent(revision),
    path: path ?? null,
  };
}

function refuseOtherKinds(owner: string, text: string): void {
  const kind = Object.hasOwn(otherKinds, owner) ? otherKinds[owner] : undefined;
  if (kind === undefined) return;
  throw new LinguaLiftError(
    'hub-address',
    `“${text}” is ${kind}. Choose a model: its name is owner/name.`,
  );
}

/** Whether nothing in an address could lead anywhere else than to the place that it names. */
function isSound({ repository, revision, path }: HubAddress): boolean {
  const names = repository.split('/');
  const parts = [...revision.split('/'), ...(path ?? 'a').split('/')];
  return (
    names.every((name) => namePattern.test(name)) &&
    /^[\w./+-]+$/.test(revision) &&
    parts.every((part) => !['', '.', '..'].includes(part)) &&
    !/[\\\p{Cc}]/u.test(path ?? '')
  );
}
