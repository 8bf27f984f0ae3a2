// What the bundle that is open is called, also while it is on its way.
import { addressOf, type StoredBundle } from '../../../workers/models-protocol.ts';
import type { Models } from './models.svelte.ts';

export const embeddedName = 'The built-in models';

/** Its own name once it is there, else that under which it is listed. */
export function nameOfOpen(
  { bundle, address, isStored }: Pick<Models, 'bundle' | 'address' | 'isStored'>,
  bundles: readonly StoredBundle[],
): string {
  const listed = bundles.find((one) => addressOf(one) === address);
  return listed?.name ?? bundle?.manifest.name ?? (isStored ? 'Stored models' : embeddedName);
}
