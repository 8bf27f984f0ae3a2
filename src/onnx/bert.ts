// Builds the graph of a BERT-family encoder (post-norm, learned positions, token types, exact GELU) from
// safetensors and config.json, with plain operators and, quantized, MatMulNBits: one file for WASM and WebGPU.
//
// inputs  input_ids, attention_mask, token_type_ids [B, S] int64
// output  last_hidden_state [B, S, D] float32
import { GraphBuilder } from './builder.ts';
import { checkConfig, type Requirement } from './config.ts';
import { DataType } from './dataTypes.ts';
import { addLinear } from './layers.ts';
import type { ModelWithGraph } from './model.ts';
import { quantizeRows } from './quantize.ts';
import { requireFloat, type Safetensors } from './safetensors.ts';

/** The fields of a Hugging Face config.json that shape the graph. */
export interface BertConfig {
  model_type: string;
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  vocab_size: number;
  type_vocab_size: number;
  max_position_embeddings: number;
  layer_norm_eps: number;
  hidden_act?: string;
  position_embedding_type?: string;
}

export type BertFormat = 'fp32' | 'int8';

const sizes = [
  'hidden_size',
  'intermediate_size',
  'num_hidden_layers',
  'num_attention_heads',
  'vocab_size',
  'type_vocab_size',
  'max_position_embeddings',
  'layer_norm_eps',
];
const requirements: Requirement[] = [
  { field: 'model_type', supported: ['bert'] },
  { field: 'hidden_act', supported: ['gelu'], absent: 'gelu' },
  { field: 'position_embedding_type', supported: ['absolute'], absent: 'absolute' },
];

/** Added to the scores of masked positions: exp of it is 0, and it cannot overflow a sum. */
const maskedScore = -1e9;

/**
 * Builds the encoder.
 * @param format `int8`: linear layers in 8-bit blocks, word embeddings in int8 with one scale a row
 * @throws OnnxError `bad-config`, `unsupported-architecture`, `missing-weight` or `bad-shape`
 */
export function buildBert(
  config: BertConfig,
  weights: Safetensors,
  format: BertFormat,
): ModelWithGraph {
  checkConfig(config, sizes, requirements);
  return new BertBuilder(config, weights, format).build();
}

class BertBuilder {
  private readonly builder = new GraphBuilder();
  private readonly config: BertConfig;
  private readonly weights: Safetensors;
  private readonly format: BertFormat;
  /** Files of a model with a head keep the encoder under `bert.`. */
  private readonly prefix: string;

  constructor(config: BertConfig, weights: Safetensors, format: BertFormat) {
    this.config = config;
    this.weights = weights;
    this.format = format;
    this.prefix = weights.tensors.has('bert.embeddings.word_embeddings.weight') ? 'bert.' : '';
  }

  build(): ModelWithGraph {
    const { builder, config } = this;
    for (const name of ['input_ids', 'attention_mask', 'token_type_ids']) {
      builder.input(name, DataType.INT64, ['batch_size', 'sequence_length']);
    }
    const dims = ['batch_size', 'sequence_length', config.hidden_size];
    builder.output('last_hidden_state', DataType.FLOAT, dims);
    const mask = this.maskScores();
    let hidden = this.embed();
    for (let layer = 0; layer < config.num_hidden_layers; layer++) {
      const isLast = layer === config.num_hidden_layers - 1;
      hidden = this.layer(layer, hidden, mask, isLast ? 'last_hidden_state' : undefined);
    }
    return builder.model('encoder');
  }

  /** What is added to attention scores: 0, or a large negative number where the mask is 0. [B, 1, 1, S] */
  private maskScores(): string {
    const { builder } = this;
    const toFloat = { to: { int: DataType.FLOAT } };
    const mask = builder.node('Cast', '/mask/Cast', ['attention_mask'], toFloat);
    const absent = builder.node('Sub', '/mask/Sub', [builder.scalar(1), mask]);
    const scores = builder.node('Mul', '/mask/Mul', [absent, builder.scalar(maskedScore)]);
    return builder.node('Unsqueeze', '/mask/Unsqueeze', [scores, builder.int64([1, 2])]);
  }

  private embed(): string {
    const { builder, config } = this;
    const words = this.wordEmbeddings();
    const types = builder.node('Gather', '/embeddings/token_type_embeddings/Gather', [
      this.table('embeddings.token_type_embeddings', config.type_vocab_size),
      'token_type_ids',
    ]);
    // Positions count from 0: the first S rows of the table.
    const shape = builder.node('Shape', '/embeddings/Shape', ['input_ids'], {
      start: { int: 1 },
      end: { int: 2 },
    });
    const positions = builder.node('Slice', '/embeddings/position_embeddings/Slice', [
      this.table('embeddings.position_embeddings', config.max_position_embeddings),
      builder.int64([0]),
      shape,
      builder.int64([0]),
    ]);
    const sum = builder.node('Add', '/embeddings/Add', [words, types]);
    const all = builder.node('Add', '/embeddings/Add_1', [sum, positions]);
    return this.layerNorm('embeddings.LayerNorm', all);
  }

  private table(module: string, rows: number): string {
    const dims = [rows, this.config.hidden_size];
    return this.builder.floats(`${module}.weight`, dims, this.tensor(`${module}.weight`, dims));
  }

  /** Rows of the table; of int8 rows, each times its scale. */
  private wordEmbeddings(): string {
    const { builder, config } = this;
    const module = 'embeddings.word_embeddings';
    const path = '/embeddings/word_embeddings';
    if (this.format === 'fp32') {
      const table = this.table(module, config.vocab_size);
      return builder.node('Gather', `${path}/Gather`, [table, 'input_ids']);
    }
    const dims = [config.vocab_size, config.hidden_size];
    const weight = this.tensor(`${module}.weight`, dims);
    const { data, scales } = quantizeRows(weight, config.vocab_size, config.hidden_size);
    const table = builder.tensor(`${module}.weight_Q8`, DataType.INT8, dims, data);
    const scaleTable = builder.floats(`${module}.weight_scales`, [config.vocab_size, 1], scales);
    const rows = builder.node('Gather', `${path}/Gather`, [table, 'input_ids']);
    const rowScales = builder.node('Gather', `${path}/Gather_scales`, [scaleTable, 'input_ids']);
    const toFloat = { to: { int: DataType.FLOAT } };
    const floats = builder.node('Cast', `${path}/Cast`, [rows], toFloat);
    return builder.node('Mul', `${path}/Mul`, [floats, rowScales]);
  }

  private layer(layer: number, input: string, mask: string, result: string | undefined): string {
    const { builder, config } = this;
    const module = `encoder.layer.${layer}`;
    const path = `/encoder/layer.${layer}`;
    const [width, inner] = [config.hidden_size, config.intermediate_size];
    const attended = this.attention(module, path, input, mask);
    const projected = this.linear(`${module}.attention.output.dense`, attended, width, width);
    const afterAttention = this.layerNorm(
      `${module}.attention.output.LayerNorm`,
      builder.node('Add', `${path}/attention/output/Add`, [projected, input]),
    );
    const wide = this.linear(`${module}.intermediate.dense`, afterAttention, inner, width);
    const activated = builder.node('Gelu', `${path}/intermediate/Gelu`, [wide]);
    const narrow = this.linear(`${module}.output.dense`, activated, width, inner);
    const sum = builder.node('Add', `${path}/output/Add`, [narrow, afterAttention]);
    return this.layerNorm(`${module}.output.LayerNorm`, sum, result);
  }

  /** softmax(q kᵀ / sqrt(head size) + mask) v, heads side by side. [B, S, D] */
  private attention(module: string, path: string, input: string, mask: string): string {
    const { builder, config } = this;
    const width = config.hidden_size;
    const headSize = width / config.num_attention_heads;
    const toHeads = builder.int64([0, 0, config.num_attention_heads, headSize]);
    const heads = (name: string, perm: readonly number[]) => {
      const part = `${path}/attention/self/${name}`;
      const projected = this.linear(`${module}.attention.self.${name}`, input, width, width);
      const split = builder.node('Reshape', `${part}/Reshape`, [projected, toHeads]);
      return builder.node('Transpose', `${part}/Transpose`, [split], { perm: { ints: perm } });
    };
    const self = `${path}/attention/self`;
    const query = heads('query', [0, 2, 1, 3]);
    const key = heads('key', [0, 2, 3, 1]);
    const value = heads('value', [0, 2, 1, 3]);
    const products = builder.node('MatMul', `${self}/MatMul`, [query, key]);
    const scaled = builder.node('Mul', `${self}/Mul`, [products, builder.scalar(headSize ** -0.5)]);
    const masked = builder.node('Add', `${self}/Add`, [scaled, mask]);
    const softmax = builder.node('Softmax', `${self}/Softmax`, [masked], { axis: { int: -1 } });
    const mixed = builder.node('MatMul', `${self}/MatMul_1`, [softmax, value]);
    const rows = builder.node('Transpose', `${self}/Transpose`, [mixed], {
      perm: { ints: [0, 2, 1, 3] },
    });
    return builder.node('Reshape', `${self}/Reshape`, [rows, builder.int64([0, 0, width])]);
  }

  private linear(module: string, input: string, outputs: number, inputs: number): string {
    const path = `/${module.replaceAll('.', '/').replace('layer/', 'layer.')}`;
    const weight = this.tensor(`${module}.weight`, [outputs, inputs]);
    const bias = this.tensor(`${module}.bias`, [outputs]);
    return addLinear(this.builder, path, input, { outputs, inputs, weight, bias }, this.format);
  }

  private layerNorm(module: string, input: string, result?: string): string {
    const { builder, config } = this;
    const size = [config.hidden_size];
    const path = `/${module.replaceAll('.', '/').replace('layer/', 'layer.')}`;
    return builder.node(
      'LayerNormalization',
      `${path}/LayerNormalization`,
      [
        input,
        builder.floats(`${module}.weight`, size, this.tensor(`${module}.weight`, size)),
        builder.floats(`${module}.bias`, size, this.tensor(`${module}.bias`, size)),
      ],
      { axis: { int: -1 }, epsilon: { float: config.layer_norm_eps } },
      result ? { outputs: [result] } : {},
    );
  }

  private tensor(name: string, shape: readonly number[]): Float32Array {
    return requireFloat(this.weights, this.prefix + name, shape);
  }
}
