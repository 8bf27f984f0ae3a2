// The bridge over published models: every encoder and every LLM of the presets, as twins, with an alignment between them.
import { describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Bridge } from '../../../src/bridge/bridge.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import { encodeAlignment } from '../../../src/train/alignmentFile.ts';
import { freshAlignment } from '../../../src/train/fresh.ts';
import { MemorySource } from '../../support/tiny-bundle.ts';
import { presets } from '../../twins/presets.ts';
import {
  decoderCases,
  encoderCases,
  twinBundle,
  type Case,
  type TwinManifest,
} from '../../twins/twinFiles.ts';

const question = 'two and three';
/** Of the format that a person on WebAssembly would take. */
const isUsual = ({ name, dtype }: Case) =>
  dtype === (presets[name].layout === 'optimum' ? 'q8' : 'q4');
const [smallEncoder, smallLlm]: [Case, Case] = [
  { name: 'multilingual-e5-small', dtype: 'q8' },
  { name: 'smollm2-135m-instruct', dtype: 'q8' },
];
const pairs = [
  ...encoderCases.filter(isUsual).map((encoder) => ({ encoder, llm: smallLlm })),
  ...decoderCases.filter(isUsual).map((llm) => ({ encoder: smallEncoder, llm })),
];

/** Asks through a random alignment. */
async function ask({ encoder, llm }: { encoder: Case; llm: Case }, seed: number) {
  const sizes = {
    encoderDim: presets[encoder.name].sizes.tiny.hidden,
    llmDim: presets[llm.name].sizes.tiny.hidden,
    ...{ hiddenDim: 16, latents: 0, heads: 0 },
  };
  const change = (manifest: TwinManifest, files: Map<string, Uint8Array>) => {
    const between = { encoder: manifest.encoder.id, llm: manifest.llm.id };
    files.set(
      'alignment/langbridge.safetensors',
      encodeAlignment({
        ...{ kind: 'mlp', inputs: 'states', sizes, normEpsilon: 1e-6, ...between },
        ...{ stage: 'langbridge', recipe: {} },
        values: freshAlignment('mlp', sizes, 0.5, seed),
      }),
    );
    manifest.alignments.langbridge = { file: 'alignment/langbridge.safetensors', adapter: null };
  };
  const { files } = await loadBundle(new MemorySource(await twinBundle(encoder, llm, change)));
  const bridge = await Bridge.load(files, createNodeRuntime());
  const answer = await bridge.answer(question, { route: 'langbridge', maxNewTokens: 6 });
  await bridge.dispose();
  return answer;
}

describe.each(pairs)('from $encoder.name ($encoder.dtype) to $llm.name ($llm.dtype)', (pair) => {
  it('asks through the alignment, on which depends what is written', async () => {
    const answer = await ask(pair, 1);
    // At least a token a word, and the end of the prompt.
    expect(answer.prompt.softPromptLength).toBeGreaterThanOrEqual(question.split(' ').length + 1);
    expect(answer.tokens).toBeGreaterThan(0);
    expect((await ask(pair, 2)).text).not.toBe(answer.text);
    expect((await ask(pair, 1)).text).toBe(answer.text);
  });
});
