// An alignment from elsewhere in the place of the bundle's own: one that was trained in the page, or imported.
import { LinguaLiftError } from '../bundle/errors.ts';
import { parseJson, type BundleFiles } from '../bundle/files.ts';
import { readLoraAdapter, readSafetensors } from '../onnx/index.ts';
import { Alignment } from './alignment.ts';
import { Llm } from './llm.ts';
import { explained, plainLlm, readLlm, type Crossing, type Parts } from './parts.ts';
import type { Runtime } from './session.ts';

/** Files of docs/bundle-format.md, "Alignments" and "Adapters". */
export interface Replacement {
  alignment: Uint8Array<ArrayBuffer>;
  /** The LoRA adapter that the LLM gets; `null` for the LLM as it is. */
  adapter: { config: Uint8Array<ArrayBuffer>; weights: Uint8Array<ArrayBuffer> } | null;
}

export interface OpenReplacement {
  crossing: Crossing;
  /** Frees what was opened for it. */
  dispose(): Promise<void>;
}

const alignmentFile = 'alignment.safetensors';
const configFile = 'adapter_config.json';
const weightsFile = 'adapter_model.safetensors';

/**
 * Opens a replacement beside the parts of a bundle.
 * @throws LinguaLiftError `other-models` for an alignment between other networks, `model-invalid` or
 *   `file-invalid` for files that cannot be used, `session-failed`
 */
export async function openReplacement(
  files: BundleFiles,
  runtime: Runtime,
  parts: Parts,
  { alignment: bytes, adapter }: Replacement,
): Promise<OpenReplacement> {
  const alignment = await explained(alignmentFile, () => {
    checkIds(files, readSafetensors(bytes).metadata);
    return Alignment.open(runtime, alignmentFile, bytes);
  });
  if (adapter === null) {
    return { crossing: { alignment, llm: plainLlm(parts) }, dispose: () => alignment.dispose() };
  }
  try {
    const llm = await openAdapted(files, runtime, adapter);
    const dispose = async () => {
      await Promise.all([alignment.dispose(), llm.dispose()]);
    };
    return { crossing: { alignment, llm }, dispose };
  } catch (thrown) {
    await alignment.dispose();
    throw thrown;
  }
}

async function openAdapted(
  files: BundleFiles,
  runtime: Runtime,
  { config, weights }: NonNullable<Replacement['adapter']>,
): Promise<Llm> {
  const base = await readLlm(files, runtime);
  return explained(weightsFile, () => {
    const json = parseJson(configFile, new TextDecoder().decode(config));
    return Llm.open(runtime, { ...base, adapter: readLoraAdapter(json, weights) });
  });
}

function checkIds({ manifest }: BundleFiles, metadata: Readonly<Record<string, string>>): void {
  const { encoder_id: encoder = 'unnamed', llm_id: llm = 'unnamed' } = metadata;
  if (encoder === manifest.encoder.id && llm === manifest.llm.id) return;
  throw new LinguaLiftError(
    'other-models',
    `This alignment connects the encoder "${encoder}" with the LLM "${llm}"; the loaded bundle has "${manifest.encoder.id}" and "${manifest.llm.id}". Load the bundle that it was trained on.`,
  );
}
