// Where the files of a bundle come from, by its address: the web, or the stores of this device.
import { FileCache } from '../src/bundle/cache.ts';
import { BundleStore } from '../src/bundle/hub/bundleStore.ts';
import { OpfsDisk } from '../src/bundle/hub/opfsDisk.ts';
import { ModelStore } from '../src/bundle/hub/store.ts';
import { loadStoredBundle, type Stores } from '../src/bundle/hub/storedBundle.ts';
import { loadBundle, type LoadedFiles } from '../src/bundle/load.ts';
import { UrlSource } from '../src/bundle/source.ts';
import { storedScheme } from './models-protocol.ts';

export interface BundleOptions {
  signal?: AbortSignal;
  /** Bytes so far and in all; `item` is the file that moved. */
  onProgress?: (item: string, loadedBytes: number, totalBytes: number) => void;
}

/** Whether an address is that of a bundle of this device. */
export function isStored(address: string): boolean {
  return address.startsWith(storedScheme);
}

/**
 * Loads the files of a bundle. Only workers may load those of this device.
 * @param address that of a `bundle.json`, or what `addressOf` gives for a stored bundle
 * @throws LinguaLiftError as `loadBundle` and `loadStoredBundle`
 */
export async function loadBundleAt(
  address: string,
  options: BundleOptions = {},
): Promise<LoadedFiles> {
  if (isStored(address)) {
    return loadStoredBundle(address.slice(storedScheme.length), await openStores(), options);
  }
  const cache = await FileCache.open();
  return loadBundle(new UrlSource(address), { cache, ...options });
}

/** The models and bundles of this device. */
export async function openStores(): Promise<Stores> {
  const [models, bundles] = await Promise.all([openDisk('models'), openBundlesDisk()]);
  return { models: new ModelStore(models), bundles: new BundleStore(bundles) };
}

/** Where bundles and the room's settings are kept. */
export function openBundlesDisk(): Promise<OpfsDisk> {
  return openDisk('bundles');
}

const openDisk = (name: string) => OpfsDisk.open(`lingualift-${name}`);
