// Fetching with a server and a cache that are fakes: what is stored, what is refused, what a person is told.
import { describe, expect, it, vi, afterEach } from 'vitest';
import type { CacheLike } from '../../../../src/bundle/cache.ts';
import { sha256 } from '../../../../src/bundle/integrity.ts';
import {
  bytesOf,
  fetchDataset,
  forget,
  storedLanguages,
} from '../../../../src/evaluate/datasets/fetch.ts';
import { exemplarsOf, readExemplars } from '../../../../src/evaluate/datasets/exemplars.ts';
import type { DatasetInfo } from '../../../../src/evaluate/datasets/table.ts';

afterEach(() => vi.unstubAllGlobals());

const base = 'https://page.test/room/';
const good: Record<string, string> = {
  bn: 'ক ১?\t1\nখ ২?\t2,125\n',
  sw: 'Moja?\t1\nMbili?\t2,125\n',
};
const bytesFor = (text: string) => new TextEncoder().encode(text);

/** `exemplars.py` in the style of the original. */
const python = `"""Prompts for mgsm."""
EXEMPLAR_NUMBER_ANSWERS = [11, 29]

MGSM_EXEMPLARS = {
    "sw": {
        "1": {
            "q": "Swali: Roger ana mipira 5, "
                 "kila moja \\u00e9?\\n"
                 "Ngapi",
            "a":
                "Jibu la Hatua kwa Hatua: 5 + 6 = 11. Jibu: 11.",
        },
        "2": {
            "q": "Swali: Ngapi?",
            "a": "Jibu la Hatua kwa Hatua: 29."
        }
    },
}
`;

async function makeSet(): Promise<DatasetInfo> {
  const records = Object.entries(good).map(async ([lang, text]) => {
    const bytes = bytesFor(text);
    return [lang, { bytes: bytes.length, sha256: await sha256(bytes) }] as const;
  });
  return {
    ...{ id: 'tiny', name: 'Tiny', description: '', home: '', languages: ['bn', 'sw'] },
    ...{ licence: { name: 'CC0', url: '' }, items: 2, parallel: true },
    format: {
      form: { kind: 'tabs', header: false },
      ...{ question: 'column 1', answer: 'column 2', id: { prefix: 'tiny' } },
    },
    address: (lang) => `https://home.test/tiny_${lang}.tsv`,
    fileNames: (lang) => [`tiny_${lang}.tsv`],
    published: Object.fromEntries(await Promise.all(records)),
    exemplars: 'https://home.test/exemplars.py',
  };
}

class MemoryCache implements CacheLike {
  readonly entries = new Map<string, Uint8Array<ArrayBuffer>>();
  async match(key: RequestInfo | URL) {
    const bytes = this.entries.get(String(key));
    return bytes && new Response(bytes);
  }
  async put(key: RequestInfo | URL, response: Response) {
    this.entries.set(String(key), new Uint8Array(await response.arrayBuffer()));
  }
  async delete(key: RequestInfo | URL) {
    return this.entries.delete(String(key));
  }
}

/** A server with some files; everything else is 404. It counts what it is asked. */
function serve(files: Record<string, string | Response>) {
  const asked: string[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    const address = String(input);
    asked.push(address);
    init?.signal?.throwIfAborted();
    const file = files[address];
    if (file instanceof Response) return file.clone();
    return file === undefined ? new Response('no', { status: 404 }) : new Response(file);
  };
  return { fetch: fetch as typeof globalThis.fetch, asked };
}
const home = (changes: Record<string, string | Response> = {}) =>
  serve({
    'https://home.test/tiny_bn.tsv': good.bn ?? '',
    'https://home.test/tiny_sw.tsv': good.sw ?? '',
    'https://home.test/exemplars.py': python,
    ...changes,
  });
/** What `fetch` does without a network. */
const noNetwork = (() =>
  Promise.reject(new TypeError('Failed to fetch'))) as typeof globalThis.fetch;

describe('fetchDataset', () => {
  it('reads all languages, reports bytes up to the size known before, and writes down the facts', async () => {
    const set = await makeSet();
    const progress: [number, number | null][] = [];
    const { problems, malformed, facts } = await fetchDataset(set, ['bn', 'sw'], {
      ...{ base, fetch: home().fetch, cache: null },
      onProgress: (loaded, total) => progress.push([loaded, total]),
    });
    const total = bytesFor(`${good.bn}${good.sw}`).length;
    expect(problems.map(({ lang, id }) => `${lang} ${id}`)).toEqual([
      ...['bn tiny-1', 'bn tiny-2', 'sw tiny-1', 'sw tiny-2'],
    ]);
    expect(malformed).toEqual([]);
    expect(bytesOf(set, ['bn', 'sw'])).toBe(total);
    expect(progress.at(-1)).toEqual([total, total]);
    expect(facts).toMatchObject({
      ...{ name: 'Tiny', licence: 'CC0', malformed: 0 },
      sources: ['https://home.test/tiny_bn.tsv', 'https://home.test/tiny_sw.tsv'],
    });
  });

  it('has the same hash whatever the order of the languages, and another for other problems', async () => {
    const set = await makeSet();
    const { fetch } = home();
    const hash = async (languages: string[]) =>
      (await fetchDataset(set, languages, { base, fetch, cache: null })).facts.sha256;
    expect(await hash(['sw', 'bn'])).toBe(await hash(['bn', 'sw']));
    expect(await hash(['sw'])).not.toBe(await hash(['bn', 'sw']));
  });

  it('downloads a file once, and needs no network after that', async () => {
    const [set, cache] = [await makeSet(), new MemoryCache()];
    const server = home();
    await fetchDataset(set, ['bn'], { base, fetch: server.fetch, cache });
    await fetchDataset(set, ['bn', 'sw'], { base, fetch: server.fetch, cache });
    expect(server.asked).toEqual([
      'https://home.test/tiny_bn.tsv',
      'https://home.test/tiny_sw.tsv',
    ]);
    const offline = await fetchDataset(set, ['bn', 'sw'], { base, fetch: noNetwork, cache });
    expect(offline.problems).toHaveLength(4);
  });

  it('downloads a stored file again when it is damaged', async () => {
    const [set, cache] = [await makeSet(), new MemoryCache()];
    cache.entries.set(set.address('bn'), bytesFor('A?\t1\nB?\t3\n'));
    const { problems } = await fetchDataset(set, ['bn'], { base, fetch: home().fetch, cache });
    expect(problems[1]?.answer.text).toBe('2,125');
    expect(new TextDecoder().decode(cache.entries.get(set.address('bn')))).toBe(good.bn);
  });

  it('knows what is stored, and forgets it', async () => {
    const [set, cache] = [await makeSet(), new MemoryCache()];
    const { fetch } = home();
    await fetchDataset(set, ['sw'], { base, fetch, cache });
    await exemplarsOf(set, ['sw'], { fetch, cache });
    expect(await storedLanguages(set, cache)).toEqual(['sw']);
    await forget(set, cache);
    expect(cache.entries.size).toBe(0);
    expect(await storedLanguages(set, cache)).toEqual([]);
  });

  it.each([
    ['not-data', /web page/, '<!doctype html><title>Sign in</title>'],
    ['not-data', /web page/, new Response('x', { headers: { 'content-type': 'text/html' } })],
    ['dataset-changed', /1 rows instead of 2/, 'ক ১?\t1\n'],
    ['dataset-changed', /checksum/, 'ক ১?\t1\nখ ২?\t3\n'],
    ['dataset-missing', /public home/, new Response('gone', { status: 404 })],
    ['network', /could not be downloaded/, new Response('busy', { status: 503 })],
  ])('refuses as %s (%s) and stores nothing', async (code, message, answer) => {
    const [set, cache] = [await makeSet(), new MemoryCache()];
    const { fetch } = home({ 'https://home.test/tiny_bn.tsv': answer });
    const failure = fetchDataset(set, ['bn'], { base, fetch, cache });
    await expect(failure).rejects.toMatchObject({ name: 'LinguaLiftError', code });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow(/upload|raw file/);
    expect(cache.entries.size).toBe(0);
  });

  it('says whether the device is offline or the server is out of reach', async () => {
    const set = await makeSet();
    const options = { base, fetch: noNetwork, cache: null };
    vi.stubGlobal('navigator', { onLine: false });
    await expect(fetchDataset(set, ['bn'], options)).rejects.toMatchObject({ code: 'offline' });
    vi.stubGlobal('navigator', { onLine: true });
    await expect(fetchDataset(set, ['bn'], options)).rejects.toMatchObject({ code: 'network' });
  });

  it('can be stopped, and refuses languages that the set lacks', async () => {
    const set = await makeSet();
    const { fetch } = home();
    const signal = AbortSignal.abort();
    await expect(
      fetchDataset(set, ['bn'], { base, fetch, cache: null, signal }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    await expect(fetchDataset(set, ['te'], { base, fetch, cache: null })).rejects.toMatchObject({
      code: 'no-language',
    });
  });

  it('finds the built-in problems beside the page, and does not store them', async () => {
    const { datasetById } = await import('../../../../src/evaluate/datasets/table.ts');
    const [set, cache] = [datasetById('built-in'), new MemoryCache()];
    if (set === null) throw new Error('no built-in problems');
    const { fetch, asked } = serve({
      [`${base}problems/sw.jsonl`]:
        '{"id": "sw-01", "lang": "sw", "question": "?", "answer": "1"}\n',
    });
    const { problems } = await fetchDataset(set, ['sw'], { base, fetch, cache });
    expect(problems).toMatchObject([{ id: 'sw-01', lang: 'sw' }]);
    expect(asked).toEqual([`${base}problems/sw.jsonl`]);
    expect(cache.entries.size).toBe(0);
  });
});

describe('exemplars', () => {
  it('come without their labels, strings in a row joined', async () => {
    const set = await makeSet();
    expect(await exemplarsOf(set, ['sw'], { fetch: home().fetch, cache: null })).toEqual({
      sw: [
        {
          question: 'Roger ana mipira 5, kila moja é?\nNgapi',
          answer: '5 + 6 = 11. Jibu: 11.',
        },
        { question: 'Ngapi?', answer: '29.' },
      ],
    });
  });

  it('are none for sets without them, and a clear error for languages or files without them', async () => {
    const set = await makeSet();
    const options = { fetch: home().fetch, cache: null };
    expect(await exemplarsOf({ ...set, exemplars: null }, ['sw'], options)).toEqual({});
    await expect(exemplarsOf(set, ['sw', 'te'], options)).rejects.toMatchObject({
      code: 'dataset-changed',
    });
    expect(() => readExemplars('<html>', 'sw')).toThrow(/worked problems/);
  });
});
