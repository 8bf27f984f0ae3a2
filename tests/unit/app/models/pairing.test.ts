// What can be picked for a bundle, what is missing of it, and how that is said.
import { describe, expect, it } from 'vitest';
import { droppedFolder, pickedFolder } from '../../../../src/app/models/folder.ts';
import { Pairing } from '../../../../src/app/models/pairing.svelte.ts';
import { formatSize } from '../../../../src/app/models/sizes.ts';
import {
  capabilityList,
  formatReason,
  partsText,
  verdictText,
} from '../../../../src/app/models/words.ts';
import type { Overview, RepositoryView } from '../../../../workers/models-protocol.ts';
import {
  capabilities,
  fits,
  modelOf,
  overviewOf,
  storedBundle,
  tooLarge,
  viewOf,
} from './fakes.ts';

const pairingOver = (
  changes: Partial<Overview> = {},
  listed: Readonly<Record<string, RepositoryView>> = {},
) => new Pairing({ overview: overviewOf(changes), listed });

const pickedOf = (pairing: Pairing) => {
  const picked = pairing.picked('llm');
  if (picked === null) throw new Error('No LLM is picked.');
  return picked;
};

describe('Pairing', () => {
  it('offers presets by kind, and other models of the device for every part that they may play', () => {
    const pairing = pairingOver({
      models: [modelOf('owner/own'), { ...modelOf('.local/mine'), source: 'folder', kind: 'llm' }],
    });
    const names = (kind: 'encoder' | 'llm') => pairing.choices(kind).map(({ name }) => name);
    expect(names('encoder')).toEqual(['e', 'own']);
    expect(names('llm')).toEqual(['l', 'own', 'mine']);
  });

  it('says what is still to be chosen', () => {
    const pairing = pairingOver();
    pairing.pick('llm', 'owner/l');
    expect(pairing.problems).toEqual(['Choose an encoder.']);
  });

  it('takes the recommended format until the person wants another, and counts what is missing', () => {
    const pairing = pairingOver();
    pairing.pick('encoder', 'owner/e');
    pairing.pick('llm', 'owner/l');
    expect(pairing.missingBytes).toBe(200e6);
    expect(pickedOf(pairing)).toMatchObject({ format: { dtype: 'q4' }, isOwnFormat: false });
    pairing.pickFormat('owner/l', 'fp32');
    expect(pairing.missingBytes).toBe(900e6);
    expect(formatReason(pickedOf(pairing), capabilities)).toBe(
      'Your choice. For this device 4-bit (q4) is recommended.',
    );
  });

  it('goes by the exact sizes once the hub has listed them', () => {
    const pairing = pairingOver({}, { 'owner/l': viewOf('owner/l') });
    pairing.pick('llm', 'owner/l');
    expect(pickedOf(pairing).format).toMatchObject({ bytes: 1000, isExact: true });
    expect(pairing.choices('llm')[0]?.formats).toHaveLength(1);
  });

  it('misses only the rest of what is there in part', () => {
    const pairing = pairingOver({ models: [modelOf('.local/mine', 400)] });
    pairing.pick('llm', '.local/mine');
    expect(pairing.missingBytes).toBe(600);
    expect(pairing.ready).toBeNull();
  });

  it('is ready when both models are whole', () => {
    const pairing = pairingOver({ models: [modelOf('owner/e'), modelOf('owner/l')] });
    pairing.pick('encoder', 'owner/e');
    expect(pairing.ready).toBeNull();
    pairing.pick('llm', 'owner/l');
    expect(pairing.ready).toEqual({ encoder: storedBundle.encoder, llm: storedBundle.llm });
    expect(pairing.missing).toEqual([]);
    expect(pairing.title).toBe('e + l');
  });

  it('forgets what was picked when it is deleted', () => {
    const source = { overview: overviewOf({ models: [modelOf('owner/own')] }), listed: {} };
    const pairing = new Pairing(source);
    pairing.pick('llm', 'owner/own');
    expect(pairing.picked('llm')).not.toBeNull();
    source.overview = overviewOf();
    expect(pairing.picked('llm')).toBeNull();
  });
});

describe('words', () => {
  it('say whether a model fits, and what it needs where it does not', () => {
    expect(verdictText(fits).text).toBe('Fits: takes 300 MB when open.');
    expect(verdictText(tooLarge).text).toBe(
      'Too large: needs 2.1 GB in one buffer, this adapter allows 1 GB.',
    );
    expect(verdictText(null).fit).toBe('unknown');
  });

  it('say why a format is recommended on this device', () => {
    const pairing = pairingOver();
    pairing.pick('llm', 'owner/l');
    expect(formatReason(pickedOf(pairing), capabilities)).toBe(
      'Recommended: the smallest that this GPU runs without 16-bit arithmetic.',
    );
  });

  it('say what the device can do, with the smaller one of two limits', () => {
    const values = capabilityList(capabilities).map(({ name, value }) => [name, value]);
    expect(values).toEqual([
      ['Graphics card', 'nvidia ampere'],
      ['16-bit arithmetic', 'no'],
      ['Subgroups', 'yes'],
      ['Largest tensor', '1 GB'],
      ['WebAssembly', '4 threads, 4.29 GB'],
    ]);
  });

  it('say that Fine-tune needs what a browser without an adapter lacks', () => {
    const [first] = capabilityList({ ...capabilities, adapter: null });
    expect(first?.meaning).toContain('Fine-tune needs');
  });

  it('name the parts of a bundle, and large sizes in gigabytes', () => {
    expect(partsText(storedBundle)).toBe('e (q4) and l (q4)');
    expect([820_000, 483e6, 1.21e9].map(formatSize)).toEqual(['820 kB', '483 MB', '1.21 GB']);
  });
});

describe('folders', () => {
  const file = (name: string) => new File(['{}'], name);

  it('are named after their top folder, without hidden files', () => {
    const picked = ['mine/config.json', 'mine/.git/HEAD', 'mine/onnx/model.onnx'].map((path) =>
      Object.defineProperty(file(path), 'webkitRelativePath', { value: path }),
    );
    const folder = pickedFolder(picked);
    expect(folder?.name).toBe('mine');
    expect(folder?.files.map(({ path }) => path)).toEqual([
      'mine/config.json',
      'mine/onnx/model.onnx',
    ]);
    expect(pickedFolder([])).toBeNull();
  });

  it('are read to the last of their entries when they are dropped', async () => {
    const leaf = (path: string) => ({
      ...{ isFile: true, fullPath: path },
      file: (resolve: (file: File) => void) => resolve(file(path)),
    });
    // Browsers hand over a part of a folder at a time.
    const folder = (...parts: object[][]) => ({
      isFile: false,
      createReader: () => ({
        readEntries: (resolve: (entries: object[]) => void) => resolve(parts.shift() ?? []),
      }),
    });
    const dropped = folder([leaf('/mine/a.json')], [folder([leaf('/mine/onnx/b.onnx')])]);
    const found = await droppedFolder([dropped as unknown as FileSystemEntry]);
    expect(found?.name).toBe('mine');
    expect(found?.files.map(({ path }) => path)).toEqual(['mine/a.json', 'mine/onnx/b.onnx']);
  });
});
