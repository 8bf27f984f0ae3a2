// How much of a bundle each of its parts takes.
import type { BundleManifest } from '../../bundle/manifest.ts';

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
