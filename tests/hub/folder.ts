// A hub with one repository, made of what a test says: a folder of its own that goes when the test file ends.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { HubServer } from './server.ts';

/** The repository of all tests. */
export const repository = 'tester/tiny-llama';

export interface TestHub {
  server: HubServer;
  /** Writes a file of the repository. */
  write: (path: string, bytes: Uint8Array) => Promise<void>;
}

/**
 * Serves a repository to the tests of a file; after each of them the server is well again.
 * @param files bytes by path
 */
export function useHub(files: Readonly<Record<string, Uint8Array>>): () => TestHub {
  let hub: TestHub | null = null;
  let root = '';
  const write = async (path: string, bytes: Uint8Array) => {
    const place = join(root, repository, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, bytes);
  };
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lingualift-hub-'));
    for (const [path, bytes] of Object.entries(files)) await write(path, bytes);
    hub = { server: await HubServer.start(root), write };
  });
  afterEach(() => hub?.server.reset());
  afterAll(async () => {
    await hub?.server.stop();
    await rm(root, { recursive: true, force: true });
  });
  return () => {
    if (hub === null) throw new Error('the hub is up only while tests run');
    return hub;
  };
}

/** Bytes that differ from place to place, so that a shifted or repeated piece is noticed. */
export function bytesOf(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  let state = seed;
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
