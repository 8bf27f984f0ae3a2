// A training worker that follows a script instead of training: fast, and with a course that tests can foresee.
// Runs outlive it in the browser's cache storage, as real ones do in the origin private file system. A run
// whose name contains "lost" loses its device at step 5.

/** Milliseconds between two steps. */
const pace = 50;
const shelf = 'scripted-runs';

let runs = [];
let held = null;
let isGoing = false;

const loaded = (async () => {
  const stored = await (await caches.open(shelf)).match('/runs');
  runs = stored ? await stored.json() : [];
  for (const run of runs) if (run.status === 'running') run.status = 'paused';
})();

async function save() {
  await (await caches.open(shelf)).put('/runs', new Response(JSON.stringify(runs)));
}

const pause = () => new Promise((resolve) => setTimeout(resolve, pace));
const tell = (run, type, event) => postMessage({ id: null, type, run: run.id, event });

function setStatus(run, status, error = null) {
  run.status = status;
  run.error = error;
  postMessage({ id: null, type: 'status', run: run.id, status, error });
}

async function step(run) {
  const number = run.curve.length + 1;
  await pause();
  const event = {
    step: number,
    loss: 3 / Math.sqrt(number) + 0.2 * Math.sin(number * 7),
    gradientNorm: 1 + 0.4 * Math.cos(number * 3),
    learningRate: run.config.settings.learningRate,
    tokens: 2400,
    passedOver: 0,
    milliseconds: 1200 + 50 * Math.sin(number),
    phases: { encode: 180, forward: 420, backward: 540, update: 60 },
  };
  run.curve.push(event);
  tell(run, 'step', event);
  if (number % run.config.evaluateEvery === 0 || number === run.config.settings.steps)
    evaluate(run);
}

/** Right answers rise with the steps; English has been good from the start. */
function evaluate(run) {
  const taken = run.curve.length;
  const items = 20;
  const learned = Math.min(14, 3 + Math.round(taken / 4));
  const scores = Object.fromEntries(
    run.languages
      .map((tag) => [tag, { right: learned, items }])
      .concat([['en', { right: 17, items }]]),
  );
  const event = {
    step: taken,
    scores,
    samples: [
      {
        id: 'eo-01',
        question: 'Maria havas 12 pomojn. Ŝi manĝas 5 pomojn. Kiom da pomoj restas?',
        text: taken === 0 ? 'in all: <<12+5=17>>\n#### 17' : 'left: <<12-5=7>>\n#### 7',
        answer: '7',
        right: taken > 0,
      },
      {
        id: 'eo-02',
        question: 'Unu libro kostas 9 eŭrojn. Kiom kostas 4 libroj?',
        text: 'cost: <<9+4=13>>\n#### 13',
        answer: '36',
        right: false,
      },
    ],
  };
  run.evaluations.push(event);
  tell(run, 'evaluation', event);
}

async function go(run) {
  held = run;
  isGoing = true;
  setStatus(run, 'running');
  if (run.evaluations.length === 0) evaluate(run);
  while (isGoing && run.curve.length < run.config.settings.steps) {
    await step(run);
    if (run.name.includes('lost') && run.curve.length === 5) {
      isGoing = false;
      setStatus(run, 'paused', {
        code: 'device-lost',
        message: 'The GPU was lost. Resume the run: it goes on from its last checkpoint.',
        details: 'destroyed',
      });
      await save();
      return;
    }
  }
  if (run.curve.length === run.config.settings.steps) setStatus(run, 'done');
  isGoing = false;
  await save();
}

async function rest() {
  isGoing = false;
  await pause();
  await pause();
}

const named = (id) => runs.find((run) => run.id === id);

const answers = {
  open: () => ({ type: 'done' }),
  estimate: ({ run: { config } }) => ({
    type: 'estimate',
    estimate: {
      bytes: 84_000_000,
      trainedParameters: config.adapters ? 272_384 : 197_568,
      frozenParameters: 2_710_000,
      positions: 96,
      positionsPerStep: 96 * config.settings.batch,
      flopsPerStep: 1.4e10,
      adapter: 'a scripted adapter',
      software: true,
    },
  }),
  start: ({ name, run: { config, data } }) => {
    const run = {
      id: crypto.randomUUID(),
      name,
      created: new Date().toISOString(),
      bundle: { id: 'scripted', revision: '0123456789ab', encoder: 'encoder', llm: 'llm' },
      config,
      languages: data.lists.map(({ list }) => list.language),
      status: 'running',
      error: null,
      curve: [],
      evaluations: [],
    };
    runs.unshift(run);
    setTimeout(() => go(run));
    void save();
    return { type: 'run', run };
  },
  resume: ({ run: id }) => {
    const run = named(id);
    run.status = 'running';
    setTimeout(() => go(run));
    return { type: 'run', run };
  },
  'single-step': async () => {
    await step(held);
    await save();
    return { type: 'done' };
  },
  pause: async () => {
    await rest();
    if (held.status === 'running') setStatus(held, 'paused');
    await save();
    return { type: 'done' };
  },
  finish: async () => {
    await rest();
    setStatus(held, 'done');
    await save();
    return { type: 'done' };
  },
  list: () => ({ type: 'runs', runs, damaged: [] }),
  rename: async ({ run, name }) => {
    named(run).name = name;
    await save();
    return { type: 'done' };
  },
  delete: async ({ run }) => {
    runs = runs.filter(({ id }) => id !== run);
    await save();
    return { type: 'done' };
  },
  export: ({ run, what }) => ({
    type: 'files',
    files: [{ name: `${named(run).name}/${what}.safetensors`, bytes: new Uint8Array([1, 2, 3]) }],
  }),
};

addEventListener('message', async ({ data }) => {
  await loaded;
  postMessage({ id: data.id, ...(await answers[data.type](data)) });
});
