// Every twin of a published model through the bridge's own classes on WebAssembly, against the graph as it came, run by
// ONNX Runtime alone.
import { describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Encoder } from '../../../src/bridge/encoder.ts';
import { Llm } from '../../../src/bridge/llm.ts';
import { describeDecoder, hasHalves, toInputsEmbeds } from '../../../src/onnx/index.ts';
import { presets } from '../../twins/presets.ts';
import type { Dtype } from '../../twins/twin.ts';
import {
  decoderCases,
  encoderCases,
  llmFiles,
  readTwin,
  type Case,
  type TwinGraph,
} from '../../twins/twinFiles.ts';
import { argmax, Decoder, int64, largestDifference, runOnce } from '../onnx/support.ts';

const runtime = createNodeRuntime();
const prompt = [5, 300, 17, 42, 8, 201, 99];
const newTokens = 8;

/**
 * Of the largest value. 32-bit sums come in another order; 16-bit graphs are widened here and rounded after every node
 * there; dynamic int8 takes its range from the values that it sees, and those differ in their last bits.
 */
const tolerances: Record<Dtype, number> = {
  fp32: 1e-5,
  fp16: 0.02,
  q4: 1e-3,
  q4f16: 0.02,
  q8: 0.02,
};

const largest = (values: Float32Array) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The original graph over token ids: the tokens it writes, and the scores that each was picked from. */
async function writtenByGraph({ model, external }: TwinGraph) {
  const decoder = await Decoder.load(model, external);
  const { vocabSize } = describeDecoder(model);
  const tokens: number[] = [];
  const scores: Float32Array[] = [];
  for (let next = prompt; tokens.length < newTokens; next = tokens.slice(-1)) {
    const logits = await decoder.step(next);
    scores.push(logits.slice(-vocabSize));
    tokens.push(argmax(logits.subarray(-vocabSize)));
  }
  await decoder.release();
  return { tokens, scores };
}

/** The same through the bridge, fed with the graph's tokens, so that a tie cannot lead it elsewhere. */
async function scoresOfBridge(llm: Llm, tokens: readonly number[]) {
  const continuation = await llm.prefill([llm.embed(prompt)]);
  const scores = [continuation.scores(0).slice()];
  for (const token of tokens.slice(0, -1)) {
    await continuation.append([{ token, back: 0 }]);
    scores.push(continuation.scores(0).slice());
  }
  continuation.dispose();
  return scores;
}

describe.each(decoderCases)('the LLM $name in $dtype', (twin) => {
  it('opens and writes what its graph writes when that is given token ids', async () => {
    const graph = readTwin(twin);
    const suited = await runtime.suit(graph.path, graph.model, graph.external);
    expect(hasHalves(toInputsEmbeds(suited, graph.external, graph.config).model)).toBe(false);
    const llm = await Llm.open(runtime, { ...llmFiles(graph), model: suited });
    const expected = await writtenByGraph(graph);
    const actual = await scoresOfBridge(llm, expected.tokens);
    await llm.dispose();
    for (const [step, scores] of expected.scores.entries()) {
      const slack = tolerances[twin.dtype] * largest(scores);
      expect(largestDifference(actual[step] ?? [], scores), `step ${step}`).toBeLessThan(slack);
    }
    expect(actual.map(argmax)).toEqual(expected.tokens);
  });
});

describe.each(decoderCases.filter(({ dtype }) => dtype.endsWith('16')))(
  'the LLM $name in $dtype, left in 16 bits',
  (twin) => {
    it('takes 16-bit embeddings and caches, also of some rows only, and gives scores back', async () => {
      const graph = readTwin(twin);
      const llm = await Llm.open(runtime, llmFiles(graph));
      const { tokens, scores } = await writtenByGraph(graph);
      const [first = 0, second = 0] = tokens;
      const continuation = await llm.prefill([llm.embed([7, 8]), llm.embed(prompt)]);
      // The first text ends, so that the cache keeps the second row.
      await continuation.append([null, { token: first, back: 0 }]);
      await continuation.append([null, { token: second, back: 0 }]);
      const expected = scores[2] ?? new Float32Array(0);
      const actual = continuation.scores(1);
      continuation.dispose();
      await llm.dispose();
      expect(largestDifference(actual, expected)).toBeLessThan(0.02 * largest(expected));
    });
  },
);

const asksForSegments = ({ name }: Case) => presets[name].family === 'bert';

/** The states of `rows` of tokens, padded to one length, as ONNX Runtime alone computes them from the file. */
async function statesOfGraph(twin: Case, graph: TwinGraph, rows: readonly number[][]) {
  const length = Math.max(...rows.map((row) => row.length));
  const dims = [rows.length, length];
  const padded = rows.flatMap((row) => [...row, ...Array<number>(length - row.length).fill(1)]);
  const mask = rows.flatMap((row) => Array.from({ length }, (_, i) => (i < row.length ? 1 : 0)));
  const feeds = {
    input_ids: int64(padded, dims),
    attention_mask: int64(mask, dims),
    ...(asksForSegments(twin) && { token_type_ids: int64(new Uint8Array(padded.length), dims) }),
  };
  return runOnce(graph.model, feeds, 'last_hidden_state', graph.external);
}

describe.each(encoderCases)('the encoder $name in $dtype', (twin) => {
  it('gives the states that its graph gives', async () => {
    const graph = readTwin(twin);
    const { hidden } = presets[twin.name].sizes.tiny;
    const encoder = await Encoder.open(runtime, graph.path, graph.bytes, graph.external);
    const states = await encoder.encode(prompt);
    await encoder.dispose();
    const expected = await statesOfGraph(twin, graph, [prompt]);
    expect([states.length, states.width]).toEqual([prompt.length, hidden]);
    expect(largest(expected)).toBeGreaterThan(0.1);
    expect(largestDifference(states.data, expected)).toBeLessThan(
      tolerances[twin.dtype] * largest(expected),
    );
  });

  // Dynamic int8 takes its range from the padding too.
  it.skipIf(twin.dtype === 'q8')('gives alone what its graph gives beside padding', async () => {
    const graph = readTwin(twin);
    const short = prompt.slice(0, 3);
    const encoder = await Encoder.open(runtime, graph.path, graph.bytes, graph.external);
    const { data } = await encoder.encode(short);
    await encoder.dispose();
    const together = await statesOfGraph(twin, graph, [short, prompt]);
    const expected = together.subarray(0, data.length);
    const slack = Math.max(1e-4, tolerances[twin.dtype]) * largest(expected);
    expect(largestDifference(data, expected)).toBeLessThan(slack);
  });
});

it('encoders of BERT’s kind are asked for segments, and no others', () => {
  const inputs = (twin: Case) => readTwin(twin).model.graph?.input.map(({ name }) => name) ?? [];
  for (const twin of encoderCases.filter(({ dtype }) => dtype === 'q8')) {
    expect(inputs(twin).includes('token_type_ids'), twin.name).toBe(asksForSegments(twin));
  }
});
