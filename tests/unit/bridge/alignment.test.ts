// Rows and width of a soft prompt, by the kind of the alignment.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Alignment } from '../../../src/bridge/alignment.ts';
import { readSafetensors } from '../../../src/onnx/index.ts';

const open = async (kind: string) => {
  const url = new URL(`../../fixtures/onnx/alignment-${kind}/model.safetensors`, import.meta.url);
  const bytes = new Uint8Array(readFileSync(url));
  const { metadata } = readSafetensors(bytes);
  const number = (field: string) => Number(metadata[field]);
  const width = number('encoder_dim');
  const alignment = await Alignment.open(createNodeRuntime(), kind, bytes);
  const softPrompt = await alignment.align({
    data: new Float32Array(5 * width).fill(0.1),
    length: 5,
    width,
  });
  await alignment.dispose();
  return { softPrompt, llmDim: number('llm_dim'), latents: number('latents') };
};

it.each(['linear', 'mlp'])(
  'a soft prompt of the kind %s has a row for each state, and its end',
  async (kind) => {
    const { softPrompt, llmDim } = await open(kind);
    expect([softPrompt.length, softPrompt.width]).toEqual([6, llmDim]);
  },
);

it('a soft prompt of the kind latent has a row for each latent, and its end', async () => {
  const { softPrompt, llmDim, latents } = await open('latent');
  expect([softPrompt.length, softPrompt.width]).toEqual([latents + 1, llmDim]);
});
