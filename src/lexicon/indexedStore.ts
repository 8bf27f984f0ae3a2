// Word lists in the browser's IndexedDB. Summaries and contents are apart, so that a visit begins without
// reading every word; pairs are kept as one text, which is written and read many times faster than objects.
import { createStore, delMany, get, getMany, keys, setMany, type UseStore } from 'idb-keyval';
import { exportList } from './importList.ts';
import type { ListContent, ListStore, StoredList } from './shelf.ts';
import type { WordPair } from './types.ts';

type StoredContent = Omit<ListContent, 'pairs'> & { text: string };

const summaryKey = (id: string) => `summary ${id}`;
const contentKey = (id: string) => `content ${id}`;

export class IndexedStore implements ListStore {
  readonly #store: UseStore = createStore('lingualift-lexicons', 'lists');

  async summaries(): Promise<StoredList['summary'][]> {
    const all = await keys<string>(this.#store);
    const own = all.filter((key) => key.startsWith(summaryKey('')));
    const stored = await getMany<StoredList['summary']>(own, this.#store);
    return stored.flatMap((one) => one ?? []);
  }

  async content(id: string): Promise<ListContent | undefined> {
    const stored = await get<StoredContent>(contentKey(id), this.#store);
    if (stored === undefined) return undefined;
    const { text, ...rest } = stored;
    return { pairs: parsePairs(text), ...rest };
  }

  async save({ summary, content }: StoredList): Promise<void> {
    const { pairs, ...rest } = content;
    const stored: StoredContent = { text: exportList(pairs), ...rest };
    await setMany(
      [
        [summaryKey(summary.id), summary],
        [contentKey(summary.id), stored],
      ],
      this.#store,
    );
  }

  async remove(id: string): Promise<void> {
    await delMany([summaryKey(id), contentKey(id)], this.#store);
  }
}

/** The pairs of a text that `exportList` wrote. */
function parsePairs(text: string): WordPair[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [foreign = '', english = ''] = line.split('\t');
      return { foreign, english };
    });
}
