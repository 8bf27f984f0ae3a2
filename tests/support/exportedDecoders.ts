// The Llama-family decoders among the exports of other tools (shared/fixtures, which lies beside the repository where it
// is present), as training gets them. Knows paths only, so that Node and browsers can read the files in their own ways.
import {
  decodeModel,
  externalLocations,
  readSafetensors,
  safetensorToFloat,
  withTokenTable,
  type LlamaConfig,
} from '../../src/onnx/index.ts';
import { GraphBuilder } from '../../src/onnx/builder.ts';
import { DataType } from '../../src/onnx/dataTypes.ts';
import type { ModelWithGraph } from '../../src/onnx/model.ts';
import type { TrainerOptions } from '../../src/train/trainer.ts';

/** The folder of the network that an export was made from, by a part of its path. */
const sources = {
  story: 'tinystories-656k-safetensors',
  qwen2: 'gen-src-qwen2',
  qwen3: 'gen-src-qwen3',
};

/** Every one that holds together; `gen-genai-story-int8-cpu` lacks an initializer. */
export const exportedDecoders: readonly string[] = [
  ...[
    ...['story-fp32-cpu', 'story-fp32-cpu-embeds', 'story-fp16-webgpu-embeds'],
    ...['story-int4-cpu-asym-embeds', 'story-int4-cpu-untied', 'story-int4-webgpu'],
    ...['story-int4-rtn-webgpu', 'story-int4-kquant-webgpu'],
    ...['qwen2-fp32-cpu', 'qwen2-int4-webgpu', 'qwen3-fp32-cpu', 'qwen3-int4-webgpu'],
  ].map((name) => `gen-genai-${name}/model.onnx`),
  ...['', '_fp16', '_q4', '_q4f16', '_bnb4', '_quantized', '_uint8'].map(
    (suffix) => `gen-optimum-story/model${suffix}.onnx`,
  ),
];

function sourceOf(path: string): string {
  const [, folder] = Object.entries(sources).find(([part]) => path.includes(part)) ?? [];
  if (folder === undefined) throw new Error(`${path} is of no known source`);
  return folder;
}

/** Gives the bytes of a file by its path below the folder of exports. */
export type ReadFixture = (path: string) => Promise<Uint8Array>;

/**
 * An exported decoder as a trainer takes it. One that takes embeddings is joined with a model of its table, as a
 * repository has it beside the decoder (`embed_tokens.onnx`): of the exports none has, so it is made of the source's weights.
 */
export async function trainableExport(
  path: string,
  read: ReadFixture,
): Promise<TrainerOptions['decoder']> {
  const folder = path.slice(0, path.indexOf('/') + 1);
  const source = sourceOf(path);
  const config = JSON.parse(
    new TextDecoder().decode(await read(`${source}/config.json`)),
  ) as LlamaConfig;
  const graph = decodeModel(await read(path));
  const external = await Promise.all(
    externalLocations(graph).map(async (name) => [name, await read(folder + name)] as const),
  );
  const model = path.includes('-embeds/')
    ? withTokenTable(graph, await tableModel(await read(`${source}/model.safetensors`), config))
    : graph;
  return { model, external: new Map(external), config, bosId: 1 };
}

/** `input_ids` to the rows of the table [V, D] in the safetensors of a tied decoder, which are under the head's name. */
function tableModel(weights: Uint8Array, config: LlamaConfig): ModelWithGraph {
  const name = 'lm_head.weight';
  const tensor = readSafetensors(weights).tensors.get(name);
  if (!tensor) throw new Error(`no tensor ${name}`);
  const width = config.hidden_size;
  const builder = new GraphBuilder();
  builder.input('input_ids', DataType.INT64, ['batch_size', 'sequence_length']);
  const values = safetensorToFloat(tensor, name);
  const table = builder.floats('weight', [config.vocab_size, width], values);
  const outputs = ['inputs_embeds'];
  builder.node('Gather', '/embed_tokens/Gather', [table, 'input_ids'], {}, { outputs });
  builder.output('inputs_embeds', DataType.FLOAT, ['batch_size', 'sequence_length', width]);
  return builder.model('embed_tokens');
}
