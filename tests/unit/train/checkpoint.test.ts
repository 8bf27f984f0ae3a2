// The file of a checkpoint: what goes in comes out bit by bit, and what is damaged or belongs elsewhere is
// refused with a sentence that says so.
import { describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../../src/onnx/index.ts';
import {
  checkBridge,
  decodeCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
  type TrainedBridge,
} from '../../../src/train/checkpoint.ts';
import { sha256 } from '../../../src/bundle/integrity.ts';
import { Random } from '../../../src/train/random.ts';

const sizes = { encoderDim: 3, llmDim: 2, hiddenDim: 16, latents: 5, heads: 2 };
const bridge: TrainedBridge = {
  encoder: 'lingualift/encoder',
  llm: 'lingualift/llm-8m',
  alignment: { kind: 'linear', sizes, normEpsilon: 1e-6 },
};
const lora: TrainedBridge['adapters'] = {
  targets: ['self_attn.q_proj', 'mlp.down_proj'],
  rank: 4,
  scale: 2,
};

/** With numbers that a careless path through text or doubles would change. */
function checkpoint(): Checkpoint {
  const random = Random.seeded(11);
  const numbers = (length: number) => Float32Array.from({ length }, () => random.nextFloat() - 0.5);
  const some = () => ({
    'linear.weight': numbers(6),
    'linear.bias': Float32Array.of(-0, 1e-45),
    end_of_prompt: Float32Array.of(3.4e38, 0.1),
  });
  return {
    bridge,
    state: {
      steps: 1234,
      shapes: { 'linear.weight': [2, 3], 'linear.bias': [2], end_of_prompt: [2] },
      parameters: some(),
      firstMoments: some(),
      secondMoments: some(),
    },
    random: random.state,
    data: { epoch: 2, position: 4711 },
    config: { name: 'Kiswahili – первый', learningRate: 6e-4, languages: ['sw'] },
  };
}

/** A file with other metadata or tensors, but with the hash that belongs to them: another program wrote it. */
async function rewritten(
  change: (parts: ReturnType<typeof readSafetensors>) => void,
): Promise<Uint8Array> {
  const parts = readSafetensors(await encodeCheckpoint(checkpoint()));
  delete parts.metadata['sha256'];
  change(parts);
  parts.metadata['sha256'] = await sha256(writeSafetensors(parts) as Uint8Array<ArrayBuffer>);
  return writeSafetensors(parts);
}

describe('a checkpoint', () => {
  it('comes back from its file as it was, bit by bit', async () => {
    const written = checkpoint();
    const read = await decodeCheckpoint(await encodeCheckpoint(written));
    // toEqual tells 0 from -0.
    expect(read).toEqual(written);
  });

  it('comes back with its LoRA', async () => {
    const written = { ...checkpoint(), bridge: { ...bridge, adapters: lora } };
    expect(await decodeCheckpoint(await encodeCheckpoint(written))).toEqual(written);
  });

  it('is a safetensors file in which parameters have their own names', async () => {
    const { tensors } = readSafetensors(await encodeCheckpoint(checkpoint()));
    expect([...tensors.keys()].slice(0, 3)).toEqual([
      'linear.weight',
      'linear.weight.m',
      'linear.weight.v',
    ]);
    expect(tensors.get('linear.weight.v')).toMatchObject({ dtype: 'F32', shape: [2, 3] });
  });

  it('can be read from anywhere in a larger buffer', async () => {
    const file = await encodeCheckpoint(checkpoint());
    const larger = new Uint8Array(file.length + 3);
    larger.set(file, 3);
    expect(await decodeCheckpoint(larger.subarray(3))).toEqual(checkpoint());
  });
});

describe('decodeCheckpoint', () => {
  it('refuses a file with any byte changed', async () => {
    const file = await encodeCheckpoint(checkpoint());
    for (let place = 0; place < file.length; place++) {
      const damaged = file.slice();
      damaged[place] = (damaged[place] ?? 0) ^ 1;
      await expect(decodeCheckpoint(damaged), `byte ${place}`).rejects.toMatchObject({
        name: 'TrainError',
        code: 'bad-checkpoint',
      });
    }
  });

  it('says that a number was changed', async () => {
    const file = await encodeCheckpoint(checkpoint());
    const damaged = file.slice();
    damaged[file.length - 1] = (file.at(-1) ?? 0) ^ 1;
    await expect(decodeCheckpoint(damaged)).rejects.toThrow(
      /^The checkpoint is damaged: its SHA-256 is \w{64}, and \w{64} was written\.$/,
    );
  });

  it('says that a file is cut off', async () => {
    const file = await encodeCheckpoint(checkpoint());
    await expect(decodeCheckpoint(file.subarray(0, -1))).rejects.toThrow(
      /^The checkpoint cannot be read\. .*which may be cut off\.$/,
    );
    await expect(decodeCheckpoint(new Uint8Array(0))).rejects.toThrow('shorter than its header');
  });

  it('says that a file is another one', async () => {
    const metadata = { format: 'lingualift-alignment-1' };
    const alignment = writeSafetensors({ tensors: new Map(), metadata });
    await expect(decodeCheckpoint(alignment)).rejects.toThrow(
      'its metadata field "format" is "lingualift-alignment-1", not "lingualift-checkpoint-1"',
    );
    const picture = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13);
    await expect(decodeCheckpoint(picture)).rejects.toThrow('The file is not safetensors');
  });

  it.each([
    ['steps', '-1'],
    ['steps', 'soon'],
    ['random', '[1, 2, 3]'],
    ['alignment', '{"kind": "cubic"}'],
    ['data', '{"epoch": 1}'],
    ['config', '"fast"'],
  ])('names the field %s when it is %s', async (field, value) => {
    const file = await rewritten(({ metadata }) => (metadata[field] = value));
    await expect(decodeCheckpoint(file)).rejects.toThrow(
      `The checkpoint's metadata are not understood: ${field}`,
    );
  });

  it('names a moment that is missing', async () => {
    const file = await rewritten(({ tensors }) => tensors.delete('linear.bias.v'));
    await expect(decodeCheckpoint(file)).rejects.toThrow('no tensor "linear.bias.v"');
  });
});

describe('checkBridge', () => {
  it('lets a checkpoint be gone on from by the run that wrote it', async () => {
    const read = await decodeCheckpoint(await encodeCheckpoint(checkpoint()));
    expect(() => checkBridge(read, bridge)).not.toThrow();
  });

  it('does not mind sizes that the kind does not have', () => {
    const others = { ...sizes, hiddenDim: 99, latents: 9, heads: 9 };
    const run: TrainedBridge = { ...bridge, alignment: { ...bridge.alignment, sizes: others } };
    expect(() => checkBridge(checkpoint(), run)).not.toThrow();
  });

  it.each<[string, Partial<TrainedBridge>, string]>([
    ['encoder', { encoder: 'xlm-r' }, `its encoder is "lingualift/encoder", the run's is "xlm-r".`],
    ['LLM', { llm: 'smollm2' }, `its LLM is "lingualift/llm-8m", the run's is "smollm2".`],
    [
      'kind of alignment',
      { alignment: { kind: 'mlp', sizes, normEpsilon: 1e-6 } },
      `its alignment is linear, 3 to 2, norm epsilon 0.000001, the run's is mlp, 3 over 16 to 2, norm epsilon 0.000001.`,
    ],
    [
      'size of alignment',
      { alignment: { kind: 'linear', sizes: { ...sizes, llmDim: 4 }, normEpsilon: 1e-6 } },
      `its alignment is linear, 3 to 2, norm epsilon 0.000001, the run's is linear, 3 to 4, norm epsilon 0.000001.`,
    ],
    [
      'LoRA',
      { adapters: lora },
      `its LoRA is none, the run's is of rank 4, scale 2, on self_attn.q_proj, mlp.down_proj.`,
    ],
  ])('refuses a checkpoint for another %s and names both', (_, changed, sentence) => {
    expect(() => checkBridge(checkpoint(), { ...bridge, ...changed })).toThrow(
      `The checkpoint does not belong to this run: ${sentence}`,
    );
  });
});
