// Encoders that come with a head for masked words through the bridge's own class: the states, the memory, the refusal.
import { describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Encoder } from '../../../src/bridge/encoder.ts';
import { explained } from '../../../src/bridge/parts.ts';
import {
  encodeModel,
  LazyBytes,
  moveToExternalFile,
  type ModelProto,
} from '../../../src/onnx/index.ts';
import { copyModel } from '../../../src/onnx/model.ts';
import { maskedLmNames, readMaskedLm, type MaskedLmName } from '../../twins/maskedLm.ts';
import { suffixes, type Dtype } from '../../twins/twin.ts';
import { readTwin } from '../../twins/twinFiles.ts';

const runtime = createNodeRuntime();
const ids = [5, 300, 17, 42, 8, 201, 99];
const cases = maskedLmNames.flatMap((name) =>
  (Object.keys(suffixes) as Dtype[]).map((dtype) => ({ name, dtype })),
);

interface Opened {
  states: Float32Array;
  embeddings: Float32Array;
}

/** Both outputs of an encoder. */
async function read(encoder: Encoder): Promise<Opened> {
  const { states, embeddings } = await encoder.encodeWithEmbeddings(ids);
  await encoder.dispose();
  return { states: states.data, embeddings: embeddings.data };
}

describe.each(cases)('the encoder $name in $dtype, published with a head', ({ name, dtype }) => {
  it('says exactly what it says without one', async () => {
    const [headless, whole] = [readTwin({ name, dtype }), readMaskedLm(name, dtype)];
    const expected = await read(await Encoder.open(runtime, headless.path, headless.bytes));
    const actual = await read(await Encoder.open(runtime, whole.path, whole.bytes));
    expect(actual).toEqual(expected);
  });
});

/** How many bytes of its external file opening an encoder reads. */
async function bytesRead(model: ModelProto): Promise<number> {
  const { model: outside, data } = moveToExternalFile(model, 'weights');
  let bytes = 0;
  const file = new LazyBytes(data.length, (start, end) => {
    bytes += end - start;
    return data.slice(start, end);
  });
  const external = new Map([['weights', file]]);
  const encoder = await Encoder.open(runtime, 'model.onnx', encodeModel(outside), external);
  await encoder.dispose();
  return bytes;
}

it.each(maskedLmNames)('no byte of the head of %s is read from the disk', async (name) => {
  const headless = await bytesRead(readTwin({ name, dtype: 'fp32' }).model);
  expect(headless).toBeGreaterThan(0);
  expect(await bytesRead(readMaskedLm(name, 'fp32', false).model)).toBe(headless);
});

it('an encoder without states is refused in words, with the name of its file', async () => {
  const name: MaskedLmName = 'mbert';
  const { path, model } = readMaskedLm(name, 'q8');
  const other = copyModel(model);
  for (const node of other.graph.node) {
    node.name = '';
    node.input = node.input.map((each) => each.replace('/cls/', '/other/'));
    node.output = node.output.map((each) => each.replace('/cls/', '/other/'));
  }
  const opening = explained(path, () => Encoder.open(runtime, path, encodeModel(other)));
  await expect(opening).rejects.toMatchObject({
    name: 'LinguaLiftError',
    code: 'model-invalid',
    message: expect.stringMatching(
      /^The file onnx\/model_quantized\.onnx cannot be used\. The outputs of this encoder are "logits"\. It should have "last_hidden_state"/,
    ) as string,
  });
});
