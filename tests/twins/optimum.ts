// The files of a transformers.js repository, from the graph that optimum exports.
import { readFileSync } from 'node:fs';
import type { Draft } from './draft.ts';
import { dynamicallyQuantized } from './dynamic.ts';
import { fourBits, halved } from './formats.ts';
import type { Parameters } from './parameters.ts';
import { optimumDraft, type Family, type GraphNumbers } from './recording.ts';
import type { Sizes } from './sizes.ts';

export interface OptimumModel {
  family: Family;
  sizes: Sizes;
  numbers: GraphNumbers;
  parameters: Parameters;
}

function float({ family, sizes, numbers, parameters }: OptimumModel): Draft {
  const recording = readFileSync(new URL(`graphs/${family}.jsonl`, import.meta.url), 'utf8');
  return optimumDraft(recording, sizes, numbers, parameters);
}

/** transformers.js' convert.py keeps per-channel scales and 7 bits for encoders. */
function dynamic(model: OptimumModel): Draft {
  const isEncoder = model.sizes.keyValueHeads === undefined;
  return dynamicallyQuantized(float(model), { perChannel: isEncoder, reduceRange: isEncoder });
}

/** By what follows `model` in a file's name. */
export const optimumForms: Readonly<Record<string, (model: OptimumModel) => Draft>> = {
  '': float,
  _fp16: (model) => halved(float(model)),
  _q4: (model) => fourBits(float(model)),
  _q4f16: (model) => halved(fourBits(float(model))),
  _quantized: dynamic,
};
