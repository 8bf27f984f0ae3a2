// Decoders as onnxruntime-genai's model builder writes them, for the layouts that came from it: its own, and the newer
// repositories of transformers.js. Checked against real ones in digests/genai.json.
//
// Attention is one GroupQueryAttention with rotary embedding inside; norms are fused with the skip connections; q, k
// and v are one product. Quantized and tied, the LM head's blocks serve as the table too.
import { microsoft, type Attributes } from '../../src/onnx/builder.ts';
import { DataType } from '../../src/onnx/dataTypes.ts';
import { rotaryTables } from '../../src/onnx/rotary.ts';
import { floatWeight, type Draft } from './draft.ts';
import { genaiEnds, GenaiParts } from './genaiParts.ts';
import { joined, type Parameters } from './parameters.ts';
import type { GraphNumbers } from './recording.ts';
import type { Sizes } from './sizes.ts';

export type GenaiFamily = 'llama' | 'qwen2' | 'qwen3';
/** `f16`: half precision inside and at the inputs and outputs; `q4`: linear weights in blocks of 4 bits. */
export type GenaiFormat = 'fp32' | 'fp16' | 'q4' | 'q4f16';

export interface GenaiModel {
  family: GenaiFamily;
  sizes: Sizes;
  numbers: GraphNumbers;
  parameters: Parameters;
  format: GenaiFormat;
  /** Whether the LM head is the table of the embeddings. */
  tied: boolean;
}

/** What tells the families apart. */
const traits: Readonly<
  Record<GenaiFamily, { hasBias: boolean; hasNorms: boolean; attention: Attributes }>
> = {
  llama: { hasBias: false, hasNorms: false, attention: { local_window_size: { int: -1 } } },
  qwen2: { hasBias: true, hasNorms: false, attention: {} },
  qwen3: { hasBias: false, hasNorms: true, attention: {} },
};

export function genaiDraft(model: GenaiModel): Draft {
  return new GenaiGraph(model).build();
}

class GenaiGraph {
  readonly #model: GenaiModel;
  readonly #parts: GenaiParts;
  readonly #keyValueHeads: number;

  constructor(model: GenaiModel) {
    this.#model = model;
    this.#keyValueHeads = model.sizes.keyValueHeads ?? model.sizes.heads;
    const { format } = model;
    const type = format === 'fp16' || format === 'q4f16' ? DataType.FLOAT16 : DataType.FLOAT;
    this.#parts = new GenaiParts(type, format.startsWith('q4'));
  }

  build(): Draft {
    const { layers } = this.#model.sizes;
    const lengths = this.#lengths();
    this.#rotary();
    let residual = this.#embed();
    const first = 'model.layers.0.input_layernorm';
    let normed = `/model/layers.0/input_layernorm/output_0`;
    this.#parts.node(
      'SimplifiedLayerNormalization',
      '/model/layers.0/input_layernorm/LayerNorm',
      [residual, this.#gain(first)],
      {
        outputs: [normed],
        attributes: { epsilon: this.#epsilon(), axis: { int: -1 }, stash_type: { int: 1 } },
      },
    );
    for (let layer = 0; layer < layers; layer++) {
      const path = `/model/layers.${layer}`;
      const attended = this.#attention(layer, normed, lengths);
      ({ residual, normed } = this.#skipNorm(
        `${path}/post_attention_layernorm`,
        residual,
        attended,
      ));
      const computed = this.#mlp(layer, normed);
      const isLast = layer === layers - 1;
      const next = `/model/layers.${layer + 1}/${isLast ? 'final_norm' : 'input'}_layernorm`;
      ({ residual, normed } = this.#skipNorm(next, residual, computed, isLast));
    }
    this.#head(normed);
    return {
      producer: 'onnxruntime-genai',
      irVersion: 10,
      opset: 21,
      usesMicrosoft: true,
      nodes: this.#parts.nodes,
      weights: this.#parts.weights,
      ...genaiEnds(this.#model.sizes, this.#parts.type),
    };
  }

  /** The index of each row's last token, and the padded length, as attention wants them. */
  #lengths(): string[] {
    const path = '/model/attn_mask_reformat/attn_mask_subgraph';
    const toInt32 = { attributes: { to: { int: DataType.INT32 } } };
    const one = this.#parts.int64([1]);
    const sum = this.#parts.node('ReduceSum', `${path}/ReduceSum`, ['attention_mask', one], {
      attributes: { keepdims: { int: 0 } },
    });
    const last = this.#parts.node('Sub', `${path}/Sub`, [sum, one]);
    const lastIndex = this.#parts.node('Cast', `${path}/Sub/Cast`, [last], toInt32);
    const shape = this.#parts.node('Shape', `${path}/Shape`, ['attention_mask']);
    const total = this.#parts.node('Gather', `${path}/Gather`, [shape, this.#parts.int64(1)], {
      attributes: { axis: { int: 0 } },
    });
    return [lastIndex, this.#parts.node('Cast', `${path}/Gather/Cast`, [total], toInt32)];
  }

  #rotary(): void {
    const { positions, headSize } = this.#model.sizes;
    const tables = () =>
      rotaryTables({ rope_theta: this.#model.numbers.ropeTheta }, headSize, positions);
    const dims = [positions, headSize / 2];
    this.#parts.add(floatWeight('cos_cache', dims, () => tables().cos));
    this.#parts.add(floatWeight('sin_cache', dims, () => tables().sin));
  }

  #table = (): Float32Array => {
    const { vocab, hidden } = this.#model.sizes;
    return this.#model.parameters.values('model.embed_tokens.weight', [vocab, hidden]);
  };

  #embed(): string {
    const { format, tied, sizes } = this.#model;
    const { vocab, hidden } = sizes;
    const path = '/model/embed_tokens';
    const head = 'lm_head.MatMul.weight';
    if (!tied) {
      const table = this.#parts.add(
        floatWeight('model.embed_tokens.weight', [vocab, hidden], this.#table),
      );
      return this.#parts.node('Gather', `${path}/Gather`, [table, 'input_ids']);
    }
    if (!format.startsWith('q4')) {
      const rows = this.#parts.node('Transpose', `${path}/Transpose`, [head], {
        attributes: { perm: { ints: [1, 0] } },
      });
      return this.#parts.node('Gather', `${path}/Gather`, [rows, 'input_ids']);
    }
    const flat = this.#parts.int64([vocab, hidden / 2]);
    const rows = this.#parts.node('Reshape', `${path}/Reshape`, [`${head}_Q4`, flat]);
    return this.#parts.node(
      'GatherBlockQuantized',
      `${path}/GatherBlockQuantized`,
      [rows, 'input_ids', `${head}_scales`],
      {
        domain: microsoft,
        attributes: {
          bits: { int: 4 },
          block_size: { int: 32 },
          gather_axis: { int: 0 },
          quantize_axis: { int: 1 },
        },
      },
    );
  }

  #head(normed: string): void {
    const { tied, parameters, sizes } = this.#model;
    const dims = [sizes.vocab, sizes.hidden] as const;
    const matrix = tied ? this.#table : () => parameters.values('lm_head.weight', dims);
    this.#parts.product('/lm_head', normed, ...dims, matrix, 'logits');
  }

  #attention(layer: number, input: string, lengths: string[]): string {
    const { family, sizes, parameters } = this.#model;
    const { hidden, headSize, heads } = sizes;
    const [queryWidth, width] = [heads * headSize, this.#keyValueHeads * headSize];
    const path = `/model/layers.${layer}/attn`;
    const module = `model.layers.${layer}.self_attn`;
    const parts = [
      ['q', queryWidth],
      ['k', width],
      ['v', width],
    ] as const;
    const rows = queryWidth + 2 * width;
    const packed = (parameter: string, inner: number[]) => () =>
      joined(
        parts.map(([part, size]) =>
          parameters.values(`${module}.${part}_proj.${parameter}`, [size, ...inner]),
        ),
      );
    let states = [
      this.#parts.product(`${path}/qkv_proj`, input, rows, hidden, packed('weight', [hidden])),
      '',
      '',
    ];
    if (traits[family].hasBias) {
      const name = `model.layers.${layer}.attn.qkv_proj.Add.bias`;
      const bias = this.#parts.add(floatWeight(name, [rows], packed('bias', [])));
      states = [this.#parts.node('Add', `${path}/qkv_proj/Add`, [states[0] ?? '', bias]), '', ''];
    }
    if (traits[family].hasNorms)
      states = this.#normedHeads(layer, states[0] ?? '', [queryWidth, width, width]);
    const present = ['key', 'value'].map((kind) => `present.${layer}.${kind}`);
    const past = ['key', 'value'].map((kind) => `past_key_values.${layer}.${kind}`);
    const attended = this.#parts.node(
      'GroupQueryAttention',
      `${path}/GroupQueryAttention`,
      [...states, ...past, ...lengths, 'cos_cache', 'sin_cache', '', '', ''],
      {
        domain: microsoft,
        outputs: [`${path}/GroupQueryAttention/output_0`, ...present],
        attributes: {
          num_heads: { int: heads },
          kv_num_heads: { int: this.#keyValueHeads },
          scale: { float: headSize ** -0.5 },
          softcap: { float: 0 },
          do_rotary: { int: 1 },
          rotary_interleaved: { int: 0 },
          ...traits[family].attention,
        },
      },
    );
    const output = () => parameters.values(`${module}.o_proj.weight`, [hidden, queryWidth]);
    return this.#parts.product(`${path}/o_proj`, attended, hidden, queryWidth, output);
  }

  /** Qwen3: queries and keys, each head normalised, and values. */
  #normedHeads(layer: number, packed: string, widths: number[]): string[] {
    const { headSize } = this.#model.sizes;
    const path = `/model/layers.${layer}/attn`;
    const outputs = [0, 1, 2].map((part) => `${path}/qkv_proj/Split/output_${part}`);
    this.#parts.node('Split', `${path}/qkv_proj/Split`, [packed, this.#parts.int64(widths)], {
      outputs,
      attributes: { axis: { int: -1 } },
    });
    const normed = ['q', 'k'].map((part, index) => {
      const own = `${path}/${part}_norm`;
      const gainName = `model.layers.${layer}.attn.${part}_norm.layernorm.weight`;
      const source = `model.layers.${layer}.self_attn.${part}_norm.weight`;
      const gain = this.#parts.add(
        floatWeight(gainName, [headSize], () => this.#model.parameters.values(source, [headSize])),
      );
      const heads = this.#parts.node('Reshape', `${own}/Reshape_1`, [
        outputs[index] ?? '',
        this.#parts.int64([0, -1, headSize]),
      ]);
      const norm = this.#parts.node(
        'SimplifiedLayerNormalization',
        `${own}/SimplifiedLayerNormalization`,
        [heads, gain],
        {
          attributes: { epsilon: this.#epsilon(), axis: { int: -1 }, stash_type: { int: 1 } },
        },
      );
      return this.#parts.node('Reshape', `${own}/Reshape_2`, [
        norm,
        this.#parts.int64([0, -1, widths[index] ?? 0]),
      ]);
    });
    return [...normed, outputs[2] ?? ''];
  }

  #mlp(layer: number, input: string): string {
    const { sizes, parameters } = this.#model;
    const { hidden, inner } = sizes;
    const path = `/model/layers.${layer}/mlp`;
    const product = (name: string, from: string, outputs: number, inputs: number) =>
      this.#parts.product(`${path}/${name}`, from, outputs, inputs, () =>
        parameters.values(`model.layers.${layer}.mlp.${name}.weight`, [outputs, inputs]),
      );
    const gate = product('gate_proj', input, inner, hidden);
    const up = product('up_proj', input, inner, hidden);
    const sigmoid = this.#parts.node('Sigmoid', `${path}/act_fn/Sigmoid`, [gate]);
    const activated = this.#parts.node('Mul', `${path}/act_fn/Mul`, [gate, sigmoid]);
    const gated = this.#parts.node('Mul', `${path}/Mul`, [activated, up]);
    return product('down_proj', gated, hidden, inner);
  }

  /** The sum of the residual and what a block computed, and its norm. The last sum is not put out. */
  #skipNorm(path: string, residual: string, computed: string, isLast = false) {
    const module = path.slice(1).replaceAll('/', '.');
    const [normed, sum] = [`${path}/output_0`, `${path}/output_3`];
    this.#parts.node(
      'SkipSimplifiedLayerNormalization',
      `${path}/SkipLayerNorm`,
      [residual, computed, this.#gain(module)],
      {
        domain: microsoft,
        outputs: isLast ? [normed] : [normed, '', '', sum],
        attributes: { epsilon: this.#epsilon() },
      },
    );
    return { normed, residual: sum };
  }

  #gain(module: string): string {
    const { parameters, sizes } = this.#model;
    const source = module.includes('final_norm') ? 'model.norm' : module;
    const dims = [sizes.hidden];
    return this.#parts.add(
      floatWeight(`${module}.weight`, dims, () => parameters.values(`${source}.weight`, dims)),
    );
  }

  #epsilon() {
    return { float: this.#model.numbers.normEpsilon };
  }
}
