// A decoder's weights as tensors of a plan: read packed from the very ONNX file that inference runs, and
// declared, but not yet written; `uploads` says what goes where once the plan has its memory.
import {
  checkLlamaConfig,
  readPackedWeights,
  rotaryTables,
  type ExternalData,
  type LlamaConfig,
  type ModelProto,
  type PackedWeight,
} from '../onnx/index.ts';
import type { BlockMatrix } from '../wgsl/operand.ts';
import type { Plan } from '../wgsl/plan.ts';
import type { TensorData } from '../wgsl/program.ts';
import type { Tensor } from '../wgsl/tensor.ts';
import { TrainError } from './errors.ts';
import type { Adapter, Linear } from './linear.ts';
import type { Llama, LlamaLayer, LlamaSizes } from './llama.ts';

export type Uploads = Map<Tensor, TensorData>;

export interface FrozenDecoder {
  llama: Llama;
  /** [V, D] */
  table: Tensor | BlockMatrix;
  head: Tensor | BlockMatrix;
  vocabSize: number;
  uploads: Uploads;
}

/**
 * Declares a decoder's weights.
 * @param adapters LoRA branches by the path of the linear layer that they stand beside
 * @param positions rows of the rotary tables: the longest sequence of a step
 * @throws OnnxError `unsupported-architecture` that names the field of config.json; TrainError
 *   `unsupported-model` that names the weight that is missing or of another form
 */
export function declareDecoder(
  plan: Plan,
  model: ModelProto,
  external: ExternalData,
  config: LlamaConfig,
  positions: number,
  adapters: ReadonlyMap<string, Adapter> = new Map(),
): FrozenDecoder {
  checkLlamaConfig(config);
  const weights = new Declared(plan, readPackedWeights(model, external), adapters);
  const sizes = sizesOf(config);
  const { cos, sin } = rotaryTables(config, sizes.headSize, positions);
  const angles = [positions, sizes.headSize / 2];
  const layers = Array.from({ length: config.num_hidden_layers }, (_, index) =>
    weights.layer(`model.layers.${index}`),
  );
  const table = weights.matrix('model.embed_tokens.weight');
  const llama: Llama = {
    sizes,
    layers,
    finalNorm: weights.vector('model.norm.weight'),
    cos: weights.floats('rope.cos', angles, cos),
    sin: weights.floats('rope.sin', angles, sin),
  };
  return {
    llama,
    table,
    head: weights.matrix('lm_head.weight'),
    vocabSize: config.vocab_size,
    uploads: weights.uploads,
  };
}

/** The sizes that a config.json gives. */
export function sizesOf(config: LlamaConfig): LlamaSizes {
  const heads = config.num_attention_heads;
  return {
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    heads,
    keyValueHeads: config.num_key_value_heads ?? heads,
    headSize: config.head_dim ?? config.hidden_size / heads,
    normEpsilon: config.rms_norm_eps,
  };
}

/** Declares weights by their names; a weight that two names share is declared once. */
class Declared {
  readonly uploads: Uploads = new Map();
  readonly #plan: Plan;
  readonly #weights: ReadonlyMap<string, PackedWeight>;
  readonly #adapters: ReadonlyMap<string, Adapter>;
  readonly #matrices = new Map<PackedWeight, Tensor | BlockMatrix>();

  constructor(
    plan: Plan,
    weights: ReadonlyMap<string, PackedWeight>,
    adapters: ReadonlyMap<string, Adapter>,
  ) {
    this.#plan = plan;
    this.#weights = weights;
    this.#adapters = adapters;
  }

  layer(path: string): LlamaLayer {
    const norms = (name: string) =>
      this.#weights.has(`${path}.${name}.weight`) && this.vector(`${path}.${name}.weight`);
    const [qNorm, kNorm] = [norms('self_attn.q_norm'), norms('self_attn.k_norm')];
    return {
      inputNorm: this.vector(`${path}.input_layernorm.weight`),
      q: this.linear(`${path}.self_attn.q_proj`),
      k: this.linear(`${path}.self_attn.k_proj`),
      v: this.linear(`${path}.self_attn.v_proj`),
      o: this.linear(`${path}.self_attn.o_proj`),
      ...(qNorm && { qNorm }),
      ...(kNorm && { kNorm }),
      postNorm: this.vector(`${path}.post_attention_layernorm.weight`),
      gate: this.linear(`${path}.mlp.gate_proj`),
      up: this.linear(`${path}.mlp.up_proj`),
      down: this.linear(`${path}.mlp.down_proj`),
    };
  }

  linear(name: string): Linear {
    const adapter = this.#adapters.get(name);
    const bias = this.#weights.has(`${name}.bias`) && this.vector(`${name}.bias`);
    return {
      name,
      weight: this.matrix(`${name}.weight`),
      ...(bias && { bias }),
      ...(adapter && { adapter }),
    };
  }

  /** A norm's gain or a bias. */
  vector(name: string): Tensor {
    const weight = this.#required(name);
    // readPackedWeights gives vectors as floats, whatever the file has.
    if (weight.kind !== 'float32') {
      throw new TrainError('unsupported-model', `The vector "${name}" is not in float32.`);
    }
    return this.floats(name, weight.dims, weight.data);
  }

  matrix(name: string): Tensor | BlockMatrix {
    const weight = this.#required(name);
    const known = this.#matrices.get(weight);
    if (known) return known;
    const matrix = this.#declare(name, weight);
    this.#matrices.set(weight, matrix);
    return matrix;
  }

  floats(name: string, shape: readonly number[], data: Float32Array): Tensor {
    const tensor = this.#plan.keep(name, shape);
    this.uploads.set(tensor, data);
    return tensor;
  }

  #declare(name: string, weight: PackedWeight): Tensor | BlockMatrix {
    if (weight.kind === 'float32') return this.floats(name, weight.dims, weight.data);
    if (weight.kind === 'float16') {
      const { data } = weight;
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return this.#bytes(name, weight.dims, bytes, 'f16');
    }
    const { bits, blockSize, rows, columns, data, scales, zeroPoints } = weight;
    const blocks = Math.ceil(columns / blockSize);
    const zeroBytes = Math.ceil((blocks * bits) / 8);
    return {
      bits,
      blockSize,
      rows,
      columns,
      data: this.#bytes(name, [rows, data.length / rows], data, 'u8'),
      scales: this.floats(`${name}.scales`, [rows, blocks], scales),
      ...(zeroPoints && {
        zeroPoints: this.#bytes(`${name}.zeroPoints`, [rows, zeroBytes], zeroPoints, 'u8'),
      }),
    };
  }

  /** Bytes are written in whole words, so an odd rest is filled up in a copy. */
  #bytes(name: string, shape: readonly number[], bytes: Uint8Array, type: 'f16' | 'u8'): Tensor {
    const tensor = this.#plan.keep(name, shape, type);
    const words = Math.ceil(bytes.length / 4);
    if (words * 4 === bytes.length) {
      this.uploads.set(tensor, bytes);
    } else {
      const filled = new Uint8Array(words * 4);
      filled.set(bytes);
      this.uploads.set(tensor, filled);
    }
    return tensor;
  }

  #required(name: string): PackedWeight {
    const weight = this.#weights.get(name);
    if (weight) return weight;
    throw new TrainError('unsupported-model', `The model has no weight "${name}".`);
  }
}
