// Where fetched files of data sets are kept: by their addresses. These name a commit, so what is there stays right;
// what comes out is checked again all the same (fetch.ts).
import { openCache, type CacheLike } from '../../bundle/cache.ts';

/** The browser's cache, or `null` where there is none (Node, plain http pages). */
export function openDatasetCache(): Promise<CacheLike | null> {
  return openCache('lingualift-datasets');
}
