// What all downloads share, with answers that are made up.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isPage, readBody, requestError } from '../../../src/bundle/http.ts';

afterEach(() => vi.unstubAllGlobals());

describe('readBody', () => {
  it('joins the pieces of an answer and reports their sum', async () => {
    const pieces = [Uint8Array.of(1, 2), Uint8Array.of(3), Uint8Array.of(4, 5, 6)];
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    });
    const amounts: number[] = [];
    const bytes = await readBody(new Response(stream), (amount) => amounts.push(amount));
    expect([...bytes]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(amounts).toEqual([2, 3, 6]);
  });

  it('reads an answer without a body as empty', async () => {
    expect((await readBody(new Response(null))).length).toBe(0);
  });

  it('throws what the connection breaks with', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new TypeError('terminated')),
    });
    await expect(readBody(new Response(broken))).rejects.toThrow('terminated');
  });
});

describe('isPage', () => {
  it.each([
    ['text/html; charset=utf-8', true],
    ['text/plain', false],
  ])('answers %s with %s', (type, expected) => {
    expect(isPage(new Response('x', { headers: { 'content-type': type } }))).toBe(expected);
  });

  it('takes an answer of no type for a file', () => {
    expect(isPage(new Response(Uint8Array.of(1)))).toBe(false);
  });
});

describe('requestError', () => {
  const messages = { offline: 'Connect once.', network: 'Try again.' };

  it('tells being offline from a server that is out of reach, and keeps the cause', () => {
    const cause = new TypeError('Failed to fetch');
    vi.stubGlobal('navigator', { onLine: true });
    const network = requestError(messages, 'address', cause);
    expect(network).toMatchObject({ code: 'network', message: 'Try again.', details: 'address' });
    expect(network.cause).toBe(cause);
    vi.stubGlobal('navigator', { onLine: false });
    expect(requestError(messages, '')).toMatchObject({ code: 'offline', message: 'Connect once.' });
  });

  it('blames the network where nothing tells whether there is one', () => {
    vi.stubGlobal('navigator', undefined);
    expect(requestError(messages, '').code).toBe('network');
  });
});
