// What the evaluator reads: problems from files, and a bundle from a folder.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Bridge } from '../src/bridge/bridge.ts';
import { routePlans } from '../src/bridge/routes.ts';
import type { Route } from '../src/bridge/types.ts';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { sha256 } from '../src/bundle/integrity.ts';
import { loadBundle } from '../src/bundle/load.ts';
import type { BundleManifest } from '../src/bundle/manifest.ts';
import { assemble, type LoadedDataset, type LoadedPart } from '../src/evaluate/datasets/load.ts';
import {
  readMapped,
  readProblems as readSet,
  type Mapping,
} from '../src/evaluate/datasets/mapping.ts';
import type { DatasetInfo } from '../src/evaluate/datasets/table.ts';
import type { ModelFacts } from '../src/evaluate/record.ts';
import { versions } from '../src/evaluate/versions.ts';
import { usageError, type Arguments } from './evaluate-arguments.ts';
import { FolderSource } from './folder-source.ts';
import { createNodeRuntime } from './node-runtime.ts';

/** A file of `--data`: JSON lines `{"id", "lang", "question", "answer"}` in any languages. */
const ownFile: Mapping = {
  form: { kind: 'json-lines' },
  ...{ question: 'question', answer: 'answer' },
  ...{ id: { column: 'id' }, language: { column: 'lang' } },
};

/**
 * Reads the problems of the wanted languages.
 * @throws LinguaLiftError `file-missing` or `no-problems`
 */
export async function readProblems({ data, languages }: Arguments): Promise<LoadedDataset> {
  if ('set' in data) {
    const wanted = languages ?? data.set.languages;
    const parts = wanted.map((lang) => readLanguage(data.set, data.folder, lang));
    return assemble(
      { name: data.set.name, licence: data.set.licence.name },
      await Promise.all(parts),
    );
  }
  const { file } = data;
  const dataset = readMapped((await readInput(file, 'data file')).toString(), ownFile);
  return assemble({ name: basename(file), licence: '' }, [{ source: file, dataset }]);
}

/** The file of a language, under whichever of its names it has. */
async function readLanguage(set: DatasetInfo, folder: string, lang: string): Promise<LoadedPart> {
  const places = set.fileNames(lang).map((name) => join(folder, name));
  const source = places.find((place) => existsSync(place)) ?? places.join(' or ');
  const text = (await readInput(source, `${set.name} file`)).toString();
  return { source, dataset: readSet(text, set.format, lang) };
}

/** Models that can be asked, and what a record says of them. */
export interface Models {
  bridge: Bridge;
  facts: ModelFacts;
}

/** Opens the bundle, one of its alignments replaced where another one is given. */
export async function openModels({ bundle, routes, alignment }: Arguments): Promise<Models> {
  const loaded = await loadBundle(new FolderSource(bundle));
  let { files } = loaded;
  let replacement: ModelFacts['replacement'] = null;
  if (alignment !== null) {
    const file = replacedFile(files.manifest, routes);
    const bytes = new Uint8Array(await readInput(alignment, 'alignment'));
    files = files.with(file, bytes);
    replacement = { name: basename(alignment), sha256: await sha256(bytes) };
  }
  const bridge = await Bridge.load(files, createNodeRuntime());
  const { name } = files.manifest;
  const facts = {
    ...{ bundle: name, bundleSha256: loaded.manifestSha256 },
    ...{ replacement, provider: bridge.provider, versions },
  };
  return { bridge, facts };
}

/** The alignment that another one takes the place of: that of `lingualift` if it is asked, as in the page. */
function replacedFile({ alignments }: BundleManifest, routes: readonly Route[]): string {
  const names = routes.flatMap((route) => routePlans[route].alignment ?? []);
  const name = names.find((one) => one === 'lingualift') ?? names[0];
  const file = name && alignments[name]?.file;
  if (file) return file;
  throw usageError(
    `--alignment has no use: the route ${routes.join(' and ')} takes none from this bundle.`,
  );
}

/** @throws LinguaLiftError `file-missing` */
async function readInput(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw new LinguaLiftError(
      'file-missing',
      `The ${what} ${path} cannot be read. Check that it exists and that you may read it.`,
      String(thrown),
      { cause: thrown },
    );
  }
}
