// The LLM of the training engine alone: the logits of a text, computed in WGSL from an ONNX file.
import { llama } from '../../../src/train/llama.ts';
import type { TrainerOptions } from '../../../src/train/trainer.ts';
import { declareDecoder } from '../../../src/train/weights.ts';
import { clear } from '../../../src/wgsl/add.ts';
import { matmul } from '../../../src/wgsl/matmul.ts';
import { Plan } from '../../../src/wgsl/plan.ts';
import { Program } from '../../../src/wgsl/program.ts';
import { embed } from '../../../src/wgsl/rows.ts';
import { sharedGpu } from '../wgsl/support.ts';

/** Logits [T, V] of a whole text. */
export async function logitsOf(
  { model, external, config }: Omit<TrainerOptions['decoder'], 'bosId'>,
  ids: readonly number[],
): Promise<Float32Array> {
  const gpu = await sharedGpu();
  const plan = new Plan(gpu.profile);
  const rows = ids.length;
  const decoder = declareDecoder(plan, model, external, config, rows);
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
