// A model of the store in one format, ready to be a part of a bundle: which files it has, what they are, what its config says.
import { LinguaLiftError } from '../errors.ts';
import { parseJson } from '../files.ts';
import type { FileRecord } from '../integrity.ts';
import type { Dtype } from './dtypes.ts';
import { bundlePathsOf, findModelFiles, type ModelFiles } from './layouts.ts';
import { readModelConfig, type ModelConfig } from './modelConfig.ts';
import { readPoolingConfig, type PoolingChoice } from './poolingConfig.ts';
import { presets } from './presets.ts';
import type { ModelStore } from './store.ts';

/** A stored model in one of its formats. */
export interface ModelPick {
  repository: string;
  commit: string;
  dtype: Dtype;
}

/** What a model's files say of it. */
interface Description {
  config: ModelConfig;
  hasChatTemplate: boolean;
  pooling: PoolingChoice | null;
}

export class StoredPart {
  readonly repository: string;
  readonly commit: string;
  readonly licence: string | null;
  readonly files: ModelFiles;
  readonly config: ModelConfig;
  readonly hasChatTemplate: boolean;
  /** How it makes one vector of a sentence; `null` of an LLM and where nothing says so. */
  readonly pooling: PoolingChoice | null;
  readonly #hashes: ReadonlyMap<string, FileRecord>;

  private constructor(
    { repository, commit }: ModelPick,
    licence: string | null,
    files: ModelFiles,
    { config, hasChatTemplate, pooling }: Description,
    hashes: ReadonlyMap<string, FileRecord>,
  ) {
    this.repository = repository;
    this.commit = commit;
    this.licence = licence;
    this.files = files;
    this.config = config;
    this.hasChatTemplate = hasChatTemplate;
    this.pooling = pooling;
    this.#hashes = hashes;
  }

  /**
   * Looks a model up.
   * @throws LinguaLiftError `file-missing` or `file-partial` while it is not there as a whole, `model-unsupported` or
   *   `file-invalid` when it cannot be used
   */
  static async find(store: ModelStore, pick: ModelPick): Promise<StoredPart> {
    const { repository, commit, dtype } = pick;
    const model = await store.find(repository, commit);
    if (model === null) throw missing(pick);
    const paths = model.files.map(({ path }) => path);
    const files = findModelFiles(paths, dtype, repository);
    const hashes = new Map<string, FileRecord>();
    for (const path of bundlePathsOf(files)) {
      const file = model.files.find((candidate) => candidate.path === path);
      // Says what is missing where the file is not whole.
      await store.read(repository, commit, path);
      const sha256 = file && (await store.contents.sha256(file));
      if (sha256) hashes.set(path, { bytes: file.bytes, sha256 });
    }
    const json = async (path: string) =>
      parseJson(path, await (await store.read(repository, commit, path)).text());
    const config = readModelConfig(await json(files.config), repository);
    const tokenizerConfig = Object(await json(files.tokenizerConfig)) as {
      chat_template?: unknown;
    };
    const hasChatTemplate =
      files.chatTemplate !== null || tokenizerConfig.chat_template !== undefined;
    const pooling = model.files.find(({ path }) => path === files.pooling);
    // No answer needs it: while it has not arrived, as beside files from before it was fetched, nothing is said.
    const isSaid = pooling && config.kind !== 'llm' && (await store.contents.sha256(pooling));
    const said = isSaid ? readPoolingConfig(await json(pooling.path), repository) : null;
    const description = { config, hasChatTemplate, pooling: said ?? presetPooling(repository) };
    return new StoredPart(pick, model.licence, files, description, hashes);
  }

  /** Without the owner. */
  get name(): string {
    return this.repository.slice(this.repository.indexOf('/') + 1);
  }

  /** Size and hash of every file, by its path in a bundle. */
  records(folder: string): [path: string, record: FileRecord][] {
    return [...this.#hashes].map(([path, record]) => [`${folder}/${path}`, record]);
  }
}

/** What the table of presets knows of a repository. */
function presetPooling(repository: string): PoolingChoice | null {
  const pooling = presets.find((preset) => preset.repository === repository)?.pooling;
  return pooling === undefined ? null : { pooling, asked: null };
}

function missing({ repository, commit }: ModelPick): LinguaLiftError {
  return new LinguaLiftError(
    'file-missing',
    `The model ${repository} is not on this device any more. Download it again, or put another bundle together.`,
    commit,
  );
}
