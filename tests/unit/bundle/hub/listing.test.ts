// What a repository holds, asked of a hub on this computer.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { listRepository, pickFiles } from '../../../../src/bundle/hub/listing.ts';
import { bytesOf, repository, useHub } from '../../../hub/folder.ts';

const model = bytesOf(5000);
const config = new TextEncoder().encode('{"model_type": "llama"}\n');
const hub = useHub({ 'config.json': config, 'onnx/model_q4.onnx': model });
const pause = () => Promise.resolve();

const list = (revision = 'main') =>
  listRepository(hub().server.url, repository, revision, { pause });

describe('listRepository', () => {
  it('tells sizes and hashes of all files, and the commit', async () => {
    const listing = await list();
    expect(listing).toEqual({
      repository,
      revision: 'main',
      commit: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      licence: 'apache-2.0',
      files: [
        {
          path: 'config.json',
          bytes: config.length,
          checksum: {
            algorithm: 'git-blob',
            // git itself
            hex: execFileSync('git', ['hash-object', '--stdin'], { input: config })
              .toString()
              .trim(),
          },
        },
        {
          path: 'onnx/model_q4.onnx',
          bytes: model.length,
          checksum: {
            algorithm: 'sha256',
            hex: createHash('sha256').update(model).digest('hex'),
          },
        },
      ],
    });
  });

  it('finds the same under the commit as under the branch', async () => {
    const { commit, files } = await list();
    expect(await list(commit)).toMatchObject({ revision: commit, commit, files });
  });

  it.each([
    ['hub-revision', () => list('v9'), 'v9'],
    ['hub-repository', () => listRepository(hub().server.url, 'no/body', 'main'), 'no/body'],
  ])('answers what is not there with %s', async (code, ask, name) => {
    await expect(ask()).rejects.toMatchObject({ code });
    await expect(ask()).rejects.toThrow(name);
  });

  it.each([
    [401, 'GatedRepo', 'hub-gated'],
    [403, 'GatedRepo', 'hub-gated'],
    [401, 'RepoNotFound', 'hub-repository'],
    [401, undefined, 'hub-gated'],
    [404, undefined, 'hub-repository'],
    [400, undefined, 'hub-refused'],
  ])('understands HTTP %i %s as %s', async (status, errorCode, code) => {
    hub().server.fail('', { status, ...(errorCode === undefined ? {} : { errorCode }) });
    await expect(list()).rejects.toMatchObject({ code });
    await expect(list()).rejects.toThrow(/hub|gated/);
    expect(hub().server.requests).toHaveLength(2);
  });

  it.each([429, 500, 503])('tries again after HTTP %i, five times at most', async (status) => {
    hub().server.fail('', { status }, 4);
    expect((await list()).files).toHaveLength(2);
    hub().server.fail('', { status }, 5);
    await expect(list()).rejects.toMatchObject({ code: 'hub-busy' });
    expect(hub().server.requests).toHaveLength(10);
  });

  it('waits as long as the hub asks', async () => {
    hub().server.fail('', { status: 429, headers: { 'Retry-After': '12' } }, 1);
    const waited = vi.fn(pause);
    await listRepository(hub().server.url, repository, 'main', { pause: waited });
    expect(waited.mock.calls).toEqual([[12_000, undefined]]);
  });

  it.each([
    ['a page', '<!doctype html>'],
    ['another document', '{"sha": 7}'],
    ['a list without sizes', listWith({ size: undefined })],
    ['a path that leads out', listWith({ rfilename: '../../secret' })],
    ['a hash that is none', listWith({ lfs: { sha256: 'abc' } })],
  ])('refuses %s in place of a list', async (_, body) => {
    hub().server.fail('', { body });
    await expect(list()).rejects.toMatchObject({ code: 'hub-answer' });
  });

  it('takes a model card that names no licence, or several', async () => {
    for (const license of [undefined, ['mit', 'other']]) {
      hub().server.fail('', { body: listWith({}, { license }) }, 1);
      expect(await list()).toMatchObject({ licence: null });
    }
  });

  it('says where nothing answers', async () => {
    const nowhere = listRepository('http://127.0.0.1:1', repository, 'main', { pause });
    await expect(nowhere).rejects.toMatchObject({ code: 'network' });
    vi.stubGlobal('navigator', { onLine: false });
    const offline = listRepository('http://127.0.0.1:1', repository, 'main', { pause });
    await expect(offline).rejects.toMatchObject({ code: 'offline' });
    vi.unstubAllGlobals();
  });

  it('is cut down to the files that are wanted, in their order, and misses none silently', async () => {
    const listing = await list();
    const [settings, weights] = listing.files;
    const both = ['onnx/model_q4.onnx', 'config.json'];
    expect(pickFiles(listing, both)).toEqual({ ...listing, files: [weights, settings] });
    const pick = () => pickFiles(listing, ['onnx/model_q8.onnx']);
    expect(pick).toThrow(expect.objectContaining({ code: 'file-missing' }));
    expect(pick).toThrow('onnx/model_q8.onnx');
  });

  it('can be cancelled', async () => {
    const asked = listRepository(hub().server.url, repository, 'main', {
      ...{ signal: AbortSignal.abort(), pause },
    });
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(hub().server.requests).toEqual([]);
  });
});

/** A list of one file, changed in some place. */
function listWith(change: object, cardData: object = {}): string {
  const file = { rfilename: 'a.onnx', size: 3, blobId: '0'.repeat(40), lfs: null, ...change };
  return JSON.stringify({ sha: 'a'.repeat(40), cardData, siblings: [file] });
}
