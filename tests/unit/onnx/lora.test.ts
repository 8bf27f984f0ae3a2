// LoRA branches on decoder graphs, against graphs with the adapter merged into their weights.
import { describe, expect, it } from 'vitest';
import {
  applyLora,
  buildLlama,
  floatSafetensor,
  readLoraAdapter,
  readWeights,
  toInputsEmbeds,
  writeSafetensors,
  type LlamaConfig,
  type ModelProto,
  type Safetensor,
  type Safetensors,
  type WeightFormat,
} from '../../../src/onnx/index.ts';
import {
  floats,
  hasExports,
  largestDifference,
  logitsOf,
  randomFloats,
  readExport,
  readGolden,
  readJson,
} from './support.ts';

const rank = 3;
const config = { peft_type: 'LORA', r: rank, lora_alpha: 6 };
const allModules = [
  'self_attn.q_proj',
  'self_attn.k_proj',
  'self_attn.v_proj',
  'self_attn.o_proj',
  'mlp.gate_proj',
  'mlp.up_proj',
  'mlp.down_proj',
];

/** A random adapter in PEFT's layout for `modules` of every layer in `weights`. */
function randomAdapter(shapes: ReadonlyMap<string, readonly number[]>, modules: readonly string[]) {
  const tensors = new Map<string, Safetensor>();
  for (const [name, [outputs = 0, inputs = 0]] of shapes) {
    if (!modules.some((module) => name.endsWith(`${module}.weight`))) continue;
    const base = `base_model.model.${name.replace(/\.weight$/, '')}`;
    const seed = tensors.size + 1;
    const a = randomFloats(rank * inputs, seed).map((x) => x * 0.3);
    const b = randomFloats(outputs * rank, -seed).map((x) => x * 0.3);
    tensors.set(`${base}.lora_A.weight`, floatSafetensor(a, [rank, inputs]));
    tensors.set(`${base}.lora_B.weight`, floatSafetensor(b, [outputs, rank]));
  }
  return { tensors, metadata: { format: 'pt' } };
}

/** W + (alpha / r) B A for every adapted weight. */
function merge(
  weights: ReadonlyMap<string, { dims: number[]; data: Float32Array }>,
  adapter: Safetensors,
) {
  const merged = new Map<string, Safetensor>();
  for (const [name, { dims, data }] of weights) {
    const base = `base_model.model.${name.replace(/\.weight$/, '')}`;
    const sum = data.slice();
    if (adapter.tensors.has(`${base}.lora_A.weight`)) {
      const [a, b] = [
        floats(adapter, `${base}.lora_A.weight`),
        floats(adapter, `${base}.lora_B.weight`),
      ];
      const inputs = dims[1] ?? 0;
      sum.forEach((value, at) => {
        const [row, column] = [Math.floor(at / inputs), at % inputs];
        let product = 0;
        for (let r = 0; r < rank; r++) {
          product += (b[row * rank + r] ?? 0) * (a[r * inputs + column] ?? 0);
        }
        sum[at] = value + (config.lora_alpha / rank) * product;
      });
    }
    merged.set(name, floatSafetensor(sum, dims));
  }
  return { tensors: merged, metadata: {} };
}

function shapesOf(weights: ReadonlyMap<string, { dims: number[] }>) {
  return new Map([...weights].map(([name, { dims }]) => [name, dims]));
}

/** Logits of an adapted graph, and of a float graph with the adapter merged into the weights of `model`. */
async function compare(
  model: ModelProto,
  llamaConfig: LlamaConfig,
  modules: readonly string[],
  ids: number[],
  external = new Map<string, Uint8Array>(),
) {
  const weights = readWeights(model, external);
  const adapter = randomAdapter(shapesOf(weights), modules);
  const adapted = applyLora(model, readLoraAdapter(config, writeSafetensors(adapter)));
  const untied = { ...llamaConfig, tie_word_embeddings: false };
  const reference = buildLlama(untied, merge(weights, adapter), 'fp32');
  return {
    actual: await logitsOf(adapted, ids, external),
    expected: await logitsOf(reference, ids),
    plain: await logitsOf(model, ids, external),
  };
}

describe.each(['llama', 'qwen2', 'qwen3'])('an adapter on a decoder built for %s', (name) => {
  const { weights, golden, config: readConfig } = readGolden(name);
  const llamaConfig = readConfig<LlamaConfig>();
  const ids = Array.from(floats(golden, 'input_ids'));

  it.each<[WeightFormat, string[], number]>([
    ['fp32', allModules, 1e-4],
    ['fp32', ['self_attn.q_proj', 'self_attn.v_proj'], 1e-4],
    ['fp32', ['self_attn.k_proj'], 1e-4],
    ['int8', allModules, 1e-3],
    ['int4', allModules, 1e-3],
  ])('computes in %s on %j what merged weights compute', async (format, modules, tolerance) => {
    const model = buildLlama(llamaConfig, weights, format);
    const { actual, expected, plain } = await compare(model, llamaConfig, modules, ids);
    expect(largestDifference(actual, expected)).toBeLessThan(tolerance);
    expect(largestDifference(actual, plain)).toBeGreaterThan(0.05);
  });
});

describe.skipIf(!hasExports)('an adapter on a decoder that another tool exported', () => {
  it.each([
    ['gen-genai-qwen2-fp32-cpu/model.onnx', 'gen-src-qwen2', 1e-4],
    ['gen-genai-qwen3-fp32-cpu/model.onnx', 'gen-src-qwen3', 1e-4],
    ['gen-optimum-story/model.onnx', 'tinystories-656k-safetensors', 1e-3],
    ['gen-optimum-story/model_q4.onnx', 'tinystories-656k-safetensors', 1e-3],
    ['gen-optimum-story/model_bnb4.onnx', 'tinystories-656k-safetensors', 1e-3],
    ['gen-optimum-story/model_q4f16.onnx', 'tinystories-656k-safetensors', 0.2],
  ])('%s computes what merged weights compute', async (path, source, tolerance) => {
    const { model, external } = readExport(path);
    const llamaConfig = readJson(`${source}/config.json`) as unknown as LlamaConfig;
    const ids = [1, 80, 147, 201, 33];
    const { actual, expected, plain } = await compare(
      model,
      llamaConfig,
      allModules,
      ids,
      new Map(external),
    );
    expect(largestDifference(actual, expected)).toBeLessThan(tolerance);
    expect(largestDifference(actual, plain)).toBeGreaterThan(2 * tolerance);
  });

  it('goes beside dynamically quantized projections too', async () => {
    const { model } = readExport('gen-optimum-story/model_uint8.onnx');
    const adapter = randomAdapter(shapesOf(readWeights(model)), ['mlp.down_proj']);
    const adapted = applyLora(model, readLoraAdapter(config, writeSafetensors(adapter)));
    const actual = await logitsOf(adapted, [1, 80]);
    expect(actual.every(Number.isFinite)).toBe(true);
    expect(largestDifference(actual, await logitsOf(model, [1, 80]))).toBeGreaterThan(0.05);
  });
});

describe('readLoraAdapter and applyLora', () => {
  const { weights, config: readConfig } = readGolden('llama');
  const llamaConfig = readConfig<LlamaConfig>();
  const model = buildLlama(llamaConfig, weights, 'fp32');
  const adapter = randomAdapter(shapesOf(readWeights(model)), allModules);
  const bytes = writeSafetensors(adapter);

  it('scales by alpha / r, or by alpha / sqrt(r) with rank-stabilised LoRA', () => {
    expect(readLoraAdapter(config, bytes).scale).toBe(2);
    expect(readLoraAdapter({ ...config, use_rslora: true }, bytes).scale).toBeCloseTo(
      6 / Math.sqrt(3),
    );
  });

  it('leaves the model that it was given unchanged, and can follow the rewriter', () => {
    const nodes = model.graph.node.length;
    const { model: rewritten } = toInputsEmbeds(model);
    const adapted = applyLora(rewritten, readLoraAdapter(config, bytes));
    expect(model.graph.node.length).toBe(nodes);
    // qkv, o, gate, up, down in two layers, three nodes each
    expect(adapted.graph.node.length).toBe(rewritten.graph.node.length + 2 * 5 * 3);
  });

  it('adds up when applied twice', async () => {
    const once = readLoraAdapter(config, bytes);
    const twice = applyLora(applyLora(model, once), once);
    const doubled = applyLora(model, { ...once, scale: 2 * once.scale });
    const difference = largestDifference(
      await logitsOf(twice, [3, 1, 4]),
      await logitsOf(doubled, [3, 1, 4]),
    );
    expect(difference).toBeLessThan(1e-4);
  });

  it.each([
    ['a rank that the tensors do not have', { r: 4, lora_alpha: 8 }, /says r = 4/],
    ['no rank', { lora_alpha: 8 }, /lacks "r"/],
    ['DoRA', { ...config, use_dora: true }, /"use_dora"/],
    ['ranks by module', { ...config, rank_pattern: { q_proj: 8 } }, /"rank_pattern"/],
  ])('a config with %s is refused', (_, broken, message) => {
    expect(() => readLoraAdapter(broken, bytes)).toThrow(message);
  });

  it('names a factor that lacks its other half, and a tensor that it does not know', () => {
    const half = new Map(adapter.tensors);
    const name = 'base_model.model.model.layers.1.mlp.up_proj.lora_B.weight';
    half.delete(name);
    const read = (tensors: Safetensors['tensors']) => () =>
      readLoraAdapter(config, writeSafetensors({ tensors, metadata: {} }));
    expect(read(half)).toThrow(`The adapter lacks "${name}".`);
    const other = floatSafetensor(new Float32Array(4), [2, 2]);
    expect(read(new Map([['transformer.h.0.attn.lora_A.weight', other]]))).toThrow(
      /transformer.h.0/,
    );
  });

  it('names the projection that the graph does not have, or has in another size', () => {
    const deeper = new Map(
      [...adapter.tensors].map(([name, tensor]) => [
        name.replace('layers.1.', 'layers.7.'),
        tensor,
      ]),
    );
    const read = (tensors: Safetensors['tensors']) =>
      readLoraAdapter(config, writeSafetensors({ tensors, metadata: {} }));
    expect(() => applyLora(model, read(deeper))).toThrow(/layers\.7\./);
    const swapped = new Map(adapter.tensors);
    const down = 'base_model.model.model.layers.0.mlp.down_proj';
    const up = 'base_model.model.model.layers.0.mlp.up_proj';
    for (const side of ['lora_A.weight', 'lora_B.weight']) {
      const tensor = adapter.tensors.get(`${up}.${side}`);
      if (tensor) swapped.set(`${down}.${side}`, tensor);
    }
    expect(() => applyLora(model, read(swapped))).toThrow(/down_proj maps 32 to 64/);
  });
});
