// The weights of a Llama-family file by what the graph needs: tables, norms, linear layers, packed ones.
import type { LinearParameters } from './layers.ts';
import { requireFloat, type Safetensors } from './safetensors.ts';

/** The sizes of the two tables, and whether they are one. */
interface TableConfig {
  vocab_size: number;
  hidden_size: number;
  tie_word_embeddings?: boolean;
}

const tableName = 'model.embed_tokens.weight';
const headName = 'lm_head.weight';

/** Reads from one file. Everything throws OnnxError `missing-weight` or `bad-shape`. */
export class LlamaWeights {
  readonly #config: TableConfig;
  readonly #file: Safetensors;

  constructor(config: TableConfig, file: Safetensors) {
    this.#config = config;
    this.#file = file;
  }

  has(name: string): boolean {
    return this.#file.tensors.has(name);
  }

  /** The embedding table [V, D]. A tied file may hold it only under the name of the head. */
  table(): Float32Array {
    const onlyHead = this.#config.tie_word_embeddings && !this.has(tableName);
    return this.#matrix(onlyHead ? headName : tableName);
  }

  /** The LM head [V, D], which is the table when they are tied. */
  head(): Float32Array {
    return this.#config.tie_word_embeddings ? this.table() : this.#matrix(headName);
  }

  #matrix(name: string): Float32Array {
    return requireFloat(this.#file, name, [this.#config.vocab_size, this.#config.hidden_size]);
  }

  /** The gain of a norm, [size]. */
  gain(module: string, size: number): Float32Array {
    return requireFloat(this.#file, `${module}.weight`, [size]);
  }

  /** A linear layer; its bias is used when the file has one. */
  linear(module: string, outputs: number, inputs: number): LinearParameters {
    const bias = `${module}.bias`;
    return {
      outputs,
      inputs,
      weight: requireFloat(this.#file, `${module}.weight`, [outputs, inputs]),
      bias: this.has(bias) ? requireFloat(this.#file, bias, [outputs]) : undefined,
    };
  }

  /**
   * Several linear layers on the same input as one, their rows stacked.
   * @param parts output rows by the layers' names under `module`
   */
  packed(
    module: string,
    parts: Readonly<Record<string, number>>,
    inputs: number,
  ): LinearParameters {
    const layers = Object.entries(parts).map(([name, rows]) =>
      this.linear(`${module}.${name}`, rows, inputs),
    );
    const outputs = layers.reduce((sum, layer) => sum + layer.outputs, 0);
    const weight = new Float32Array(outputs * inputs);
    const bias = new Float32Array(outputs);
    let row = 0;
    for (const layer of layers) {
      weight.set(layer.weight, row * inputs);
      if (layer.bias) bias.set(layer.bias, row);
      row += layer.outputs;
    }
    const anyBias = layers.some((layer) => layer.bias);
    return { outputs, inputs, weight, bias: anyBias ? bias : undefined };
  }
}
