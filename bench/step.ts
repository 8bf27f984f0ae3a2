// A full step of stage 1 on the embedded bundle: questions through the encoder (ONNX Runtime on WASM), then
// forward, backward and update in WGSL. Tokens per second count the positions that the LLM sees, padding
// not included.
import * as ort from 'onnxruntime-web/webgpu';
import { Encoder } from '../src/bridge/encoder.ts';
import { slotNumerals } from '../src/bridge/numerals.ts';
import { Runtime } from '../src/bridge/session.ts';
import { Tokenizer } from '../src/bridge/tokens.ts';
import type { BundleFiles } from '../src/bundle/files.ts';
import { loadBundle } from '../src/bundle/load.ts';
import { UrlSource } from '../src/bundle/source.ts';
import {
  decodeModel,
  readSafetensors,
  safetensorToFloat,
  type LlamaConfig,
} from '../src/onnx/index.ts';
import { exampleLength, type Example } from '../src/train/batch.ts';
import { Trainer, type TrainerOptions } from '../src/train/trainer.ts';
import type { Gpu } from '../src/wgsl/device.ts';

export interface StepTiming {
  examples: number;
  tokens: number;
  /** Bytes of GPU memory that the trainer holds. */
  bytes: number;
  /** Median milliseconds of a step by phase. */
  phases: Record<string, number>;
  tokensPerSecond: number;
  /** Loss of every step: it must fall, else something else is timed. */
  losses: number[];
}

const steps = 6;
const batchSize = 8;

/** @param manifestUrl absolute address of the bundle's manifest; `problemsUrl` of problems as JSON lines */
export async function timeStep(
  gpu: Gpu,
  manifestUrl: string,
  problemsUrl: string,
): Promise<StepTiming> {
  const { files } = await loadBundle(new UrlSource(manifestUrl));
  const runtime = new Runtime(ort, { kind: 'wasm', detail: '', reason: '' });
  const { model, hiddenSize } = files.manifest.encoder;
  const encoder = await Encoder.open(runtime, model, files.bytes(model));
  const lines = (await (await fetch(problemsUrl)).text()).split('\n', batchSize);
  const questions = lines.map((line) => (JSON.parse(line) as { question: string }).question);
  const write = writer(files);

  const phases: Record<string, number[]> = {};
  const note = (phase: string, milliseconds: number) => {
    (phases[phase] ??= []).push(milliseconds);
  };
  const encodeAll = async (): Promise<Example[]> => {
    const begin = performance.now();
    const examples: Example[] = [];
    for (const question of questions) examples.push(await write(question, encoder));
    note('encode', performance.now() - begin);
    return examples;
  };
  const first = await encodeAll();
  const trainer = await Trainer.create(gpu, options(files, first, hiddenSize), {
    alignment: start(files),
  });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const examples = await encodeAll();
    // Every phase once a step; the first step warms up.
    losses.push((await trainer.step([examples], 5e-4, note)).loss);
  }
  const { bytes } = trainer;
  trainer.dispose();
  await encoder.dispose();

  const medians = Object.fromEntries(
    Object.entries(phases).map(([phase, times]) => [phase, median(times.slice(1))]),
  );
  const tokens = first.reduce(
    (sum, example) => sum + exampleLength(example, { encoderDim: hiddenSize }),
    0,
  );
  const seconds =
    Object.values(medians).reduce((sum, milliseconds) => sum + milliseconds, 0) / 1000;
  const tokensPerSecond = tokens / seconds;
  return { examples: batchSize, tokens, bytes, phases: medians, tokensPerSecond, losses };
}

/** Turns a question into an example whose target is the question again. */
function writer(files: BundleFiles) {
  const { encoder, llm, prompts, slots } = files.manifest;
  const encoderTokenizer = new Tokenizer(files, encoder);
  const llmTokenizer = new Tokenizer(files, llm);
  const instruction = llmTokenizer.encodePlain(prompts.translate.replace('{language}', 'Swahili'));
  const { eos_token_id: eos } = files.json(llm.generationConfig) as { eos_token_id: number };
  return async (question: string, model: Encoder): Promise<Example> => {
    const { text } = slotNumerals(question, slots?.question ?? 0);
    const { data: states } = await model.encode(encoderTokenizer.encode(text));
    return { states, instruction, target: [...llmTokenizer.encodePlain(text), eos] };
  };
}

function options(files: BundleFiles, examples: Example[], encoderDim: number): TrainerOptions {
  const { llm, alignments } = files.manifest;
  const { bos_token_id: bosId } = files.json(llm.generationConfig) as { bos_token_id: number };
  const { metadata } = readSafetensors(files.bytes(alignments.lingualift?.file ?? ''));
  const sum = (count: (example: Example) => number) =>
    examples.reduce((total, example) => total + count(example), 0);
  const longest = Math.max(...examples.map((example) => exampleLength(example, { encoderDim })));
  return {
    decoder: {
      model: decodeModel(files.bytes(llm.model)),
      external: new Map(),
      config: files.json(llm.config) as LlamaConfig,
      bosId,
    },
    alignment: {
      kind: 'mlp',
      sizes: {
        ...{ encoderDim, llmDim: llm.hiddenSize, hiddenDim: Number(metadata['hidden_dim']) },
        ...{ latents: 0, heads: 0 },
      },
      normEpsilon: Number(metadata['norm_eps']),
    },
    sizes: {
      sequences: batchSize,
      positions: longest,
      examples: batchSize,
      stateRows: sum(({ states }) => states.length / encoderDim),
      labelRows: sum(({ target }) => target.length),
      encoderDim,
    },
    optimizer: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    maxGradientNorm: 1,
    vocabularyChunk: 4096,
    checkpoint: false,
  };
}

function start(files: BundleFiles): Record<string, Float32Array> {
  const { tensors } = readSafetensors(
    files.bytes(files.manifest.alignments.lingualift?.file ?? ''),
  );
  return Object.fromEntries(
    Array.from(tensors, ([name, tensor]) => [name, safetensorToFloat(tensor, name)]),
  );
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
