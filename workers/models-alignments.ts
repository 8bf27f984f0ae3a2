// An alignment that a person imports into a bundle: does it connect these two models? Then its files are kept.
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { contentOf, type ImportedAlignment } from '../src/bundle/hub/bundleStore.ts';
import type { Contents } from '../src/bundle/hub/contents.ts';
import { importFile } from '../src/bundle/hub/importFolder.ts';
import type { StoredPart } from '../src/bundle/hub/storedPart.ts';
import { sha256, type FileRecord } from '../src/bundle/integrity.ts';
import { OnnxError, readSafetensors } from '../src/onnx/index.ts';
import type { AlignmentFiles } from './models-protocol.ts';

/**
 * Keeps the files of an alignment.
 * @throws LinguaLiftError `other-models` when it is between others, `file-invalid` when it is no alignment, `storage-full`
 */
export async function importAlignment(
  { alignment, adapter }: AlignmentFiles,
  encoder: StoredPart,
  llm: StoredPart,
  contents: Contents,
): Promise<ImportedAlignment> {
  checkModels(await readMetadata(alignment), encoder, llm);
  return {
    alignment: await keep('alignment.safetensors', alignment, contents),
    adapter: adapter && {
      config: await keep('adapter_config.json', adapter.config, contents),
      weights: await keep('adapter_model.safetensors', adapter.weights, contents),
    },
  };
}

async function keep(path: string, file: Blob, contents: Contents): Promise<FileRecord> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const record = { bytes: file.size, sha256: await sha256(bytes) };
  await importFile({ path, file }, contentOf(record), contents);
  return record;
}

async function readMetadata(file: Blob): Promise<Readonly<Record<string, string>>> {
  try {
    return readSafetensors(new Uint8Array(await file.arrayBuffer())).metadata;
  } catch (thrown) {
    if (!(thrown instanceof OnnxError)) throw thrown;
    throw new LinguaLiftError(
      'file-invalid',
      'This file is no alignment. Choose an alignment.safetensors that was exported from Fine-tune.',
      thrown.message,
      { cause: thrown },
    );
  }
}

/** Another commit of a repository is another model only where its sizes differ. */
function checkModels(
  metadata: Readonly<Record<string, string>>,
  encoder: StoredPart,
  llm: StoredPart,
): void {
  const fits = ({ repository, config }: StoredPart, id: string, dim: string) =>
    repositoryOf(metadata[id] ?? '') === repository &&
    Number(metadata[dim]) === config.shape.hidden;
  if (fits(encoder, 'encoder_id', 'encoder_dim') && fits(llm, 'llm_id', 'llm_dim')) return;
  const { encoder_id: from = 'unnamed', llm_id: to = 'unnamed' } = metadata;
  throw new LinguaLiftError(
    'other-models',
    `This alignment connects the encoder “${from}” with the LLM “${to}”; this bundle has “${encoder.repository}” and “${llm.repository}”. Import it into the bundle that it was trained on.`,
    JSON.stringify(metadata),
  );
}

/** `owner/name` of `hf://owner/name@revision`. */
function repositoryOf(id: string): string {
  return id.replace(/^hf:\/\//, '').replace(/@.*$/, '');
}
