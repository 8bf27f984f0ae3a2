// The files of a transformers.js repository, from the graph that optimum exports.
import type { Draft } from './draft.ts';
import { dynamicallyQuantized } from './dynamic.ts';
import { fourBits, halved } from './formats.ts';
import type { Parameters } from './parameters.ts';
import { optimumDraft, type GraphNumbers } from './recording.ts';
import type { Sizes } from './sizes.ts';
import type { Dtype } from './twin.ts';

export interface OptimumModel {
  /** The text of `graphs/FAMILY.jsonl`. */
  recording: string;
  sizes: Sizes;
  numbers: GraphNumbers;
  parameters: Parameters;
  /** What stands behind the recorded graph, in 32 bits as it is. */
  head?: (draft: Draft, model: OptimumModel) => Draft;
}

function float(model: OptimumModel): Draft {
  const { recording, sizes, numbers, parameters, head } = model;
  const draft = optimumDraft(recording, sizes, numbers, parameters);
  return head?.(draft, model) ?? draft;
}

/** transformers.js' convert.py keeps per-channel scales and 7 bits for encoders. */
function dynamic(model: OptimumModel): Draft {
  const isEncoder = model.sizes.keyValueHeads === undefined;
  return dynamicallyQuantized(float(model), { perChannel: isEncoder, reduceRange: isEncoder });
}

export const optimumForms: Readonly<Record<Dtype, (model: OptimumModel) => Draft>> = {
  fp32: float,
  fp16: (model) => halved(float(model)),
  q4: (model) => fourBits(float(model)),
  q4f16: (model) => halved(fourBits(float(model))),
  q8: dynamic,
};
