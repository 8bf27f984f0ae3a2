// A bundle of this device in a real browser: two models from a folder into the origin private file system, put together,
// asked while their weights stay on the disk, and trained.
import { afterAll, describe, expect, it } from 'vitest';
import { recipes } from '../../../../src/train/recipes.ts';
import { InferenceClient } from '../../../../workers/inference-client.ts';
import { ModelsClient } from '../../../../workers/models-client.ts';
import { addressOf, type ModelOnDevice } from '../../../../workers/models-protocol.ts';
import { TrainingClient } from '../../../../workers/training-client.ts';

const embedded = new URL('/bundles/embedded/', location.href);
const models = new ModelsClient();
const inference = new InferenceClient();
afterAll(() => inference.terminate());

/** The embedded bundle's own parts, called as the hub calls such files. */
const parts = {
  encoder: ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_q8.onnx'],
  llm: [
    ...['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'],
    'onnx/model_q8.onnx',
  ],
};

async function importPart(part: keyof typeof parts): Promise<ModelOnDevice> {
  const files = await Promise.all(
    parts[part].map(async (path) => {
      const response = await fetch(new URL(`${part}/${path}`, embedded));
      const name = path.replace('_q8', '_quantized');
      return { path: `folder/${name}`, file: new File([await response.blob()], name) };
    }),
  );
  return models.call('importFolder', { name: part, files });
}

/** Two steps of LangBridge from scratch, as the Fine-tune room starts them. @returns the losses */
async function trainLangBridge(bundle: string): Promise<number[]> {
  const losses: number[] = [];
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const training = new TrainingClient((event) => {
    if (event.type === 'step') losses.push(event.event.loss);
    if (event.type === 'status' && event.status !== 'running') end();
  });
  await training.open(bundle);
  const sentences = ['Ana has 3 pens and buys 4.', 'A box holds 6 eggs.'].map((text) => ({
    ...{ text, solution: 'in all: 7' },
  }));
  const { id } = await training.start('first', {
    config: {
      stage: 'langbridge',
      settings: { ...recipes.langbridge, batch: 2, seed: 7, steps: 2, translationShare: 0 },
      microBatch: 2,
      alignment: {
        ...{ kind: 'mlp', hiddenDim: 32, latents: 0, heads: 0 },
        start: { from: 'scratch' },
      },
      adapters: null,
      switching: null,
      recompute: false,
      evaluateEvery: 2,
      checkpointEvery: 2,
    },
    data: { sentences, lists: [], development: [] },
    imported: null,
  });
  await ended;
  await training.delete(id);
  training.terminate();
  return losses;
}

describe('a bundle of this device', () => {
  it('answers with the models that it is made of, and is trained', async () => {
    const encoder = await importPart('encoder');
    const llm = await importPart('llm');
    expect([encoder.kind, llm.kind]).toEqual(['encoder', 'llm']);
    const bundle = await models.call('putTogether', {
      name: 'from a folder',
      encoder: { ...encoder, dtype: 'q8' },
      llm: { ...llm, dtype: 'q8' },
      alignments: {},
    });
    const { bundles, models: stored } = await models.call('overview', {});
    expect(bundles).toContainEqual(bundle);
    expect(stored.every(({ whole, usedBy }) => whole && usedBy.includes(bundle.id))).toBe(true);

    const loaded = await inference.load(addressOf(bundle), 'wasm', () => undefined).promise;
    expect(loaded.manifest).toMatchObject({ id: bundle.id, languages: [], calculator: false });
    const options = { route: 'direct', maxNewTokens: 4 } as const;
    const answer = await inference.answer('two and three', options, () => undefined).promise;
    expect(answer.tokens).toBeGreaterThan(0);
    expect(answer.prompt.promptTokens).toBeGreaterThan(5);

    const losses = await trainLangBridge(addressOf(bundle));
    expect(losses).toHaveLength(2);
    expect(losses.every(Number.isFinite)).toBe(true);

    await models.call('deleteBundle', bundle);
    for (const model of [encoder, llm]) await models.call('deleteModel', model);
    expect(await models.call('overview', {})).toMatchObject({ models: [], modelBytes: 0 });
  });

  it('is a clear error once it is gone', async () => {
    const gone = inference.load(addressOf({ id: 'gone' }), 'wasm', () => undefined).promise;
    await expect(gone).rejects.toMatchObject({ code: 'bundle-missing' });
  });

  it('is told what this browser can do', async () => {
    const { provider, wasm } = await models.call('capabilities', {});
    expect(['webgpu', 'wasm']).toContain(provider.kind);
    expect(wasm.threads).toBeGreaterThan(0);
  });
});
