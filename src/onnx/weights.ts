// Every weight of a transformer's graph as float32, under the name that PyTorch (Hugging Face) gives it.
import type { FloatTensor } from './constants.ts';
import { elementCount, type ExternalData, type ModelProto } from './model.ts';
import { floatMatrix } from './storedMatrix.ts';
import { walkWeights, type WeightForm } from './weightWalk.ts';

const floatForm: WeightForm<FloatTensor> = {
  matrix: floatMatrix,
  parameter: (tensor) => tensor,
  rows({ dims: [, ...inner], data }, first, count) {
    const width = elementCount(inner);
    return { dims: [count, ...inner], data: data.subarray(first * width, (first + count) * width) };
  },
};

/**
 * Reads every weight. Linear weights are [N, K], embedding tables [V, D]; packed projections are divided.
 * A tied LM head appears as `lm_head.weight` beside the embedding table.
 * @throws OnnxError where a weight's form is not known
 */
export function readWeights(
  model: ModelProto,
  external: ExternalData = new Map(),
): Map<string, FloatTensor> {
  return walkWeights(model, external, floatForm);
}
