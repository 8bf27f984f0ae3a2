// Runs as a person starts them: the real worker, the bundle that the page ships, the Esperanto list, runs kept in
// the origin private file system.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeAlignment } from '../../../src/train/alignmentFile.ts';
import { allProjections, recipes } from '../../../src/train/recipes.ts';
import type { TrainingSentence } from '../../../src/train/stageRun.ts';
import { readLoraAdapter } from '../../../src/onnx/index.ts';
import { InferenceClient } from '../../../workers/inference-client.ts';
import { TrainingClient } from '../../../workers/training-client.ts';
import type {
  RunConfig,
  RunData,
  RunSummary,
  StepEvent,
  TrainingEvent,
} from '../../../workers/training-protocol.ts';

const absolute = (path: string) => new URL(path, location.href).href;
const bundleUrl = absolute('/bundles/embedded/bundle.json');

const config: RunConfig = {
  stage: 'stage1',
  settings: { ...recipes.stage1, batch: 4, seed: 7, steps: 4, translationShare: 0.5 },
  microBatch: 2,
  alignment: {
    ...{ kind: 'mlp', hiddenDim: 512, latents: 0, heads: 0 },
    start: { from: 'bundle', name: 'lingualift' },
  },
  adapters: null,
  switching: { sentenceRatio: 1, tokenRatio: [1, 1], polysemy: 'first', seed: 7 },
  recompute: false,
  evaluateEvery: 2,
  checkpointEvery: 1,
};

const lora: RunConfig = {
  ...config,
  stage: 'stage2-lora',
  settings: { ...recipes['stage2-lora'], batch: 2, seed: 7, steps: 1, translationShare: 0 },
  adapters: { rank: 4, alpha: 8, targets: allProjections },
  switching: null,
};

let data: RunData;

beforeAll(async () => {
  const read = async (path: string) => (await (await fetch(absolute(path))).text()).split('\n');
  const sentences = (await read('/training/problems.jsonl'))
    .slice(0, 200)
    .map((line) => JSON.parse(line) as { question: string; solution: string })
    .map(({ question, solution }): TrainingSentence => ({ text: question, solution }))
    .filter(({ text }) => text.length < 120)
    .slice(0, 16);
  const pairs = (await read('/lexicons/eo.txt')).flatMap((line) => {
    const [foreign, english] = line.split(' ');
    return foreign && english ? [{ foreign, english }] : [];
  });
  const development = (await read('/problems/eo.jsonl'))
    .slice(0, 2)
    .map((line) => JSON.parse(line) as RunData['development'][number]);
  const list = { id: 'eo', name: 'Esperanto', language: 'eo', pairs };
  data = { sentences, lists: [{ list, weight: 1 }], development };
});

/** A client with what it is told; `until` resolves when a message says so. */
function listen() {
  const events: TrainingEvent[] = [];
  let look = (): void => undefined;
  const client = new TrainingClient((event) => {
    events.push(event);
    look();
  });
  const until = (holds: (event: TrainingEvent) => boolean) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (events.some(holds)) resolve();
      };
      look();
    });
  return { client, events, until };
}

const clients: TrainingClient[] = [];
async function open() {
  const opened = listen();
  clients.push(opened.client);
  await opened.client.open(bundleUrl);
  return opened;
}
afterAll(() => {
  for (const client of clients) client.terminate();
});

const isOver = (event: TrainingEvent) => event.type === 'status' && event.status !== 'running';

/** A step without its times, which are never the same. */
const withoutTimes = ({
  step,
  loss,
  gradientNorm,
  learningRate,
  tokens,
  passedOver,
}: StepEvent) => ({
  ...{ step, loss, gradientNorm, learningRate, tokens, passedOver },
});

/** What a run was in the end, as the store has it, without what differs between two equal runs. */
async function ending(client: TrainingClient, id: string) {
  const run = (await client.list()).runs.find((candidate) => candidate.id === id) as RunSummary;
  const [file] = await client.export(id, 'alignment');
  return {
    ...{ status: run.status, error: run.error, evaluations: run.evaluations },
    curve: run.curve.map(withoutTimes),
    values: decodeAlignment(file?.bytes ?? new Uint8Array()).values,
  };
}

describe('a run of stage 1', () => {
  it('that is killed and resumed equals one that is not, record by record and bit by bit', async () => {
    const { client, until } = await open();
    const unbroken = await client.start('unbroken', { config, data, imported: null });
    expect(unbroken).toMatchObject({ status: 'running', languages: ['eo'], curve: [] });
    await until(isOver);
    const expected = await ending(client, unbroken.id);
    expect(expected).toMatchObject({ status: 'done', error: null });
    expect(expected.curve.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(expected.evaluations.map(({ step }) => step)).toEqual([0, 2, 4]);
    expect(expected.evaluations[0]?.scores['eo']?.items).toBe(2);

    const { id } = await client.start('broken', { config, data, imported: null });
    await until((event) => event.run === id && event.type === 'step' && event.event.step === 2);
    const other = await open();
    const { runs, damaged } = await other.client.list();
    expect(runs.map(({ name, status }) => [name, status])).toEqual([
      ['broken', 'running'],
      ['unbroken', 'done'],
    ]);
    expect(damaged).toEqual([]);
    await expect(other.client.resume(id)).rejects.toMatchObject({ code: 'run-elsewhere' });
    await expect(other.client.delete(id)).rejects.toMatchObject({ code: 'run-elsewhere' });
    client.terminate();

    const left = (await other.client.list()).runs.find((run) => run.id === id);
    expect(left?.status).toBe('paused');
    const resumed = await other.client.resume(id);
    expect(resumed.curve.length).toBeLessThanOrEqual(2);
    await other.until(isOver);
    expect(await ending(other.client, id)).toEqual(expected);
    for (const run of [id, unbroken.id]) await other.client.delete(run);
    expect((await other.client.list()).runs).toEqual([]);
  });

  it('learns: the loss of the same examples falls over ten steps', async () => {
    const { client, events, until } = await open();
    const settings = { ...config.settings, steps: 10, translationShare: 0, learningRate: 1e-4 };
    // From the bridge that has read no code-switched text: the other has such examples nearly by heart.
    const start = { from: 'bundle', name: 'langbridge' } as const;
    const fixed = {
      ...{ ...config, settings, evaluateEvery: 100, checkpointEvery: 100 },
      alignment: { ...config.alignment, start },
    };
    const four = { ...data, sentences: data.sentences.slice(0, 4), development: [] };
    const { id } = await client.start('fixed', { config: fixed, data: four, imported: null });
    await until(isOver);
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.event.loss] : []));
    expect(losses).toHaveLength(10);
    for (const [i, loss] of losses.entries()) {
      if (i > 0) expect(loss).toBeLessThan(losses[i - 1] as number);
    }
    expect(losses[9]).toBeLessThan(0.2 * (losses[0] as number));
    await client.delete(id);
  });
});

describe('a run of stage 2 with LoRA', () => {
  it('gives an adapter that can be used in Ask', async () => {
    const { client, until } = await open();
    const { trainedParameters, bytes } = await client.estimate({
      config: lora,
      data,
      imported: null,
    });
    expect(trainedParameters).toBe(4 * 8 * (2 * (192 + 192) + 2 * (192 + 64) + 3 * (192 + 512)));
    expect(bytes).toBeGreaterThan(4 * trainedParameters);
    const { id } = await client.start('lora', { config: lora, data, imported: null });
    await until(isOver);
    const files = await client.export(id, 'adapter');
    expect(files.map(({ name }) => name)).toEqual([
      'lora/adapter_config.json',
      'lora/adapter_model.safetensors',
    ]);
    const [adapterConfig, weights] = files.map(({ bytes }) => bytes);
    const [alignment] = await client.export(id, 'alignment');
    const imported = alignment?.bytes ?? null;
    const start = { from: 'file', name: 'mine' } as const;
    const again = { ...config, alignment: { ...config.alignment, start } };
    await expect(client.estimate({ config: again, data, imported: null })).rejects.toThrow(
      'The file of the alignment mine is missing.',
    );
    expect(await client.estimate({ config: again, data, imported })).toMatchObject({
      trainedParameters: 512 * 768 + 768 + 768 * 192 + 192 + 192,
    });
    if (!adapterConfig || !weights || !alignment) throw new Error('files are missing');
    const read = readLoraAdapter(JSON.parse(new TextDecoder().decode(adapterConfig)), weights);
    expect(read.scale).toBe(2);
    expect(read.factors).toHaveLength(8 * allProjections.length);
    expect(read.factors.every(({ b }) => b.some((x) => x !== 0))).toBe(true);

    const ask = new InferenceClient();
    await ask.load(bundleUrl, 'wasm', () => undefined).promise;
    const question =
      'Sara has 24 apples. She gives 9 apples to Tom. How many apples does Sara have left?';
    const adapter = { config: adapterConfig, weights };
    await ask.replaceAlignment({ alignment: alignment.bytes, adapter });
    const { promise } = ask.answer(question, { route: 'lingualift' }, () => undefined);
    expect((await promise).finalAnswer).toBe('15');
    ask.terminate();
    await client.delete(id);
  });
});
