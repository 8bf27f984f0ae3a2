// What fits which device, and which format is picked there.
import { describe, expect, it } from 'vitest';
import { dtypeOrder } from '../../../../src/bundle/hub/dtypes.ts';
import { modelFilesOf, weightPathsOf } from '../../../../src/bundle/hub/layouts.ts';
import { readModelConfig } from '../../../../src/bundle/hub/modelConfig.ts';
import { presets } from '../../../../src/bundle/hub/presets.ts';
import { judge, needsOf, recommend, type ModelDevice } from '../../../../src/bundle/hub/verdict.ts';
import { modelConfig } from '../../../twins/configs.ts';
import { presets as twins } from '../../../twins/presets.ts';

const phone: ModelDevice = {
  provider: 'webgpu',
  f16: true,
  maxTensorBytes: 128 * 2 ** 20,
  maxBytes: Infinity,
};
const laptop: ModelDevice = { ...phone, f16: false, maxTensorBytes: 1e9 };
const wasm: ModelDevice = {
  provider: 'wasm',
  f16: false,
  maxTensorBytes: 2 ** 32,
  maxBytes: 2 ** 32,
};

function presetOf(id: string) {
  const preset = presets.find((each) => each.id === id);
  if (!preset) throw new Error(id);
  return preset;
}

function judgePreset(
  id: string,
  dtype: 'fp32' | 'fp16' | 'q4' | 'q4f16' | 'q8',
  device: ModelDevice,
) {
  const { kind, shape, megabytes } = presetOf(id);
  return judge({ kind, dtype, shape, weightBytes: (megabytes[dtype] ?? 0) * 1e6 }, device);
}

describe('a verdict', () => {
  it('names the buffer that is too large, and what the adapter allows', () => {
    // 501153 rows of 768 values of 4 bytes.
    expect(judgePreset('labse', 'fp32', laptop)).toMatchObject({
      fit: 'too-large',
      reason: 'needs 1.5 GB in one buffer, this adapter allows 1 GB',
    });
  });

  it('names what WebAssembly can address', () => {
    expect(judgePreset('qwen2.5-math-1.5b-instruct', 'fp32', wasm)).toMatchObject({
      fit: 'too-large',
      reason: 'needs 6.4 GB, WebAssembly can address 4.3 GB',
    });
  });

  it.each([
    ['q4f16', laptop, 'computes in 16 bits, which this adapter cannot'],
    ['q8', laptop, 'its layers have no WebGPU kernel and would run on the processor'],
  ] as const)('refuses %s where it does not run', (dtype, device, reason) => {
    expect(judgePreset('qwen2.5-0.5b-instruct', dtype, device)).toMatchObject({
      fit: 'unsupported',
      reason,
    });
  });

  it('adds keys, values and scores to the weights', () => {
    const { shape } = presetOf('smollm2-135m-instruct');
    const model = { kind: 'llm', dtype: 'q4', weightBytes: 200e6, shape } as const;
    // 2 * 30 layers * 192 * 1024 positions * 4 bytes; 49152 * 256 * 4 bytes of scores
    expect(needsOf(model).bytes).toBe(200e6 + 47_185_920 + 50_331_648);
  });

  it('recommends what fits before what hardly fits', () => {
    const offer = (fit: 'tight' | 'fits') => ({
      dtype: 'q4' as const,
      verdict: { fit, reason: '', needBytes: 0 },
    });
    const [tight, fits] = [offer('tight'), offer('fits')];
    expect(recommend([tight, fits])).toBe(fits);
    expect(recommend([tight])).toBe(tight);
    expect(recommend([])).toBeNull();
  });
});

describe('the order of formats', () => {
  it.each([
    ['webgpu', true, 'q4f16'],
    ['webgpu', false, 'q4'],
    ['wasm', false, 'q4'],
  ] as const)('begins for an LLM on %s with f16 %s with %s', (provider, f16, first) => {
    expect(dtypeOrder('llm', { provider, f16 })[0]).toBe(first);
  });

  it('holds no 8-bit layers for WebGPU, and no 16-bit values without shader-f16', () => {
    expect(dtypeOrder('encoder', phone)).not.toContain('q8');
    expect(dtypeOrder('llm', laptop)).toEqual(['q4', 'fp32']);
  });
});

describe('presets', () => {
  it.each(presets.map((preset) => [preset.id, preset] as const))(
    '%s has the sizes of the config that its twin has',
    (id, { kind, shape }) => {
      const twin = twins[id as keyof typeof twins];
      const config = readModelConfig(modelConfig(twin, twin.sizes.true, {}), id);
      expect(config).toEqual({ kind, shape });
    },
  );

  it('each have a format that fits a plain computer', () => {
    for (const { id, kind, shape, megabytes } of presets) {
      const fits = (['q8', 'q4'] as const).some((dtype) => {
        const weightBytes = (megabytes[dtype] ?? 0) * 1e6;
        return judge({ kind, dtype, shape, weightBytes }, wasm).fit === 'fits';
      });
      expect(fits, id).toBe(true);
    }
  });
});

describe('layouts', () => {
  const shared = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];

  it('finds chunks of external data in their order', () => {
    const graph = 'onnx/model.onnx';
    const data = [`${graph}_data_10`, `${graph}_data`, `${graph}_data_2`];
    const [files] = modelFilesOf([...shared, graph, ...data, 'onnx/model.onnx_database']);
    expect(files?.externalData).toEqual([`${graph}_data`, `${graph}_data_2`, `${graph}_data_10`]);
  });

  it('takes the encoder of a whole T5 and leaves its decoders', () => {
    const graphs = ['encoder_model', 'decoder_model_merged'].map((name) => `onnx/${name}_q4.onnx`);
    expect(modelFilesOf([...shared, ...graphs])).toMatchObject([
      { dtype: 'q4', graph: 'onnx/encoder_model_q4.onnx' },
    ]);
  });

  it('takes the table of tokens beside a merged decoder, in its format or in another', () => {
    const decoders = ['_q4', '_fp16'].map((suffix) => `onnx/decoder_model_merged${suffix}.onnx`);
    const tables = ['onnx/embed_tokens_fp16.onnx', 'onnx/embed_tokens_fp16.onnx_data'];
    const files = modelFilesOf([...shared, ...decoders, ...tables]);
    expect(files.map(({ dtype, embedTokens }) => [dtype, embedTokens])).toEqual([
      ['fp16', tables[0]],
      ['q4', tables[0]],
    ]);
    expect(files.map(weightPathsOf)).toEqual(
      decoders.toReversed().map((decoder) => [decoder, ...tables]),
    );
  });

  it("reads onnxruntime-genai's folder", () => {
    const paths = [...shared, 'genai_config.json', 'model.onnx', 'model.onnx.data'];
    expect(modelFilesOf(paths)).toMatchObject([
      { dtype: 'q4', graph: 'model.onnx', externalData: ['model.onnx.data'] },
    ]);
  });

  it('offers nothing without a tokenizer', () => {
    expect(modelFilesOf(['config.json', 'onnx/model.onnx'])).toEqual([]);
  });
});
