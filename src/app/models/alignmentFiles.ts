// What was learned, as the files that Ask can use: from a run, or from a person's disk.
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { AlignmentFiles } from '../../../workers/models-protocol.ts';
import type { ExportedFile } from '../../../workers/training-protocol.ts';
import type { Replacement } from '../../../workers/protocol.ts';

const adapterConfig = 'adapter_config.json';
const adapterWeights = 'adapter_model.safetensors';

/** A file's name without its folders. */
export function baseName(name: string): string {
  return name.replace(/^.*\//, '');
}

/** Reads files that a person has picked. */
export function readFiles(picked: readonly File[]): Promise<ExportedFile[]> {
  return Promise.all(
    picked.map(async (file) => ({
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  );
}

/** The files of an alignment as a bundle takes them. */
export function blobsOf({ alignment, adapter }: Replacement): AlignmentFiles {
  return {
    alignment: new Blob([alignment]),
    adapter: adapter && {
      config: new Blob([adapter.config]),
      weights: new Blob([adapter.weights]),
    },
  };
}

/**
 * Finds alignment and adapter among files, whatever their folders are called.
 * @throws LinguaLiftError `no-alignment`, `half-adapter`
 */
export function replacementOf(files: readonly ExportedFile[]): Replacement {
  const bytesOf = (name: string) => files.find((file) => baseName(file.name) === name)?.bytes;
  const alignment = files.find(
    ({ name }) => name.endsWith('.safetensors') && baseName(name) !== adapterWeights,
  );
  if (alignment === undefined) {
    throw new LinguaLiftError(
      'no-alignment',
      'There is no alignment among these files. Choose the .safetensors file of one, and with it the two files of its LoRA adapter if it has one.',
      files.map(({ name }) => name).join('\n'),
    );
  }
  const config = bytesOf(adapterConfig);
  const weights = bytesOf(adapterWeights);
  if ((config === undefined) !== (weights === undefined)) {
    throw new LinguaLiftError(
      'half-adapter',
      `A LoRA adapter is two files. Choose ${adapterConfig} and ${adapterWeights} together.`,
      files.map(({ name }) => name).join('\n'),
    );
  }
  return { alignment: alignment.bytes, adapter: config && weights ? { config, weights } : null };
}
