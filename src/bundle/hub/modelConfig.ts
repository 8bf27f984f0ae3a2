// What config.json says of a model that is asked before anything is opened: which part it can play, and its sizes.
import * as v from 'valibot';
import { LinguaLiftError } from '../errors.ts';
import type { ModelKind } from './dtypes.ts';
import type { ModelShape } from './presets.ts';

/** `model_type` of the families that the page knows. Others may be tried: opening them says whether it works. */
const kinds: ReadonlyMap<string, ModelKind> = new Map([
  ...['bert', 'xlm-roberta', 'roberta', 'distilbert', 't5', 'mt5', 'umt5'].map(
    (type) => [type, 'encoder'] as const,
  ),
  ...['llama', 'qwen2', 'qwen3', 'mistral'].map((type) => [type, 'llm'] as const),
]);

/** Of T5's kind of encoder, which knows distances and no positions: what it was trained on. */
const defaultPositions = 512;

/** RoBERTa's positions begin behind the one of the padding token. */
const unusedPositions: ReadonlyMap<string, number> = new Map([
  ['xlm-roberta', 2],
  ['roberta', 2],
]);

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const configSchema = v.object({
  model_type: v.optional(v.string(), ''),
  vocab_size: count,
  hidden_size: v.optional(count),
  d_model: v.optional(count),
  num_hidden_layers: v.optional(count),
  num_layers: v.optional(count),
  num_attention_heads: v.optional(count),
  num_key_value_heads: v.optional(count),
  head_dim: v.nullish(count),
  max_position_embeddings: v.optional(count),
});

export interface ModelConfig {
  kind: ModelKind | null;
  shape: ModelShape;
}

/**
 * Reads a parsed config.json.
 * @param model whose it is, for the error
 * @throws LinguaLiftError `model-unsupported` when it lacks sizes
 */
export function readModelConfig(json: unknown, model: string): ModelConfig {
  const result = v.safeParse(configSchema, json);
  if (!result.success) {
    throw unsupported(model, `${v.getDotPath(result.issues[0]) ?? ''} ${result.issues[0].message}`);
  }
  const config = result.output;
  const hidden = config.hidden_size ?? config.d_model;
  if (hidden === undefined) throw unsupported(model, 'neither hidden_size nor d_model');
  const kind = kinds.get(config.model_type) ?? null;
  const heads = config.num_attention_heads ?? 1;
  const headSize = config.head_dim ?? hidden / heads;
  const unused = unusedPositions.get(config.model_type) ?? 0;
  return {
    kind,
    shape: {
      vocab: config.vocab_size,
      hidden,
      layers: config.num_hidden_layers ?? config.num_layers ?? 1,
      keyWidth: kind === 'encoder' ? 0 : (config.num_key_value_heads ?? heads) * headSize,
      positions: (config.max_position_embeddings ?? defaultPositions + unused) - unused,
    },
  };
}

function unsupported(model: string, details: string): LinguaLiftError {
  return new LinguaLiftError(
    'model-unsupported',
    `The config.json of ${model} does not describe a language model that this page knows. Choose an encoder such as LaBSE, or an LLM of the Llama or Qwen family.`,
    details,
  );
}
