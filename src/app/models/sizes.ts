// How much models take: sizes in words, and the parts of a bundle.
import type { BundleManifest } from '../../bundle/manifest.ts';
import { formatBytes } from '../shared/format.ts';

const gigabytes = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

/** Bytes in decimal units as `formatBytes` has them, and large models in gigabytes: `483 MB`, `1.21 GB`. */
export function formatSize(bytes: number): string {
  return bytes < 1e9 ? formatBytes(bytes) : `${gigabytes.format(bytes / 1e9)} GB`;
}

/** The folders of a bundle, in the order in which a question passes them. */
const parts: Record<string, string> = {
  encoder: 'Encoder',
  alignment: 'Alignments',
  llm: 'LLM',
  adapters: 'Adapters',
  lexicons: 'Word lists',
};

export interface PartSize {
  name: string;
  bytes: number;
}

/** Bytes of each part that the bundle has, by the folder its files are in. */
export function sizesByPart(files: BundleManifest['files']): PartSize[] {
  return Object.entries(parts)
    .map(([folder, name]) => ({
      name,
      bytes: Object.entries(files)
        .filter(([path]) => path.startsWith(`${folder}/`))
        .reduce((sum, [, file]) => sum + file.bytes, 0),
    }))
    .filter(({ bytes }) => bytes > 0);
}
