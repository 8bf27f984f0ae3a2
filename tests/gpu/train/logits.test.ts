// The LLM in WGSL against ONNX Runtime on the same file: every model family, in every format that its weights
// have.
import { describe, expect, it } from 'vitest';
import { buildLlama, type LlamaConfig, type ModelProto } from '../../../src/onnx/index.ts';
import { llama } from '../../../src/train/llama.ts';
import { declareDecoder } from '../../../src/train/weights.ts';
import { clear } from '../../../src/wgsl/add.ts';
import { matmul } from '../../../src/wgsl/matmul.ts';
import { Plan } from '../../../src/wgsl/plan.ts';
import { Program } from '../../../src/wgsl/program.ts';
import { embed } from '../../../src/wgsl/rows.ts';
import { decode, largestDifference, load } from '../onnx.ts';
import { sharedGpu } from '../wgsl/support.ts';

/** Logits [T, V] of a whole text. */
async function logitsOf(model: ModelProto, config: LlamaConfig, ids: number[]) {
  const gpu = await sharedGpu();
  const plan = new Plan(gpu.profile);
  const rows = ids.length;
  const decoder = declareDecoder(plan, model, new Map(), config, rows);
  const tokens = plan.keep('ids', [rows], 'u32');
  const positionIds = plan.keep('positionIds', [rows], 'u32');
  const segments = plan.keep('segments', [rows], 'u32');
  const embeddings = plan.temporary('embeddings', [rows, config.hidden_size]);
  clear(plan, embeddings);
  embed(plan, { table: decoder.table, ids: tokens, out: embeddings });
  const batch = { rows, positions: rows, positionIds, segments };
  const { states } = llama(plan, decoder.llama, batch, embeddings, { checkpoint: false });
  const logits = plan.keep('logits', [rows, decoder.vocabSize]);
  matmul(plan, { layout: 'NT', a: states, b: decoder.head, out: logits });
  const program = await Program.compile(gpu, plan);
  for (const [tensor, data] of decoder.uploads) program.write(tensor, data);
  program.write(tokens, Uint32Array.from(ids));
  program.write(positionIds, Uint32Array.from(ids.keys()));
  program.write(segments, new Uint32Array(rows).fill(1));
  await program.run();
  const values = await program.read(logits);
  program.dispose();
  return values;
}

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe.each(['llama', 'qwen2', 'qwen3'])('the LLM in WGSL: %s', (name) => {
  it.each([
    ['fp32', 1e-4],
    ['int8', 1e-3],
    ['int4', 1e-3],
  ] as const)('computes the logits of ONNX Runtime in %s', async (format, tolerance) => {
    const fixture = await load<LlamaConfig>(name);
    const config = await fixture.config();
    const model = buildLlama(config, fixture.weights, format);
    const ids = Array.from(fixture.read('input_ids'));
    const expected = await decode(model, 'wasm', ids);
    const difference = largestDifference(await logitsOf(model, config, ids), expected);
    expect(difference / largest(expected)).toBeLessThan(tolerance);
  });
});
