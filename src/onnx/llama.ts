// Builds the decoder graph of a Llama-family model (Llama, Qwen2, Qwen3) from safetensors and config.json,
// in the shape that onnxruntime-genai's model builder gives it, so that whatever runs those exports runs
// ours: GroupQueryAttention with rotary embedding inside, fused skip connections and norms, packed q, k, v.
//
// inputs   input_ids [B, S] int64, attention_mask [B, past + S] int64,
//          past_key_values.N.key/.value [B, kv heads, past, head size]
// outputs  logits [B, S, V], present.N.key/.value [B, kv heads, past + S, head size]; all float32
import { GraphBuilder, microsoft } from './builder.ts';
import { checkConfig, type Requirement } from './config.ts';
import { DataType } from './dataTypes.ts';
import { OnnxError } from './errors.ts';
import { floatToHalf } from './float16.ts';
import { addLinear, type WeightFormat } from './layers.ts';
import { LlamaWeights } from './llamaWeights.ts';
import type { ModelWithGraph } from './model.ts';
import { rotaryTables, type RotaryConfig } from './rotary.ts';
import type { Safetensors } from './safetensors.ts';

/** The fields of a Hugging Face config.json that shape the graph. */
export interface LlamaConfig extends RotaryConfig {
  model_type: string;
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  num_key_value_heads?: number;
  head_dim?: number;
  vocab_size: number;
  max_position_embeddings: number;
  rms_norm_eps: number;
  hidden_act?: string;
  tie_word_embeddings?: boolean;
  use_sliding_window?: boolean;
}

/** GroupQueryAttention with rotary embedding refuses other head sizes. */
const headSizeStep = 16;

const sizes = [
  'hidden_size',
  'intermediate_size',
  'num_hidden_layers',
  'num_attention_heads',
  'vocab_size',
  'max_position_embeddings',
  'rms_norm_eps',
];
/** Biases and q/k norms follow from the tensors. */
const requirements: Requirement[] = [
  { field: 'model_type', supported: ['llama', 'qwen2', 'qwen3'] },
  { field: 'hidden_act', supported: ['silu'], absent: 'silu' },
  { field: 'use_sliding_window', supported: [false], absent: false },
];

/**
 * Builds the decoder.
 * @param format of the linear weights. Quantized: symmetric blocks of 32 for every linear layer and the LM
 *   head; the embedding table becomes float16 with a plain Gather, because GatherBlockQuantized has no
 *   WASM kernel.
 * @throws OnnxError `bad-config`, `unsupported-architecture`, `missing-weight` or `bad-shape`
 */
export function buildLlama(
  config: LlamaConfig,
  weights: Safetensors,
  format: WeightFormat,
): ModelWithGraph {
  checkLlamaConfig(config);
  return new LlamaBuilder(config, weights, format).build();
}

/**
 * Checks that a config.json describes a decoder of this family as it is computed here.
 * @throws OnnxError `unsupported-architecture` or `bad-config`, naming the field
 */
export function checkLlamaConfig(config: LlamaConfig): void {
  checkConfig(config, sizes, requirements);
}

class LlamaBuilder {
  private readonly builder = new GraphBuilder();
  private readonly config: LlamaConfig;
  private readonly weights: LlamaWeights;
  private readonly format: WeightFormat;
  private readonly heads: number;
  private readonly keyValueHeads: number;
  private readonly headSize: number;

  constructor(config: LlamaConfig, weights: Safetensors, format: WeightFormat) {
    this.config = config;
    this.weights = new LlamaWeights(config, weights);
    this.format = format;
    this.heads = config.num_attention_heads;
    this.keyValueHeads = config.num_key_value_heads ?? this.heads;
    this.headSize = config.head_dim ?? config.hidden_size / this.heads;
    if (this.headSize % headSizeStep !== 0) {
      throw new OnnxError(
        'unsupported-architecture',
        `config.json: heads of size ${this.headSize}; attention needs a multiple of ${headSizeStep}.`,
      );
    }
  }

  build(): ModelWithGraph {
    const { builder, config } = this;
    const layers = Array.from({ length: config.num_hidden_layers }, (_, layer) => layer);
    this.declareInputsAndOutputs(layers);
    const lengths = this.sequenceLengths();
    const { cos, sin } = rotaryTables(config, this.headSize, config.max_position_embeddings);
    const tableDims = [config.max_position_embeddings, this.headSize / 2];
    const rotary = [
      builder.floats('cos_cache', tableDims, cos),
      builder.floats('sin_cache', tableDims, sin),
    ];

    let residual = this.embed();
    let normed = this.norm('model.layers.0.input_layernorm', residual);
    for (const layer of layers) {
      const path = `model.layers.${layer}`;
      const attended = this.attention(layer, normed, lengths, rotary);
      const afterAttention = this.skipNorm(`${path}.post_attention_layernorm`, residual, attended);
      const computed = this.mlp(layer, afterAttention.normed);
      const isLast = layer === layers.length - 1;
      const next = isLast ? 'model.norm' : `model.layers.${layer + 1}.input_layernorm`;
      ({ residual, normed } = this.skipNorm(next, afterAttention.residual, computed));
    }
    this.head(normed);
    return builder.model('decoder');
  }

  private declareInputsAndOutputs(layers: readonly number[]): void {
    const { builder } = this;
    const cache = (length: string) => ['batch_size', this.keyValueHeads, length, this.headSize];
    const { INT64, FLOAT } = DataType;
    builder.input('input_ids', INT64, ['batch_size', 'sequence_length']);
    builder.input('attention_mask', INT64, ['batch_size', 'total_sequence_length']);
    builder.output('logits', FLOAT, ['batch_size', 'sequence_length', this.config.vocab_size]);
    for (const layer of layers) {
      for (const kind of ['key', 'value']) {
        builder.input(`past_key_values.${layer}.${kind}`, FLOAT, cache('past_sequence_length'));
        builder.output(`present.${layer}.${kind}`, FLOAT, cache('total_sequence_length'));
      }
    }
  }

  /** What attention reads of the mask: the index of each sequence's last position, and the padded length. */
  private sequenceLengths(): string[] {
    const { builder } = this;
    const path = '/model/attn_mask_reformat/attn_mask_subgraph';
    const toInt32 = { to: { int: DataType.INT32 } };
    const sum = builder.node(
      'ReduceSum',
      `${path}/ReduceSum`,
      ['attention_mask', builder.int64([1])],
      { keepdims: { int: 0 } },
    );
    const last = builder.node('Sub', `${path}/Sub`, [sum, builder.int64([1])]);
    const shape = builder.node('Shape', `${path}/Shape`, ['attention_mask']);
    const total = builder.node('Gather', `${path}/Gather`, [shape, builder.int64(1)], {
      axis: { int: 0 },
    });
    return [
      builder.node('Cast', `${path}/Sub/Cast`, [last], toInt32),
      builder.node('Cast', `${path}/Gather/Cast`, [total], toInt32),
    ];
  }

  /** Token embeddings [B, S, D]: rows of a float32 table, or of a float16 one and a Cast. */
  private embed(): string {
    const { builder, config } = this;
    const dims = [config.vocab_size, config.hidden_size];
    const table = this.weights.table();
    const name = 'model.embed_tokens.weight';
    if (this.format === 'fp32') {
      builder.floats(name, dims, table);
      return builder.node('Gather', '/model/embed_tokens/Gather', [name, 'input_ids']);
    }
    builder.tensor(name, DataType.FLOAT16, dims, floatToHalf(table));
    const rows = builder.node('Gather', '/model/embed_tokens/Gather', [name, 'input_ids']);
    const toFloat = { to: { int: DataType.FLOAT } };
    return builder.node('Cast', '/model/embed_tokens/Cast', [rows], toFloat);
  }

  private norm(module: string, input: string): string {
    const { builder, config } = this;
    return builder.node(
      'SimplifiedLayerNormalization',
      `/${module.replaceAll('.', '/').replace('layers/', 'layers.')}/LayerNorm`,
      [input, this.gamma(module)],
      { axis: { int: -1 }, epsilon: { float: config.rms_norm_eps }, stash_type: { int: 1 } },
    );
  }

  /** The sum of a residual and what a block computed, and its norm. The bias input stays empty: WebGPU misreads it. */
  private skipNorm(module: string, residual: string, computed: string) {
    const { builder, config } = this;
    const path = `/${module.replaceAll('.', '/').replace('layers/', 'layers.')}`;
    const outputs = [`${path}/output_0`, '', '', `${path}/output_3`];
    const normed = builder.node(
      'SkipSimplifiedLayerNormalization',
      `${path}/SkipLayerNorm`,
      [residual, computed, this.gamma(module)],
      { epsilon: { float: config.rms_norm_eps } },
      { domain: microsoft, outputs },
    );
    return { normed, residual: `${path}/output_3` };
  }

  private gamma(module: string, size = this.config.hidden_size): string {
    return this.builder.floats(`${module}.weight`, [size], this.weights.gain(module, size));
  }

  private attention(layer: number, input: string, lengths: string[], rotary: string[]): string {
    const { builder } = this;
    const module = `model.layers.${layer}.self_attn`;
    const path = `/model/layers.${layer}/attn`;
    const [queryRows, keyRows] = [this.heads * this.headSize, this.keyValueHeads * this.headSize];
    const parts = { q_proj: queryRows, k_proj: keyRows, v_proj: keyRows };
    const packed = this.weights.packed(module, parts, this.config.hidden_size);
    const qkv = addLinear(builder, `${path}/qkv_proj`, input, packed, this.format);
    const attended = builder.node(
      'GroupQueryAttention',
      `${path}/GroupQueryAttention`,
      [
        ...this.queriesKeysValues(module, path, qkv, Object.values(parts)),
        `past_key_values.${layer}.key`,
        `past_key_values.${layer}.value`,
        ...lengths,
        ...rotary,
      ],
      {
        num_heads: { int: this.heads },
        kv_num_heads: { int: this.keyValueHeads },
        scale: { float: this.headSize ** -0.5 },
        do_rotary: { int: 1 },
        rotary_interleaved: { int: 0 },
      },
      {
        domain: microsoft,
        outputs: [
          `${path}/GroupQueryAttention/output_0`,
          `present.${layer}.key`,
          `present.${layer}.value`,
        ],
      },
    );
    const output = this.weights.linear(`${module}.o_proj`, this.config.hidden_size, queryRows);
    return addLinear(builder, `${path}/o_proj`, attended, output, this.format);
  }

  /** The first three inputs of attention: the packed product, or its parts where queries and keys have norms. */
  private queriesKeysValues(module: string, path: string, qkv: string, rows: number[]): string[] {
    const { builder } = this;
    if (!this.weights.has(`${module}.q_norm.weight`)) return [qkv, '', ''];
    const parts = ['q', 'k', 'v'].map((_, i) => `${path}/qkv_proj/Split/output_${i}`);
    builder.node(
      'Split',
      `${path}/qkv_proj/Split`,
      [qkv, builder.int64(rows)],
      { axis: { int: -1 } },
      { outputs: parts },
    );
    return parts.map((part, i) => {
      const label = ['q_norm', 'k_norm'][i];
      return label
        ? this.headNorm(`${module}.${label}`, `${path}/${label}`, part, rows[i] ?? 0)
        : part;
    });
  }

  /** RMS norm of each head: Reshape, norm, Reshape, which WebGPU fuses into attention by itself. */
  private headNorm(module: string, path: string, input: string, rows: number): string {
    const { builder, config, headSize } = this;
    const heads = builder.node('Reshape', `${path}/Reshape_1`, [
      input,
      builder.int64([0, -1, headSize]),
    ]);
    const normed = builder.node(
      'SimplifiedLayerNormalization',
      `${path}/SimplifiedLayerNormalization`,
      [heads, this.gamma(module, headSize)],
      { axis: { int: -1 }, epsilon: { float: config.rms_norm_eps }, stash_type: { int: 1 } },
    );
    return builder.node('Reshape', `${path}/Reshape_2`, [normed, builder.int64([0, -1, rows])]);
  }

  /** down(silu(gate(x)) * up(x)) */
  private mlp(layer: number, input: string): string {
    const { builder, config, format } = this;
    const module = `model.layers.${layer}.mlp`;
    const path = `/model/layers.${layer}/mlp`;
    const [inner, outer] = [config.intermediate_size, config.hidden_size];
    const widen = (name: string) =>
      addLinear(
        builder,
        `${path}/${name}`,
        input,
        this.weights.linear(`${module}.${name}`, inner, outer),
        format,
      );
    const gate = widen('gate_proj');
    const up = widen('up_proj');
    const sigmoid = builder.node('Sigmoid', `${path}/act_fn/Sigmoid`, [gate]);
    const silu = builder.node('Mul', `${path}/act_fn/Mul`, [gate, sigmoid]);
    const product = builder.node('Mul', `${path}/Mul`, [silu, up]);
    const down = this.weights.linear(`${module}.down_proj`, outer, inner);
    return addLinear(builder, `${path}/down_proj`, product, down, format);
  }

  private head(input: string): void {
    const { builder, config } = this;
    const weight = this.weights.head();
    const head = { outputs: config.vocab_size, inputs: config.hidden_size, weight };
    addLinear(builder, '/lm_head', input, head, this.format, 'logits');
  }
}
