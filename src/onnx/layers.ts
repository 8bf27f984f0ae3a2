// Layers that both builders are made of: linear layers in float or in quantized blocks.
import { microsoft, type GraphBuilder } from './builder.ts';
import { transpose } from './constants.ts';
import { DataType } from './dataTypes.ts';
import { quantizeBlocks, type Bits } from './quantize.ts';

/** How a builder stores linear weights: float32, or MatMulNBits with symmetric blocks. */
export type WeightFormat = 'fp32' | 'int8' | 'int4';

const bitsOf: Readonly<Record<Exclude<WeightFormat, 'fp32'>, Bits>> = { int8: 8, int4: 4 };

/** A linear layer's parameters: `weight` [outputs, inputs] as PyTorch keeps it. */
export interface LinearParameters {
  outputs: number;
  inputs: number;
  weight: Float32Array;
  bias?: Float32Array | undefined;
}

/**
 * Adds `y = x Wᵀ + b`, named as onnxruntime-genai names it: nodes `/path/MatMul` and `/path/Add`.
 * @param path of the module, `/model/layers.0/attn/qkv_proj`
 * @param outputs the name of the result, where it has to have one
 */
export function addLinear(
  builder: GraphBuilder,
  path: string,
  input: string,
  { outputs, inputs, weight, bias }: LinearParameters,
  format: WeightFormat,
  result?: string,
): string {
  const module = path.slice(1).replaceAll('/', '.');
  const named = (isLast: boolean) => (result && isLast ? { outputs: [result] } : {});
  let product: string;
  if (format === 'fp32') {
    const columns = transpose({ dims: [outputs, inputs], data: weight });
    const stored = builder.floats(`${module}.MatMul.weight`, columns.dims, columns.data);
    product = builder.node('MatMul', `${path}/MatMul`, [input, stored], {}, named(!bias));
  } else {
    const bits = bitsOf[format];
    const { data, scales, blockSize } = quantizeBlocks(weight, outputs, inputs, {
      bits,
      symmetric: true,
    });
    const blocks = Math.ceil(inputs / blockSize);
    const name = `${module}.MatMul.weight`;
    const dims = [outputs, blocks, (blockSize * bits) / 8];
    product = builder.node(
      'MatMulNBits',
      `${path}/MatMul_Q${bits}`,
      [
        input,
        builder.tensor(`${name}_Q${bits}`, DataType.UINT8, dims, data),
        builder.floats(`${name}_scales`, [outputs, blocks], scales),
      ],
      {
        K: { int: inputs },
        N: { int: outputs },
        bits: { int: bits },
        block_size: { int: blockSize },
      },
      { domain: microsoft, ...named(!bias) },
    );
  }
  if (!bias) return product;
  const stored = builder.floats(`${module}.Add.bias`, [outputs], bias);
  return builder.node('Add', `${path}/Add`, [product, stored], {}, named(true));
}
