// Encoders that were published with a head for masked words, against the same encoders without one.
import { describe, expect, it } from 'vitest';
import { encodeModel, OnnxError, withHiddenStates } from '../../../src/onnx/index.ts';
import { copyModel, withGraph, type ModelProto } from '../../../src/onnx/model.ts';
import { presets } from '../../twins/presets.ts';
import { maskedLmNames, readMaskedLm, type MaskedLmName } from '../../twins/maskedLm.ts';
import { suffixes, type Dtype } from '../../twins/twin.ts';
import { encoderCases, readTwin } from '../../twins/twinFiles.ts';
import { int64, largestDifference, runOnce } from './support.ts';

const ids = [5, 300, 17, 42, 8, 201, 99];
const dims = [1, ids.length];
const dtypes = Object.keys(suffixes) as Dtype[];
const cases = maskedLmNames.flatMap((name) =>
  dtypes.flatMap((dtype) => [true, false].map((isTied) => ({ name, dtype, isTied }))),
);

function run(model: ModelProto, name: MaskedLmName, output: string): Promise<Float32Array> {
  const feeds = {
    input_ids: int64(ids, dims),
    attention_mask: int64(
      ids.map(() => 1),
      dims,
    ),
    ...(presets[name].family === 'bert' && {
      token_type_ids: int64(
        ids.map(() => 0),
        dims,
      ),
    }),
  };
  return runOnce(model, feeds, output);
}

const outputsOf = (model: ModelProto) => withGraph(model).graph.output.map(({ name }) => name);
const bytesOf = (model: ModelProto) =>
  withGraph(model).graph.initializer.map(({ rawData }) => rawData.length);
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function modelOf(name: MaskedLmName, dtype: Dtype): ModelProto {
  return readMaskedLm(name, dtype).model;
}

describe.each(cases)('$name in $dtype with a head, tied: $isTied', ({ name, dtype, isTied }) => {
  const { model } = readMaskedLm(name, dtype, isTied);

  it('gives the states of the file without a head', async () => {
    const expected = await run(readTwin({ name, dtype }).model, name, 'last_hidden_state');
    const states = await run(withHiddenStates(model), name, 'last_hidden_state');
    expect(largestDifference(states, new Float32Array(states.length))).toBeGreaterThan(0.1);
    expect(largestDifference(states, expected)).toBeLessThan(1e-6);
  });

  it('has the weights of that file and no others, and keeps the table of words', () => {
    const rewritten = withGraph(withHiddenStates(model)).graph;
    const headless = withGraph(readTwin({ name, dtype }).model);
    expect(bytesOf(withHiddenStates(model)).sort()).toEqual(bytesOf(headless).sort());
    expect(sum(bytesOf(model))).toBeGreaterThan(sum(bytesOf(headless)));
    const names = rewritten.initializer.map((tensor) => tensor.name);
    expect(names.some((each) => each.includes('word_embeddings'))).toBe(true);
    // Nodes of the head are gone; the states are one more.
    const nodes = rewritten.node.filter(({ opType }) => opType !== 'Identity');
    expect(nodes.filter((node) => /cls|lm_head/.test(node.name))).toEqual([]);
  });

  it('leaves the model that it was given as it is: one that scores the vocabulary', async () => {
    const before = encodeModel(model);
    withHiddenStates(model);
    expect(Buffer.compare(encodeModel(model), before)).toBe(0);
    expect(outputsOf(model)).toEqual(['logits']);
    const logits = await run(model, name, 'logits');
    expect(logits).toHaveLength(ids.length * presets[name].sizes.tiny.vocab);
    expect(logits.every(Number.isFinite)).toBe(true);
  });
});

it.each(encoderCases)('gives $name in $dtype back untouched, which has states', (twin) => {
  const { model } = readTwin(twin);
  expect(withHiddenStates(model)).toBe(model);
});

describe('what has neither states nor a head that is known', () => {
  function refusal(model: ModelProto): OnnxError {
    try {
      withHiddenStates(model);
    } catch (thrown) {
      if (thrown instanceof OnnxError) return thrown;
    }
    throw new Error('the model was taken');
  }

  it('is refused with its outputs and with what is expected', () => {
    const model = copyModel(readTwin({ name: 'labse', dtype: 'q4' }).model);
    const names = ['pooler_output', 'sentence_embedding'];
    model.graph.output = names.map((name) =>
      Object.assign(structuredClone(model.graph.output[0] ?? {}), { name }),
    ) as typeof model.graph.output;
    const { code, message } = refusal(model);
    expect(code).toBe('unsupported-architecture');
    expect(message).toContain('are "pooler_output", "sentence_embedding".');
    expect(message).toContain('should have "last_hidden_state", or a head');
    expect(message).toContain('/cls/predictions/transform/dense/ or /lm_head/dense/');
  });

  it.each(maskedLmNames)('is refused when the head of %s has other names', (name) => {
    const model = copyModel(modelOf(name, 'fp32'));
    const renamed = (each: string) => each.replace(/^\/(cls|lm_head)\//, '/classifier/');
    for (const node of model.graph.node) {
      node.name = renamed(node.name);
      node.input = node.input.map(renamed);
      node.output = node.output.map(renamed);
    }
    expect(refusal(model).message).toContain('are "logits".');
  });

  it('is refused when the head reads more than one value', () => {
    const model = copyModel(modelOf('mbert', 'q8'));
    const bias = model.graph.node.find(({ name }) => name.endsWith('transform/dense/Add'));
    const first = model.graph.node.find(({ opType }) => opType === 'LayerNormalization');
    bias?.input.splice(0, 1, first?.output[0] ?? '');
    expect(refusal(model).code).toBe('unsupported-architecture');
  });
});

it('finds the head by its values where its nodes have no names', async () => {
  const model = copyModel(modelOf('xlm-roberta-base', 'q8'));
  for (const node of model.graph.node) node.name = '';
  const expected = await run(
    withHiddenStates(modelOf('xlm-roberta-base', 'q8')),
    'xlm-roberta-base',
    'last_hidden_state',
  );
  const states = await run(withHiddenStates(model), 'xlm-roberta-base', 'last_hidden_state');
  expect(states).toEqual(expected);
});
