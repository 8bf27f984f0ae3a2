// A hub on this computer, for tests: serves folders `<root>/<owner>/<name>/` in the layout of the Hugging Face hub, with
// a second server as its content network, and fails in the ways that servers fail in.
//
//   GET /api/models/owner/name/revision/main?blobs=true    commit, sizes and hashes
//   GET /owner/name/resolve/<revision>/<path>              small files; a redirect to the content network for large ones
//   GET <content network>/<sha256>/<owner>/<name>/<path>   large files
//
// Headers as the hub sends them, read from public answers of it:
// https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/file_download.py
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendBody } from './body.ts';
import type { Fault } from './faults.ts';
import { fileOf, listingOf, type ServedFile } from './repository.ts';

/** A request for a file or a list, as the server saw it. */
export interface SeenRequest {
  /** `hub` or `cdn`. */
  at: 'hub' | 'cdn';
  /** The file's path in its repository; `null` for a list of files. */
  path: string | null;
  range: string | null;
  readonly status: number;
}

export class HubServer {
  /** Everything that was asked for, in order. */
  readonly requests: SeenRequest[] = [];
  readonly #root: string;
  readonly #faults: { path: string; fault: Fault; left: number }[] = [];
  readonly #stalled = new Set<ServerResponse>();
  readonly #hub: Server;
  readonly #cdn: Server;

  private constructor(root: string) {
    this.#root = root;
    this.#hub = createServer((request, response) => this.#answer('hub', request, response));
    this.#cdn = createServer((request, response) => this.#answer('cdn', request, response));
  }

  /** @param root a folder that holds folders `<owner>/<name>` */
  static async start(root: string): Promise<HubServer> {
    const server = new HubServer(root);
    await Promise.all([listen(server.#hub), listen(server.#cdn)]);
    return server;
  }

  /** The hub's address, to be set as a mirror. */
  get url(): string {
    return addressOf(this.#hub);
  }

  /**
   * Makes the next requests for a file fail.
   * @param path in its repository; `''` for the list of files
   * @param times how many requests; for good unless told
   */
  fail(path: string, fault: Fault, times = Infinity): void {
    this.#faults.push({ path, fault, left: times });
  }

  /** Takes all faults back, forgets the requests and breaks the answers that stall. */
  reset(): void {
    this.#faults.length = 0;
    this.requests.length = 0;
    for (const response of this.#stalled) response.destroy();
    this.#stalled.clear();
  }

  async stop(): Promise<void> {
    this.reset();
    for (const server of [this.#hub, this.#cdn]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #answer(at: 'hub' | 'cdn', request: IncomingMessage, response: ServerResponse): void {
    const headers = {
      // The page is cross-origin isolated: it may read nothing that does not say so.
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers':
        'X-Repo-Commit,X-Error-Code,X-Error-Message,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    };
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const seen: SeenRequest = {
      ...{ at, path: null, range: request.headers.range ?? null },
      get status() {
        return response.statusCode;
      },
    };
    this.requests.push(seen);
    const url = new URL(request.url ?? '/', this.url);
    const route = routes.find(({ pattern }) => pattern.test(url.pathname));
    const [, repository = '', revision = '', path = ''] =
      route?.pattern.exec(url.pathname)?.map(decodeURIComponent) ?? [];
    seen.path = path === '' ? null : path;
    const done = route
      ? this.#route(route.kind, { repository, revision, path }, seen, response)
      : refuse(response, 404, 'RepoNotFound');
    done.catch((thrown: unknown) => response.destroy(thrown as Error));
  }

  async #route(
    kind: RouteKind,
    { repository, revision, path }: { repository: string; revision: string; path: string },
    seen: SeenRequest,
    response: ServerResponse,
  ): Promise<void> {
    const listing = await listingOf(this.#root, repository);
    // The hub does not say whether a repository is missing or private.
    if (listing === null) return refuse(response, 401, 'RepoNotFound');
    const known = kind === 'cdn' || ['main', listing.sha].includes(revision);
    if (!known) return refuse(response, 404, 'RevisionNotFound');
    const file = kind === 'listing' ? null : await fileOf(this.#root, repository, path);
    if (kind !== 'listing' && file === null) return refuse(response, 404, 'EntryNotFound');

    const redirects = kind === 'file' && file?.isLarge === true;
    const fault = this.#faultOf(path, redirects);
    if (fault.status !== undefined) {
      for (const [name, value] of Object.entries(fault.headers ?? {}))
        response.setHeader(name, value);
      return refuse(response, fault.status, fault.errorCode);
    }
    if (file === null) {
      const body = fault.body ?? JSON.stringify(listing);
      response.setHeader('Content-Type', 'application/json').end(body);
      return;
    }
    if (kind === 'file') {
      response.setHeader('X-Repo-Commit', listing.sha);
      response.setHeader('X-Linked-Size', file.bytes);
      response.setHeader('X-Linked-ETag', `"${fault.linkedEtag ?? hashOf(file)}"`);
    }
    if (redirects && fault.direct !== true) {
      response.statusCode = 302;
      response.setHeader('Location', this.#cdnUrl(repository, path, file)).end();
      return;
    }
    const stall = (stalled: ServerResponse) => this.#stalled.add(stalled);
    await sendBody(response, { file, range: seen.range, fault, stall });
  }

  /** The fault of this request. Of a large file, the content network has those of the body. */
  #faultOf(path: string, redirects: boolean): Fault {
    const found = this.#faults.find(
      ({ path: other, fault, left }) =>
        other === path && left > 0 && !(redirects && isOfBody(fault)),
    );
    if (found === undefined) return {};
    found.left--;
    return found.fault;
  }

  #cdnUrl(repository: string, path: string, file: ServedFile): string {
    const parts = [file.sha256, ...repository.split('/'), ...path.split('/')];
    return `${addressOf(this.#cdn)}/${parts.map(encodeURIComponent).join('/')}?Expires=1`;
  }
}

type RouteKind = 'listing' | 'file' | 'cdn';

const routes: readonly { kind: RouteKind; pattern: RegExp }[] = [
  { kind: 'listing', pattern: /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^/]+)$/ },
  { kind: 'cdn', pattern: /^\/[0-9a-f]{64}\/([^/]+\/[^/]+)()\/(.+)$/ },
  { kind: 'file', pattern: /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/ },
];

const isOfBody = ({ status, direct, linkedEtag }: Fault) =>
  status === undefined && direct === undefined && linkedEtag === undefined;

const hashOf = (file: ServedFile) => (file.isLarge ? file.sha256 : file.blobId);

async function refuse(response: ServerResponse, status: number, code?: string): Promise<void> {
  response.statusCode = status;
  if (code !== undefined) response.setHeader('X-Error-Code', code);
  response.setHeader('Content-Type', 'text/plain').end(`HTTP ${status}`);
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
