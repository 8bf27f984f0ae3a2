// Versions of what computes, as a record keeps them.
import { dependencies, version } from '../../package.json';

export const versions: Readonly<Record<string, string>> = {
  lingualift: version,
  'onnxruntime-web': dependencies['onnxruntime-web'],
};
