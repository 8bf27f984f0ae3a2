// What of a run's items is shown: made by a run's page and shared by its comparison and its table.
import { createContext } from 'svelte';
import type { Route } from '../../bridge/types.ts';
import type { Show, SortKey } from '../../evaluate/items.ts';

export class ItemFilterState {
  lang: string | null = $state(null);
  route: Route | null = $state(null);
  show: Show = $state('all');
  sort: { by: SortKey; descending: boolean } = $state.raw({ by: 'plan', descending: false });
  /** The other side of `changed`; `null` while nothing is compared. */
  against: { run: string; route: Route | null } | null = $state.raw(null);

  /** Sorts by a column, the other way round if it is sorted by it already. */
  sortBy(by: SortKey): void {
    this.sort = { by, descending: this.sort.by === by && !this.sort.descending };
  }
}

export const [getItemFilter, setItemFilter] = createContext<ItemFilterState>();
