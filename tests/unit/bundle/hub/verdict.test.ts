// What fits which device, and which format is picked there.
import { describe, expect, it } from 'vitest';
import { dtypeOrder, type Dtype } from '../../../../src/bundle/hub/dtypes.ts';
import { modelFilesOf, weightPathsOf } from '../../../../src/bundle/hub/layouts.ts';
import { readModelConfig } from '../../../../src/bundle/hub/modelConfig.ts';
import { presets } from '../../../../src/bundle/hub/presets.ts';
import { needsOf, widenedRange, type SizedModel } from '../../../../src/bundle/hub/needs.ts';
import { judge, recommend, type ModelDevice } from '../../../../src/bundle/hub/verdict.ts';
import { widenedBytes } from '../../../../src/onnx/index.ts';
import { modelConfig } from '../../../twins/configs.ts';
import { presets as twins } from '../../../twins/presets.ts';
import { decoderCases, encoderCases, readTwin } from '../../../twins/twinFiles.ts';

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

function judgePreset(id: string, dtype: Dtype, device: ModelDevice) {
  return judge(sizedPreset(id, dtype), device, formatsOf(id));
}

/** A preset in one format, with the size that the table of presets has. */
function sizedPreset(id: string, dtype: Dtype): SizedModel {
  const { kind, shape, megabytes } = presetOf(id);
  return { kind, dtype, shape, weightBytes: (megabytes[dtype] ?? 0) * 1e6 };
}

const formatsOf = (id: string) =>
  Object.keys(presetOf(id).megabytes).map((dtype) => sizedPreset(id, dtype as Dtype));

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
      reason: 'needs 10.1 GB, WebAssembly can address 4.3 GB',
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

  it('counts on WebAssembly what weights take while they are opened', () => {
    const open = (id: string, dtype: Dtype) => {
      const model = sizedPreset(id, dtype);
      return needsOf(model, 'wasm').bytes - needsOf(model).bytes + model.weightBytes;
    };
    expect(open('smollm2-360m-instruct', 'q4')).toBeCloseTo(1.6 * 388e6);
    expect(open('labse', 'q4')).toBeCloseTo(1.2 * 1600e6);
    // All of it is widened, to twice its size, and that is there three times.
    expect(open('smollm2-135m-instruct', 'fp16')).toBeCloseTo(3 * 2 * 327e6);
  });

  it('is tight where only opening it comes close to what WebAssembly addresses', () => {
    expect(judgePreset('qwen2.5-0.5b-instruct', 'fp32', wasm)).toMatchObject({
      fit: 'tight',
      reason: 'needs 3.3 GB, which is close to what this device allows',
    });
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

describe('16-bit weights on WebAssembly', () => {
  it.each(['smollm2-360m-instruct', 'qwen2.5-0.5b-instruct', 'qwen3-0.6b'])(
    '%s is refused in 16 bits, as loading refuses it, with the format to take',
    (id) => {
      const { fit, reason } = judgePreset(id, 'fp16', wasm);
      expect(fit).toBe('too-large');
      expect(reason).toMatch(
        /^needs at least 1\.[48] GB for its 16-bit weights, .* this page opens up to 805 MB of them, so take q4 in its place$/,
      );
    },
  );

  it('names no format where it is the only one', () => {
    const { reason } = judge(sizedPreset('qwen3-0.6b', 'fp16'), wasm);
    expect(reason).toMatch(/up to 805 MB of them$/);
  });

  it('names a format that fits, not one that is refused too', () => {
    const [fp16, fp32, q8] = (['fp16', 'fp32', 'q8'] as const).map((dtype) =>
      sizedPreset('qwen2.5-math-1.5b-instruct', dtype),
    );
    if (!fp16 || !fp32 || !q8) throw new Error('formats');
    expect(judge(fp16, wasm, [fp16, fp32, q8]).reason).toMatch(/so take q8 in its place$/);
    expect(judge(fp16, wasm, [fp16, fp32]).reason).not.toMatch(/in its place/);
  });

  it('are no matter on a graphics card that computes in 16 bits', () => {
    const card = { ...phone, maxTensorBytes: 2 ** 31 };
    expect(judgePreset('qwen3-0.6b', 'fp16', card).fit).toBe('fits');
  });

  it.each([
    ['smollm2-135m-instruct', 'fp16'],
    ['smollm2-360m-instruct', 'q4f16'],
    ['qwen2.5-0.5b-instruct', 'q4f16'],
    ['qwen3-0.6b', 'q4f16'],
    ['labse', 'fp16'],
    ['labse', 'q4f16'],
  ] as const)('%s fits in %s', (id, dtype) => {
    expect(judgePreset(id, dtype, wasm).fit).toBe('fits');
  });

  it('leave it open where a table may be the LM head, which would widen it', () => {
    // 151936 rows of 1536 values of 4 bytes are 933 MB, and 165 MB are scales.
    expect(judgePreset('qwen2.5-math-1.5b-instruct', 'q4f16', wasm)).toMatchObject({
      fit: 'unknown',
      reason:
        'needs 165 MB to 1.1 GB for its 16-bit weights, with which WebAssembly computes in 32 bits; this page opens up to 805 MB of them, so only trying tells, and q4 needs no trying',
    });
  });

  it('are known to fit where the table has a file of its own', () => {
    const model = sizedPreset('qwen2.5-math-1.5b-instruct', 'q4f16');
    expect(judge({ ...model, isTableApart: true }, wasm).fit).toBe('fits');
  });

  it.each(
    [...decoderCases, ...encoderCases].filter(
      ({ dtype }) => dtype.endsWith('f16') || dtype === 'fp16',
    ),
  )('of the twin of $name in $dtype come to what is judged', ({ name, dtype }) => {
    const { model, bytes, external } = readTwin({ name, dtype });
    const { vocab, hidden } = twins[name].sizes.tiny;
    const { kind, shape } = presetOf(name);
    const apart = [...external.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    // Without the graph, which is nothing beside weights of a true size.
    const initializers = model.graph?.initializer ?? [];
    const inside = initializers.reduce((sum, { rawData }) => sum + rawData.byteLength, 0);
    const weightBytes = inside + apart;
    expect(weightBytes).toBeLessThanOrEqual(bytes.byteLength + apart);
    const { least, most } = widenedRange({
      ...{ kind, dtype, weightBytes },
      shape: { ...shape, vocab, hidden },
    });
    const widened = widenedBytes(model);
    // Norms, biases and positions are a larger share of a small model.
    expect(widened).toBeGreaterThan(0.9 * least);
    expect(widened).toBeLessThan(1.5 * most);
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
