// What is wanted of a repository beside what it has: formats that are not there, and files that are there in part.
import { LinguaLiftError } from '../../bundle/errors.ts';
import type { Dtype, ModelOnDevice, RepositoryView } from '../../../workers/models-protocol.ts';

/** What is being done at a person's wish and takes a moment. */
export type Doing = 'looking' | 'putting-together' | 'changing';

/** What is needed to download a model. */
export interface Wanted {
  repository: string;
  revision: string;
  dtype: Dtype;
}

/** The error of a format that a repository turns out not to have. */
export function formatMissing(
  { repository, offers }: RepositoryView,
  dtype: Dtype,
): LinguaLiftError {
  const there = offers.map((offer) => offer.dtype).join(', ');
  return new LinguaLiftError(
    'model-unsupported',
    there === ''
      ? `${repository} has no files that this page can load: it needs an ONNX graph, config.json and tokenizer.json.`
      : `${repository} has no files in the format ${dtype}. It has ${there}: choose one of these.`,
  );
}

/** A file with how much of it is on this device. */
export function withKept(file: { path: string; bytes: number }, stored: ModelOnDevice | null) {
  const kept = stored?.files.find(({ path }) => path === file.path);
  return { ...file, keptBytes: kept?.whole ? file.bytes : (kept?.keptBytes ?? 0) };
}
