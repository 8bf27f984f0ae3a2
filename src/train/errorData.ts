// Whatever a run may be stopped by, as data: the errors of each layer keep their code and their sentence.
import { LinguaLiftError, type ErrorData } from '../bundle/errors.ts';
import { LexiconError } from '../lexicon/errors.ts';
import { OnnxError } from '../onnx/index.ts';
import { WgslError } from '../wgsl/errors.ts';
import { TrainError } from './errors.ts';

/** An error of any layer for the page. */
export function errorData(thrown: unknown): ErrorData {
  const known =
    thrown instanceof TrainError ||
    thrown instanceof WgslError ||
    thrown instanceof OnnxError ||
    thrown instanceof LexiconError;
  if (!known) return LinguaLiftError.from(thrown).toData();
  const { code, message, cause } = thrown;
  return { code, message, details: cause === undefined ? '' : String(cause) };
}
