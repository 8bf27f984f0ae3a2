// What alignments read of a text, on a tiny bundle with random weights: the encoder's states, or beside each the spelling
// of its word.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Alignment } from '../../../src/bridge/alignment.ts';
import { Bridge } from '../../../src/bridge/bridge.ts';
import { Encoder } from '../../../src/bridge/encoder.ts';
import { readTokens } from '../../../src/bridge/reading.ts';
import { Tokenizer } from '../../../src/bridge/tokens.ts';
import { besideWords } from '../../../src/bridge/words.ts';
import type { BundleFiles } from '../../../src/bundle/files.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import { GraphBuilder } from '../../../src/onnx/builder.ts';
import { DataType } from '../../../src/onnx/dataTypes.ts';
import {
  alignmentInputsOf,
  encodeModel,
  readSafetensors,
  writeSafetensors,
} from '../../../src/onnx/index.ts';
import { decodeAlignment, encodeAlignment } from '../../../src/train/alignmentFile.ts';
import { withWords } from '../../../src/train/widen.ts';
import { alignmentFile, makeTinyBundle, MemorySource } from '../../support/tiny-bundle.ts';

const question = 'Ana ana maembe 12 na machungwa 5. Je, ana jumla ya matunda mangapi?';
const text = 'Ana ana maembe <n0> na machungwa <n1>.';
const runtime = createNodeRuntime();
let files: BundleFiles;
let bridge: Bridge;
let encoder: Encoder;
let tokenizer: Tokenizer;

beforeAll(async () => {
  ({ files } = await loadBundle(new MemorySource(await makeTinyBundle())));
  bridge = await Bridge.load(files, runtime);
  const { model } = files.manifest.encoder;
  encoder = await Encoder.open(runtime, model, files.bytes(model));
  tokenizer = new Tokenizer(files, files.manifest.encoder);
});
afterAll(async () => {
  await bridge.dispose();
  await encoder.dispose();
});

const narrow = alignmentFile(500);
const widened = withWords(decodeAlignment(narrow), 8, 1);
const wide = encodeAlignment(widened);

/** The widened alignment with its second half no longer zero, so that words count. */
function taught(): Uint8Array<ArrayBuffer> {
  const weight = widened.values['linear.weight'] ?? new Float32Array();
  const read = weight.map((value, index) => (index % 64 < 32 ? value : 0.4 * Math.sin(index)));
  return encodeAlignment({ ...widened, values: { ...widened.values, 'linear.weight': read } });
}

async function softPrompt(alignment: Uint8Array): Promise<Float32Array> {
  const opened = await Alignment.open(runtime, 'alignment.safetensors', alignment);
  const { data } = await opened.align(await bridge.encode(text, opened.inputs));
  await opened.dispose();
  return data;
}

async function answer(alignment: Uint8Array<ArrayBuffer>): Promise<string> {
  await bridge.replaceAlignment({ alignment, adapter: null });
  const { text: written } = await bridge.answer(question, { route: 'lingualift' });
  await bridge.replaceAlignment(null);
  return written;
}

const largestDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] ?? NaN))), 0);

describe('Encoder.encodeWithEmbeddings', () => {
  it('gives the states that are given without embeddings, and an embedding for each token', async () => {
    const ids = tokenizer.encode(text);
    const { states, embeddings } = await encoder.encodeWithEmbeddings(ids);
    expect(states).toEqual(await encoder.encode(ids));
    expect([embeddings.length, embeddings.width]).toEqual([ids.length, 32]);
    expect(embeddings.data).toHaveLength(32 * ids.length);
  });

  it('gives embeddings that do not depend on the tokens around them, as states do', async () => {
    const [first, ...rest] = tokenizer.encode(text);
    const read = (ids: (number | undefined)[]) =>
      encoder.encodeWithEmbeddings(ids.map((id) => id ?? 0));
    const [whole, other] = [await read([first, ...rest]), await read([first, ...rest.reverse()])];
    const of = ({ data, width }: { data: Float32Array; width: number }) => data.subarray(0, width);
    expect(largestDifference(of(whole.embeddings), of(other.embeddings))).toBeLessThan(1e-6);
    expect(largestDifference(of(whole.states), of(other.states))).toBeGreaterThan(1e-3);
  });

  it('is refused for an encoder that is not like BERT, which still gives its states', async () => {
    const builder = new GraphBuilder();
    for (const name of ['input_ids', 'attention_mask']) {
      builder.input(name, DataType.INT64, [1, 'sequence_length']);
    }
    builder.output('last_hidden_state', DataType.FLOAT, [1, 'sequence_length', 1]);
    const to = { to: { int: DataType.FLOAT } };
    const cast = builder.node('Cast', '/Cast', ['input_ids'], to);
    const inputs = [cast, builder.int64([-1])];
    builder.node('Unsqueeze', '/Unsqueeze', inputs, {}, { outputs: ['last_hidden_state'] });
    const model = encodeModel(builder.model('encoder'));
    const plain = await Encoder.open(runtime, 'encoder.onnx', model);
    expect(Array.from((await plain.encode([3, 5])).data)).toEqual([3, 5]);
    await expect(plain.encodeWithEmbeddings([3, 5])).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('reads the spelling of words') as string,
    });
    await plain.dispose();
  });
});

describe('readTokens', () => {
  it('puts the embeddings of words beside the states where an alignment reads both', async () => {
    const ids = tokenizer.encode(text);
    const parts = { encoder, encoderTokenizer: tokenizer };
    expect(await readTokens(parts, ids, 'states')).toEqual(await encoder.encode(ids));
    const { states, embeddings } = await encoder.encodeWithEmbeddings(ids);
    const read = await readTokens(parts, ids, 'states+words');
    expect([read.length, read.width]).toEqual([ids.length, 64]);
    expect(read).toEqual(besideWords(states, embeddings, tokenizer.wordStarts(ids)));
  });
});

describe('Bridge.encodePieces', () => {
  const pieces = ['Ana', ' ', 'ana', ' ', 'maembe', ' ', '<n0>', '.'];

  it('reads what the whole text is read as, and says which rows are whose', async () => {
    for (const inputs of ['states', 'states+words'] as const) {
      const read = await bridge.encodePieces(pieces, inputs);
      expect(read?.states).toEqual(await bridge.encode(pieces.join(''), inputs));
      expect(read?.places.map(([start, end]) => end > start)).toEqual(
        pieces.map((piece) => piece !== ' '),
      );
    }
  });

  it('reads no text that is longer than the encoder reads', async () => {
    expect(await bridge.encodePieces(['ana'].concat(Array(100).fill(' ana')), 'states')).toBeNull();
  });
});

describe('an alignment that reads words', () => {
  it('says what it said before it was given words to read', async () => {
    const [before, after] = [await softPrompt(narrow), await softPrompt(wide)];
    expect(after).toHaveLength(before.length);
    expect(largestDifference(before, after)).toBeLessThan(1e-4);
    expect(largestDifference(before, await softPrompt(taught()))).toBeGreaterThan(0.1);
  });

  it('answers in the place of the bundle’s own, as before until it is trained', async () => {
    const before = await answer(narrow);
    expect(await answer(wide)).toBe(before);
    const after = await answer(taught());
    expect(after).not.toBe('');
    expect(after).not.toBe(before);
  });

  it('answers as part of a bundle, whose warming up reads words too', async () => {
    const { file = '' } = files.manifest.alignments.lingualift ?? {};
    const manifest = {
      ...files.manifest,
      alignments: { lingualift: { file, adapter: null } },
    };
    const shipped = await Bridge.load(files.as(manifest).with(file, taught()), runtime);
    const { text: written } = await shipped.answer(question, { route: 'lingualift' });
    expect(written).toBe(await answer(taught()));
    await shipped.dispose();
  });
});

describe('what an alignment reads', () => {
  it('is states where its file does not say', () => {
    expect(readSafetensors(narrow).metadata['inputs']).toBeUndefined();
    expect(alignmentInputsOf(readSafetensors(narrow).metadata)).toBe('states');
    expect(alignmentInputsOf(readSafetensors(wide).metadata)).toBe('states+words');
    expect(decodeAlignment(wide)).toMatchObject({ inputs: 'states+words', sizes: widened.sizes });
  });

  it('is refused by name where this page does not know it', async () => {
    const { tensors, metadata } = readSafetensors(wide);
    const changed = { ...metadata, inputs: 'states+letters' };
    const alignment = new Uint8Array(writeSafetensors({ tensors, metadata: changed }));
    const sentence = '"inputs" is "states+letters"; known are states, states+words';
    await expect(bridge.replaceAlignment({ alignment, adapter: null })).rejects.toMatchObject({
      message: expect.stringContaining(sentence) as string,
    });
    expect(() => decodeAlignment(alignment)).toThrow(sentence);
  });
});
