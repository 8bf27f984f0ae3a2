// A person's lists without a browser: adding, looking, changing, taking back, and what the store keeps.
import { beforeEach, describe, expect, it } from 'vitest';
import {
  Shelf,
  type ListContent,
  type ListStore,
  type StoredList,
} from '../../../src/lexicon/shelf.ts';

class MemoryStore implements ListStore {
  readonly lists = new Map<string, StoredList>();
  full = false;

  summaries = () => Promise.resolve(Array.from(this.lists.values(), ({ summary }) => summary));
  content = (id: string): Promise<ListContent | undefined> =>
    Promise.resolve(this.lists.get(id)?.content);
  save(list: StoredList): Promise<void> {
    if (this.full) return Promise.reject(new Error('QuotaExceededError'));
    this.lists.set(list.summary.id, list);
    return Promise.resolve();
  }
  remove(id: string): Promise<void> {
    this.lists.delete(id);
    return Promise.resolve();
  }
}

const text = 'nyumba house\nmaji water\nmti tree\nmti wood\nsame same\n';
const pair = (foreign: string, english: string) => ({ foreign, english });

describe('Shelf', () => {
  let store: MemoryStore;
  let shelf: Shelf;
  let id: string;
  const pairs = async (of = id) =>
    (await shelf.pairs(of, '', 0, 100)).rows.map(({ foreign, english }) => `${foreign} ${english}`);

  beforeEach(async () => {
    store = new MemoryStore();
    shelf = await Shelf.open(store);
    id = await shelf.add('sw.txt', text);
  });

  it('tells of a list what can be said without opening it', () => {
    expect(shelf.summaries()).toMatchObject([
      { id, name: 'sw', language: 'sw', entries: 4, rejected: 1, kept: true },
    ]);
  });

  it('knows at the next visit what it knew at this one', async () => {
    await shelf.rename(id, 'Swahili');
    shelf = await Shelf.open(store);
    expect(shelf.summaries()).toMatchObject([{ name: 'Swahili', entries: 4 }]);
    expect(await pairs()).toContain('maji water');
    expect((await shelf.rejected(id, 0, 10)).rows).toEqual([
      { line: 5, text: 'same\tsame', reason: 'both sides are the same' },
    ]);
  });

  it('gives a second list of one name a name of its own', async () => {
    await shelf.add('sw.tsv', text);
    expect(shelf.summaries().map(({ name }) => name)).toEqual(['sw', 'sw (2)']);
  });

  it('finds pairs by a part of either side, in any case, stretch by stretch', async () => {
    expect(await shelf.pairs(id, 'MT', 0, 1)).toEqual({ total: 2, rows: [pair('mti', 'tree')] });
    expect(await shelf.pairs(id, 'wood', 0, 9)).toMatchObject({ total: 1 });
    expect(await shelf.pairs(id, 'oo', 0, 9)).toMatchObject({ total: 1 });
  });

  it('changes, adds and removes pairs; an added one comes first', async () => {
    await shelf.edit(id, pair('maji', 'water'), pair('Maji ', 'Rain water'));
    await shelf.edit(id, null, pair('ndege', 'bird'));
    await shelf.edit(id, pair('mti', 'wood'), null);
    expect(await pairs()).toEqual(['ndege bird', 'nyumba house', 'maji rain water', 'mti tree']);
    expect(shelf.summaries()).toMatchObject([{ entries: 4 }]);
  });

  it('finds again after an edit', async () => {
    expect(await shelf.pairs(id, 'bird', 0, 9)).toMatchObject({ total: 0 });
    await shelf.edit(id, null, pair('ndege', 'bird'));
    expect(await shelf.pairs(id, 'bird', 0, 9)).toMatchObject({ total: 1 });
  });

  it.each([
    [pair('', 'bird'), /foreign side is empty/],
    [pair('bird', 'bird'), /both sides are the same/],
    [pair('mti', 'Tree'), /in the list already/],
  ])('refuses %o with a reason and changes nothing', async (wrong, reason) => {
    await expect(shelf.edit(id, null, wrong)).rejects.toThrow(reason);
    expect(shelf.summaries()).toMatchObject([{ entries: 4 }]);
  });

  it('makes changes that come at once one after the other', async () => {
    await Promise.all([
      shelf.edit(id, null, pair('ndege', 'bird')),
      shelf.edit(id, null, pair('', '')).catch(() => undefined),
      shelf.edit(id, null, pair('samaki', 'fish')),
    ]);
    expect((await pairs()).slice(0, 2)).toEqual(['samaki fish', 'ndege bird']);
  });

  it('takes the last change back, a deletion as well', async () => {
    await shelf.edit(id, pair('mti', 'wood'), null);
    await shelf.remove(id);
    expect(shelf.summaries()).toEqual([]);
    expect(store.lists.size).toBe(0);
    await shelf.undo();
    expect(shelf.summaries()).toMatchObject([{ name: 'sw', entries: 3 }]);
    expect(store.lists.size).toBe(1);
  });

  it('merges another list in, without what is there already, and takes that back', async () => {
    const other = await shelf.add('sw2.txt', 'maji water\nndege bird\n');
    await shelf.merge(id, other);
    expect(await pairs()).toHaveLength(5);
    expect(shelf.summaries().map((list) => list.id)).toEqual([id]);
    await shelf.undo();
    expect(await pairs()).toHaveLength(4);
    expect(await pairs(other)).toEqual(['maji water', 'ndege bird']);
  });

  it('reads the file again by the rules of the language that is set', async () => {
    const turkish = await shelf.add('words.txt', 'ISI heat\nEV house\nSU water\n');
    expect(await pairs(turkish)).toContain('isi heat');
    await shelf.setLanguage(turkish, 'tr');
    expect(await pairs(turkish)).toContain('ısı heat');
  });

  it('keeps edits when the language is set, as the file is read no more', async () => {
    await shelf.edit(id, null, pair('ndege', 'bird'));
    await shelf.setLanguage(id, 'swc');
    expect(await pairs()).toHaveLength(5);
    expect(shelf.summaries()).toMatchObject([{ language: 'swc' }]);
  });

  it.each([
    ['before the first edit', false],
    ['after an edit', true],
  ])('swaps the sides %s, and back', async (_, edited) => {
    if (edited) await shelf.edit(id, pair('mti', 'wood'), null);
    const before = await pairs();
    await shelf.swap(id);
    expect(await pairs()).toContain('house nyumba');
    await shelf.swap(id);
    expect(await pairs()).toEqual(before);
  });

  it('counts a list and what it covers', async () => {
    const { statistics, coverage } = await shelf.figures(id, ['The house has water.']);
    expect(statistics).toMatchObject({ entries: 4, foreignTypes: 3, englishTypes: 4 });
    expect(coverage.tokens).toEqual({ total: 4, covered: 2, share: 0.5 });
  });

  it('goes on in memory when the store is full, and says so', async () => {
    store.full = true;
    const unkept = await shelf.add('fr.txt', 'maison house\neau water\n');
    expect(shelf.summaries().map(({ kept }) => kept)).toEqual([true, false]);
    expect(await pairs(unkept)).toEqual(['maison house', 'eau water']);
  });

  it('names a list that has gone', async () => {
    await shelf.remove(id);
    await expect(shelf.list(id)).rejects.toMatchObject({ code: 'no-list' });
  });
});
