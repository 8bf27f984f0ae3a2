// The small JSON files of a twin's repository.
import type { Preset } from './presets.ts';
import type { Sizes } from './sizes.ts';

type Special = Readonly<Record<string, number>>;

const architectures = {
  bert: 'BertModel',
  'xlm-roberta': 'XLMRobertaModel',
  mt5: 'MT5EncoderModel',
  llama: 'LlamaForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
} as const;

/** config.json, without what transformers.js adds to it. */
export function modelConfig(
  preset: Preset,
  sizes: Sizes,
  special: Special,
): Record<string, unknown> {
  const { family } = preset;
  const common = {
    architectures: [architectures[family]],
    model_type: family,
    vocab_size: sizes.vocab,
    transformers_version: '4.57.6',
  };
  if (family === 'mt5') return { ...common, ...t5Config(preset, sizes, special) };
  const shared = {
    ...common,
    hidden_size: sizes.hidden,
    intermediate_size: sizes.inner,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    max_position_embeddings: sizes.positions,
  };
  return {
    ...shared,
    ...(sizes.keyValueHeads ? decoderConfig(preset, sizes, special) : bertConfig(preset, special)),
  };
}

function bertConfig({ numbers, segments, family }: Preset, special: Special) {
  return {
    hidden_act: 'gelu',
    layer_norm_eps: numbers.normEpsilon,
    type_vocab_size: segments,
    position_embedding_type: 'absolute',
    pad_token_id: special['<pad>'] ?? special['[PAD]'],
    ...(family === 'xlm-roberta' && {
      bos_token_id: special['<s>'],
      eos_token_id: special['</s>'],
    }),
  };
}

function t5Config({ numbers }: Preset, sizes: Sizes, special: Special) {
  return {
    d_model: sizes.hidden,
    d_ff: sizes.inner,
    d_kv: sizes.headSize,
    num_heads: sizes.heads,
    num_layers: sizes.layers,
    feed_forward_proj: 'gated-gelu',
    is_gated_act: true,
    dense_act_fn: 'gelu_new',
    relative_attention_num_buckets: 32,
    relative_attention_max_distance: 128,
    layer_norm_epsilon: numbers.normEpsilon,
    is_encoder_decoder: true,
    pad_token_id: special['<pad>'],
    eos_token_id: special['</s>'],
    tokenizer_class: 'T5Tokenizer',
  };
}

function decoderConfig({ family, numbers }: Preset, sizes: Sizes, special: Special) {
  return {
    num_key_value_heads: sizes.keyValueHeads,
    hidden_act: 'silu',
    rms_norm_eps: numbers.normEpsilon,
    rope_theta: numbers.ropeTheta,
    rope_scaling: null,
    tie_word_embeddings: true,
    attention_dropout: 0,
    use_cache: true,
    bos_token_id: special[family === 'llama' ? '<|im_start|>' : '<|endoftext|>'],
    eos_token_id: special['<|im_end|>'],
    ...(family === 'llama' ? {} : { use_sliding_window: false, sliding_window: null }),
    // Published Qwen2 and SmolLM2 configs leave it out: hidden size over heads.
    ...(sizes.headSize * sizes.heads === sizes.hidden ? {} : { head_dim: sizes.headSize }),
  };
}

/** generation_config.json of a decoder. */
export function generationConfig({ family }: Preset, special: Special): Record<string, unknown> {
  const end = special['<|im_end|>'];
  if (family === 'llama') {
    return { bos_token_id: special['<|im_start|>'], eos_token_id: end, pad_token_id: end };
  }
  const pad = special['<|endoftext|>'];
  return { bos_token_id: pad, pad_token_id: pad, do_sample: true, eos_token_id: [end, pad] };
}

/** genai_config.json beside a model of onnxruntime-genai's builder. */
export function genaiConfig(
  { family }: Preset,
  sizes: Sizes,
  special: Special,
): Record<string, unknown> {
  return {
    model: {
      bos_token_id: special['<|endoftext|>'],
      context_length: sizes.positions,
      decoder: {
        session_options: { log_id: 'onnxruntime-genai', provider_options: [] },
        filename: 'model.onnx',
        head_size: sizes.headSize,
        hidden_size: sizes.hidden,
        inputs: {
          input_ids: 'input_ids',
          attention_mask: 'attention_mask',
          past_key_names: 'past_key_values.%d.key',
          past_value_names: 'past_key_values.%d.value',
        },
        outputs: {
          logits: 'logits',
          present_key_names: 'present.%d.key',
          present_value_names: 'present.%d.value',
        },
        num_attention_heads: sizes.heads,
        num_hidden_layers: sizes.layers,
        num_key_value_heads: sizes.keyValueHeads,
      },
      eos_token_id: special['<|im_end|>'],
      pad_token_id: special['<|endoftext|>'],
      type: family,
      vocab_size: sizes.vocab,
    },
    search: { do_sample: false, max_length: sizes.positions, temperature: 1, top_k: 50, top_p: 1 },
  };
}
