// The files around a twin's graphs: tokenizers and chat templates as transformers.js reads them, and the layout.
import { PreTrainedTokenizer } from '@xenova/transformers';
import { describe, expect, it } from 'vitest';
import { decodeModel, externalLocations } from '../../../src/onnx/index.ts';
import { presets, type PresetName } from '../../twins/presets.ts';
import { makeTwin } from '../../twins/twin.ts';

const names = Object.keys(presets) as PresetName[];

function json(files: Map<string, Uint8Array>, path: string): object {
  return Object(JSON.parse(new TextDecoder().decode(files.get(path)))) as object;
}

function tokenizerOf(name: PresetName): PreTrainedTokenizer {
  const files = makeTwin(name, 'tiny', []);
  return new PreTrainedTokenizer(
    json(files, 'tokenizer.json'),
    json(files, 'tokenizer_config.json'),
  );
}

describe.each(names)('the tokenizer of %s', (name) => {
  it('gives ids that the model has, and the text back', () => {
    const tokenizer = tokenizerOf(name);
    const text = 'how many apples has and the 12?';
    const ids = tokenizer.encode(text);
    expect(Math.max(...ids)).toBeLessThan(presets[name].sizes.tiny.vocab);
    expect(tokenizer.decode(ids, { skip_special_tokens: true }).replace(' ?', '?').trim()).toBe(
      text,
    );
  });
});

describe('the frame of special tokens', () => {
  it.each([
    ['labse', ['[CLS]', '[SEP]']],
    ['multilingual-e5-small', ['<s>', '</s>']],
    ['mt5-small', ['</s>']],
    ['smollm2-135m-instruct', []],
    ['qwen3-0.6b', []],
  ] as const)('of %s is that of its family', (name, frame) => {
    const tokenizer = tokenizerOf(name);
    expect(tokenizer.encode('').map((id) => tokenizer.decode([id]))).toEqual(frame);
  });
});

describe('the chat template', () => {
  const messages = [{ role: 'user', content: '2+3?' }];
  const options = { tokenize: false, add_generation_prompt: true } as const;
  const asked = '<|im_start|>user\n2+3?<|im_end|>\n<|im_start|>assistant\n';

  it.each([
    [
      'smollm2-135m-instruct',
      'You are a helpful AI assistant named SmolLM, trained by Hugging Face',
    ],
    [
      'qwen2.5-0.5b-instruct',
      'You are Qwen, created by Alibaba Cloud. You are a helpful assistant.',
    ],
    [
      'qwen2.5-math-1.5b-instruct',
      'Please reason step by step, and put your final answer within \\boxed{}.',
    ],
  ] as const)('of %s brings its own system message', (name, system) => {
    const text = tokenizerOf(name).apply_chat_template(messages, options);
    expect(text).toBe(`<|im_start|>system\n${system}<|im_end|>\n${asked}`);
  });

  it('of Qwen3 has none, and can leave the thinking out', () => {
    const tokenizer = tokenizerOf('qwen3-0.6b');
    expect(tokenizer.apply_chat_template(messages, options)).toBe(asked);
    const quick = { ...options, enable_thinking: false };
    expect(tokenizer.apply_chat_template(messages, quick)).toBe(`${asked}<think>\n\n</think>\n\n`);
  });
});

describe('a twin', () => {
  it('is the same bytes every time', () => {
    const [first, second] = [0, 1].map(() => makeTwin('qwen3-0.6b', 'tiny', ['q4f16']));
    expect(first).toEqual(second);
  });

  it('has its weights in two chunks where the hub has them so', () => {
    const files = makeTwin('qwen3-0.6b', 'tiny', ['fp32']);
    const model = decodeModel(files.get('onnx/model.onnx') ?? new Uint8Array(0));
    expect(externalLocations(model)).toEqual(['model.onnx_data', 'model.onnx_data_1']);
    expect(files.get('onnx/model.onnx_data_1')?.length).toBeGreaterThan(1e6);
    expect(json(files, 'config.json')).toMatchObject({
      'transformers.js_config': { use_external_data_format: { 'model.onnx': 2 } },
    });
  });

  it('of onnxruntime-genai lies at the root, beside its genai_config.json', () => {
    const files = makeTwin('qwen2.5-math-1.5b-instruct', 'tiny');
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['model.onnx', 'model.onnx.data', 'genai_config.json', 'config.json']),
    );
  });
});
