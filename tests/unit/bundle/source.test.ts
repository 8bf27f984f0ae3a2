// Reading bundles over HTTP, from a server of this test.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { UrlSource } from '../../../src/bundle/source.ts';

const content = new Uint8Array(200_000).map((_, index) => index);
let server: Server;
let source: UrlSource;
let release: () => void = () => undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    switch (request.url) {
      case '/b/model.onnx':
        response.end(content);
        break;
      case '/b/slow.onnx':
        response.write(content.subarray(0, 1000));
        release = () => response.end();
        break;
      case '/b/page.onnx':
        response.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html>');
        break;
      case '/b/broken.onnx':
        response.writeHead(500).end();
        break;
      default:
        response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  source = new UrlSource(`http://127.0.0.1:${port}/b/bundle.json`);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('UrlSource', () => {
  it('reads a file whole and reports growing amounts', async () => {
    const amounts: number[] = [];
    const bytes = await source.read('model.onnx', { onBytes: (n) => amounts.push(n) });
    expect(bytes).toEqual(content);
    expect(amounts.at(-1)).toBe(content.length);
    expect(amounts).toEqual(amounts.toSorted((a, b) => a - b));
  });

  it.each([
    ['missing.onnx', 'file-missing'],
    ['page.onnx', 'file-missing'],
    ['broken.onnx', 'network'],
  ])('answers %s with %s and names the file', async (path, code) => {
    await expect(source.read(path)).rejects.toMatchObject({ code });
    await expect(source.read(path)).rejects.toThrow(path);
  });

  it('can be cancelled in the middle of a file', async () => {
    const stop = new AbortController();
    const read = source.read('slow.onnx', {
      signal: stop.signal,
      onBytes: () => stop.abort(),
    });
    await expect(read).rejects.toMatchObject({ code: 'cancelled' });
    release();
  });

  it('tells being offline from a server that is down', async () => {
    const nowhere = new UrlSource('http://127.0.0.1:1/bundle.json');
    await expect(nowhere.read('a.bin')).rejects.toMatchObject({ code: 'network' });
    vi.stubGlobal('navigator', { onLine: false });
    await expect(nowhere.read('a.bin')).rejects.toMatchObject({ code: 'offline' });
    vi.unstubAllGlobals();
  });
});
