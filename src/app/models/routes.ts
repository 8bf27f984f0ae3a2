// Which routes the open bundle has, and which of them a question takes that is asked once.
import { routePlans } from '../../bridge/routes.ts';
import { routes, type Route } from '../../bridge/types.ts';
import type { BundleManifest } from '../../bundle/manifest.ts';

type Offer = Pick<BundleManifest, 'alignments' | 'lexicons'>;

/** The routes that a bundle has, a learned bridge among them. */
export function offeredRoutes({ alignments, lexicons }: Offer, hasLearned: boolean): Route[] {
  return routes.filter((route) => {
    const { alignment, gloss } = routePlans[route];
    if (gloss && Object.keys(lexicons).length === 0) return false;
    if (alignment === null || alignments[alignment] !== undefined) return true;
    return hasLearned && alignment === 'lingualift';
  });
}

/** The best first. */
const preferred: readonly Route[] = ['lingualift', 'langbridge', 'direct'];

/** The route of a question that is asked once. @param manifest `null` while no bundle is open */
export function mainRoute(manifest: Offer | null, hasLearned: boolean): Route {
  const offered = manifest === null ? routes : offeredRoutes(manifest, hasLearned);
  return preferred.find((route) => offered.includes(route)) ?? 'direct';
}
