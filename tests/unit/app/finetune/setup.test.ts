// The form of a new run: presets, what keeps it from starting, what is handed over, and estimates.
import { beforeEach, describe, expect, it } from 'vitest';
import { fieldProblem, fieldsOf, mainFields } from '../../../../src/app/finetune/fields.ts';
import { configOf, draftOf } from '../../../../src/app/finetune/draft.ts';
import { presetIds } from '../../../../src/app/finetune/presets.ts';
import { Setup } from '../../../../src/app/finetune/setup.svelte.ts';
import { recipes, stageNames } from '../../../../src/train/recipes.ts';
import { configProblem } from '../../../../src/train/runSchema.ts';
import type { Learned } from '../../../../src/app/models/models.svelte.ts';
import type { Estimate } from '../../../../workers/training-protocol.ts';
import { bundle } from '../fakes.ts';
import { estimate, switching } from './fakes.ts';

const { manifest } = bundle;
const esperanto = {
  id: 'eo',
  name: 'Esperanto',
  language: 'eo',
  entries: 2,
  rejected: 0,
  kept: true,
  since: 1,
};
const creole = { ...esperanto, id: 'ht', name: 'Haitian Creole', language: 'ht' };

describe('presets', () => {
  for (const stage of stageNames) {
    for (const preset of presetIds) {
      it(`${preset} makes a draft of ${stage} in which every number is allowed`, () => {
        const draft = draftOf(stage, preset, 3000);
        const problems = fieldsOf(draft).map((field) => fieldProblem(field, draft[field.key]));
        expect(problems.filter((problem) => problem !== null)).toEqual([]);
      });
    }
  }

  it('of the paper goes once through the sentences with the published learning rate', () => {
    const { settings } = configOf(draftOf('stage1', 'paper', 3000), switching);
    expect(settings.steps).toBe(24);
    expect(settings.learningRate).toBe(recipes.stage1.learningRate);
    expect(settings.translationShare).toBe(1);
  });

  it('of a quick look is 60 steps of 32', () => {
    const { settings } = configOf(draftOf('stage1', 'quick', 3000), switching);
    expect([settings.steps, settings.batch]).toEqual([60, 32]);
  });

  it('has steps and batches of its own for words, which go on from the bridge that there is', () => {
    const draft = draftOf('stage1-words', 'quick', 3000);
    expect([draft.steps, draft.batch, draft.evaluateEvery]).toEqual([200, 16, 50]);
    expect(draft.start).toBe('lingualift');
    const paper = draftOf('stage1-words', 'paper', 3000);
    expect(paper.steps).toBe(Math.ceil(3000 / 16));
    expect(paper).toMatchObject({ learningRate: 1.5e-3, schedule: 'cosine', warmupShare: 0.025 });
  });
});

describe('configOf', () => {
  it('leaves out LoRA where the alignment is trained, and code-switching where LoRA is', () => {
    expect(configOf(draftOf('stage1', 'quick', 3000), switching).adapters).toBeNull();
    const second = configOf(draftOf('stage2-lora', 'quick', 3000), switching);
    expect(second.adapters?.rank).toBe(16);
    expect(second.switching).toBeNull();
  });

  it('asks for no translations where words are taught, and makes a config that a run can have', () => {
    const draft = draftOf('stage1-words', 'paper', 3000);
    expect(draft.translationShare).toBe(1);
    expect(fieldsOf(draft).map(({ key }) => key)).not.toContain('translationShare');
    expect(fieldsOf(draftOf('stage1', 'paper', 3000)).map(({ key }) => key)).toContain(
      'translationShare',
    );
    const config = configOf(draft, switching);
    expect(config.settings).toMatchObject({ lesson: 'words', switches: true, translationShare: 0 });
    expect(config.switching).toEqual(switching);
    expect(config.adapters).toBeNull();
    expect(configProblem(config)).toBeNull();
  });

  it('names the run that an alignment starts from', () => {
    const draft = { ...draftOf('stage1', 'quick', 3000), start: 'run:abc' } as const;
    expect(configOf(draft, switching).alignment.start).toEqual({ from: 'run', id: 'abc' });
  });
});

describe('fieldProblem', () => {
  const [steps] = mainFields;

  it('refuses what is no number, no whole number, or out of bounds', () => {
    if (steps === undefined) throw new Error('There are no fields.');
    expect(fieldProblem(steps, NaN)).toBe('Type a number.');
    expect(fieldProblem(steps, 1.5)).toBe('Type a whole number.');
    expect(fieldProblem(steps, 0)).toBe('Between 1 and 100,000.');
    expect(fieldProblem(steps, 60)).toBeNull();
  });
});

describe('Setup', () => {
  let weights: Record<string, number>;
  let lists: (typeof esperanto)[];
  let learned: Learned | null;
  let setup: Setup;

  beforeEach(() => {
    weights = {};
    learned = null;
    lists = [esperanto, creole];
    setup = new Setup({
      lists: () => lists,
      list: (id) =>
        Promise.resolve({ ...esperanto, id, pairs: [{ foreign: 'domo', english: 'house' }] }),
      switching: {
        settings: switching,
        weightOf: (id) => weights[id] ?? 1,
        setWeight: (id, weight) => void (weights[id] = weight),
      },
      learned: () => learned,
      fetchText: (path) =>
        Promise.resolve(
          path === 'training/problems.jsonl'
            ? '{"question": "<n0> pens and <n1>?", "values": ["2", "3"], "solution": "in all: <<<n0>+<n1>=<r0>>>\\n#### <r0>"}\n'
            : `{"id": "1", "lang": "${path.slice(-'eo.jsonl'.length, -'.jsonl'.length)}", "question": "2+3?", "answer": "5"}\n`.repeat(
                50,
              ),
        ),
    });
  });

  it('needs a word list for stage 1 and none for the others', () => {
    lists = [];
    expect(setup.problems[0]).toContain('needs a word list');
    setup.setStage('langbridge');
    expect(setup.problems).toEqual([]);
  });

  it('leaves out lists of weight 0', async () => {
    setup.setWeight('ht', 0);
    expect(setup.languages).toEqual(['eo']);
    const { data } = await setup.run(manifest);
    expect(data.lists.map(({ list, weight }) => [list.id, weight])).toEqual([['eo', 1]]);
  });

  it('measures in the languages of the lists and in English, as many problems as are set', async () => {
    setup.draft.developmentItems = 7;
    const { development } = (await setup.run(manifest)).data;
    const counts = ['eo', 'ht', 'en'].map(
      (code) => development.filter(({ lang }) => lang === code).length,
    );
    expect(counts).toEqual([7, 7, 7]);
  });

  it('names the run after its languages unless a person names it', () => {
    expect(setup.title).toBe('Esperanto, Haitian Creole, stage 1');
    setup.name = ' My run ';
    expect(setup.title).toBe('My run');
  });

  it('says which number is wrong', () => {
    setup.draft.steps = NaN;
    expect(setup.problems).toEqual(['Steps: Type a number.']);
  });

  it('fills in the numbers of the built-in sentences for a bundle that reads digits', async () => {
    const { sentences } = (await setup.run(manifest)).data;
    expect(sentences).toEqual([{ text: '2 pens and 3?', solution: 'in all: <<2+3=5>>\n#### 5' }]);
  });

  it('takes a person’s own file, and says why when it cannot', async () => {
    await setup.takeFile(new File(['What is 2+2?\t4\n'], 'mine.tsv'), manifest);
    expect(setup.own?.sentences).toEqual([{ text: 'What is 2+2?', solution: '4' }]);
    await setup.takeFile(new File(['nothing here'], 'empty.tsv'), manifest);
    expect(setup.ownError?.message).toContain('Line 1: there is no tab');
    setup.takeBuiltIn();
    expect(setup.own).toBeNull();
    expect(setup.ownError).toBeNull();
  });

  it('shows the newest of two estimates, whichever comes last', async () => {
    const waiting: ((estimate: Estimate) => void)[] = [];
    const ask = () => new Promise<Estimate>((resolve) => waiting.push(resolve));
    const first = setup.refreshEstimate(manifest, ask);
    const second = setup.refreshEstimate(manifest, ask);
    await expect.poll(() => waiting.length).toBe(2);
    const newest = { ...estimate, bytes: 2 };
    waiting[1]?.(newest);
    waiting[0]?.({ ...estimate, bytes: 1 });
    await Promise.all([first, second]);
    expect(setup.estimate).toBe(newest);
  });

  it('begins a run with a bridge from a file, as long as that bridge is in use', async () => {
    const alignment = new Uint8Array([1, 2, 3]);
    learned = { id: 'file:mine', name: 'mine', replacement: { alignment, adapter: null } };
    setup.draft.start = 'file:mine';
    const run = await setup.run(manifest);
    expect(run.config.alignment.start).toEqual({ from: 'file', name: 'mine' });
    expect(run.imported).toBe(alignment);
    expect(setup.problems).toEqual([]);
    learned = { ...learned, id: 'a run' };
    expect(setup.imported).toBeNull();
    expect(setup.problems).toEqual([
      'The imported bridge that it was to start from is no longer in use. Choose another.',
    ]);
  });

  it('asks for no estimate of a run that cannot be started', async () => {
    setup.draft.batch = 0;
    await setup.refreshEstimate(manifest, () => Promise.reject(new Error('asked')));
    expect(setup.estimate).toBeNull();
    expect(setup.estimateError).toBeNull();
  });
});
