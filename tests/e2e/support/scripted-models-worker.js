// A models worker that follows a script instead of asking the hub: slow enough to be paused, and with failures that tests
// can foresee. What it stores outlives it in the browser's cache storage, as real models do in the origin private file
// system. The repository `test/damaged` fails with a wrong hash once; `test/nowhere` is not on
// the hub; a download in the format fp32 stands still in the middle until it has been stopped once.

/** Milliseconds between two reports of a download, and how many reports a file takes. */
const pace = 20;
const reports = 12;
const shelf = 'scripted-models';

const commit = 'c0ffee1234c0ffee1234c0ffee1234c0ffee1234';
const gigabyte = 1e9;

const adapter = {
  name: 'scripted adapter',
  isSoftware: false,
  f16: false,
  subgroups: true,
  maxBufferSize: 2 * gigabyte,
  maxStorageBufferBindingSize: gigabyte,
};
const capabilities = {
  adapter,
  wasm: { threads: 4, isolated: true, maxBytes: 2 ** 32 },
  provider: { kind: 'webgpu', detail: 'scripted adapter', reason: 'It is a real GPU.' },
};

const fits = (needBytes) => ({ fit: 'fits', reason: 'fits', needBytes });
const tooLarge = {
  fit: 'too-large',
  reason: 'needs 2.1 GB in one buffer, this adapter allows 1 GB',
  needBytes: 2.1 * gigabyte,
};
const noHalves = {
  fit: 'unsupported',
  reason: 'computes in 16 bits, which this adapter cannot',
  needBytes: gigabyte,
};

/** Megabytes and verdicts by format, the recommended one first. */
const presets = [
  [
    'encoder',
    'multilingual-e5-small',
    'Xenova/multilingual-e5-small',
    '94 languages, small and quick',
    'mit',
    { q4: [398, 'fits'], fp32: [471, 'fits'], fp16: [236, 'no'] },
  ],
  [
    'encoder',
    'LaBSE',
    'Xenova/LaBSE',
    '109 languages, sentences of the same meaning lie close together',
    'apache-2.0',
    { q4: [1600, 'large'], fp32: [1880, 'large'] },
  ],
  [
    'llm',
    'SmolLM2 135M Instruct',
    'HuggingFaceTB/SmolLM2-135M-Instruct',
    'the smallest; writes English, calculates badly',
    'apache-2.0',
    { q4: [200, 'fits'], fp32: [654, 'fits'], q4f16: [134, 'no'] },
  ],
  [
    'llm',
    'Qwen2.5-Math 1.5B Instruct',
    'onnx-community/Qwen2.5-Math-1.5B-Instruct',
    'made for math problems in English and Chinese; large',
    'apache-2.0',
    { q4: [1760, 'large'], q4f16: [1210, 'no'] },
  ],
].map(([kind, name, repository, about, licence, formats]) => {
  const verdicts = { fits: null, large: tooLarge, no: noHalves };
  const dtypes = Object.entries(formats).map(([dtype, [size, fit]]) => ({
    dtype,
    approximateBytes: size * 1e6,
    verdict: verdicts[fit] ?? fits(size * 1e6),
  }));
  const best = dtypes.find(({ verdict }) => verdict.fit === 'fits');
  return {
    preset: { id: name, name, about, kind, repository, revision: 'main', licence },
    dtypes,
    recommended: best?.dtype ?? null,
    verdict: (best ?? dtypes[0]).verdict,
  };
});

let state = { models: [], bundles: [], hubAddress: null };
let hasFailed = false;
const stopped = new Set();

const loaded = (async () => {
  const stored = await (await caches.open(shelf)).match('/state');
  if (stored) state = await stored.json();
})();

async function save() {
  await (await caches.open(shelf)).put('/state', new Response(JSON.stringify(state)));
}

const pause = () => new Promise((resolve) => setTimeout(resolve, pace));
const refuse = (code, message, details = '') => {
  throw { code, message, details };
};
const sum = (files, key) => files.reduce((total, file) => total + file[key], 0);
const same = (a, b) => a.repository === b.repository && a.commit === b.commit;

function viewOf(model) {
  const { files } = model;
  const weights = files.find(({ path }) => path.endsWith('.onnx'));
  const whole = files.every((file) => file.whole);
  return {
    ...model,
    dtypes: weights
      ? [{ dtype: model.dtype, bytes: weights.bytes, keptBytes: weights.keptBytes, whole }]
      : [],
    keptBytes: sum(files, 'keptBytes'),
    totalBytes: sum(files, 'bytes'),
    whole,
    usedBy: state.bundles
      .filter(({ encoder, llm }) => same(encoder, model) || same(llm, model))
      .map(({ id }) => id),
  };
}

function overview() {
  const models = state.models.map(viewOf);
  const modelBytes = sum(models, 'keptBytes');
  return {
    presets: presets.map((view) => ({
      ...view,
      stored: models.filter(({ repository }) => repository === view.preset.repository),
    })),
    models,
    bundles: state.bundles,
    storage: { usedBytes: modelBytes + 25e6, quotaBytes: 60 * gigabyte, persisted: false },
    modelBytes,
    hubAddress: state.hubAddress ?? 'https://huggingface.co',
    isMirror: state.hubAddress !== null,
  };
}

function filesOf(bytes, dtype) {
  return [
    { path: 'config.json', bytes: 700 },
    { path: 'tokenizer.json', bytes: 2_100_000 },
    { path: `onnx/model_${dtype}.onnx`, bytes },
  ];
}

function look({ address }) {
  const [repository, revision = 'main'] = address.split('@');
  if (repository === 'test/nowhere') {
    refuse(
      'hub-repository',
      'The hub has no model test/nowhere, or keeps it to itself. Check the name.',
    );
  }
  const view = presets.find(({ preset }) => preset.repository === repository);
  const formats = view?.dtypes ?? [{ dtype: 'q4', approximateBytes: 80e6, verdict: fits(120e6) }];
  const stored = state.models.map(viewOf).find((model) => model.repository === repository) ?? null;
  const kept = stored ? stored.keptBytes : 0;
  const offers = formats.map(({ dtype, approximateBytes, verdict }) => {
    const files = filesOf(approximateBytes, dtype);
    const bytes = sum(files, 'bytes');
    return { dtype, files, bytes, missingBytes: Math.max(0, bytes - kept), verdict };
  });
  return {
    ...{ repository, revision, commit, stored, offers },
    licence: view?.preset.licence ?? 'mit',
    kind: view?.preset.kind ?? 'llm',
    files: [],
    recommended: view ? view.recommended : 'q4',
  };
}

async function transfer(id, model) {
  for (const file of model.files) {
    const step = file.bytes / reports;
    while (file.keptBytes < file.bytes) {
      await pause();
      if (stopped.has(id)) {
        model.wasStopped = true;
        await save();
        refuse('cancelled', 'Stopped before it was finished.');
      }
      const isHalf = file.path.endsWith('.onnx') && file.keptBytes > file.bytes / 2;
      if (isHalf && model.dtype === 'fp32' && !model.wasStopped) continue;
      file.keptBytes = Math.min(file.bytes, Math.round(file.keptBytes + step));
      report(id, model, file, 'download', file.keptBytes);
      await save();
    }
    report(id, model, file, 'check', file.bytes);
    if (model.repository === 'test/damaged' && !hasFailed && file.path.endsWith('.onnx')) {
      hasFailed = true;
      file.keptBytes = 0;
      await save();
      refuse(
        'file-hash',
        `The file ${file.path} of test/damaged is not the one that the hub lists: the checksums differ. It was thrown away, since it may have been damaged on the way. Download it again.`,
        'expected sha256 ab, got cd',
      );
    }
    file.whole = true;
  }
  await save();
  return viewOf(model);
}

function report(id, { files }, { path, bytes: fileBytes }, phase, bytes) {
  const progress = {
    ...{ path, phase, bytes, fileBytes },
    doneBytes: sum(files, 'keptBytes'),
    totalBytes: sum(files, 'bytes'),
  };
  postMessage({ id, type: 'progress', progress });
}

function wanted(ref, dtype, source, kind) {
  const there = state.models.find((model) => same(model, ref));
  if (there) return there;
  const size = presets
    .find(({ preset }) => preset.repository === ref.repository)
    ?.dtypes.find((one) => one.dtype === dtype)?.approximateBytes;
  const model = {
    ...{ repository: ref.repository, commit: ref.commit, dtype, source, kind },
    revision: source === 'hub' ? 'main' : '',
    licence: source === 'hub' ? 'mit' : null,
    addedAt: state.models.length,
    files: filesOf(size ?? 80e6, dtype).map((file) => ({ ...file, keptBytes: 0, whole: false })),
  };
  state.models.unshift(model);
  return model;
}

const calls = {
  overview,
  capabilities: () => capabilities,
  runOn: (_, { choice }) => ({
    capabilities: {
      ...capabilities,
      provider:
        choice === 'wasm'
          ? { kind: 'wasm', detail: '4 threads', reason: 'You chose WebAssembly.' }
          : capabilities.provider,
    },
    overview: overview(),
    views: [],
  }),
  look,
  download: (id, { repository, dtype }) => {
    const kind = presets.find(({ preset }) => preset.repository === repository)?.preset.kind;
    return transfer(id, wanted({ repository, commit }, dtype, 'hub', kind ?? 'llm'));
  },
  resume: (id, ref) =>
    transfer(
      id,
      state.models.find((model) => same(model, ref)),
    ),
  discardPartial: (_, ref) => {
    state.models = state.models.filter((model) => !same(model, ref));
  },
  deleteModel: (_, ref) => {
    state.models = state.models.filter((model) => !same(model, ref));
  },
  importFolder: (id, { name, files }) => {
    if (!files.some(({ path }) => path.endsWith('config.json'))) {
      refuse('folder-no-model', `The folder ${name} holds no model: config.json is missing.`);
    }
    return transfer(id, wanted({ repository: `.local/${name}`, commit }, 'fp32', 'folder', 'llm'));
  },
  putTogether: async (_, { name, encoder, llm }) => {
    const bundle = {
      ...{ name, encoder, llm },
      id: `bundle-${state.bundles.length + 1}`,
      addedAt: 1,
      alignments: [],
      bytes: 600e6,
      whole: true,
    };
    state.bundles.unshift(bundle);
    return bundle;
  },
  addAlignment: async (_, { id, name, files }) => {
    const text = await files.alignment.text();
    if (!text.includes('lingualift-alignment'))
      refuse('file-invalid', 'This file is no alignment.');
    const bundle = state.bundles.find((one) => one.id === id);
    bundle.alignments = [...new Set([...bundle.alignments, name])];
    return bundle;
  },
  removeAlignment: (_, { id, name }) => {
    const bundle = state.bundles.find((one) => one.id === id);
    bundle.alignments = bundle.alignments.filter((other) => other !== name);
    return bundle;
  },
  renameBundle: (_, { id, name }) => {
    state.bundles.find((bundle) => bundle.id === id).name = name;
  },
  deleteBundle: (_, { id }) => {
    state.bundles = state.bundles.filter((bundle) => bundle.id !== id);
  },
  setHubAddress: (_, { address }) => {
    if (address !== null && !address.startsWith('http')) {
      refuse(
        'hub-base',
        `“${address}” is no address of a hub. It begins with https:// and ends with the name of the server.`,
      );
    }
    state.hubAddress = address;
  },
};

/** Calls whose answer is what there is afterwards. */
const changes = ['discardPartial', 'deleteModel', 'renameBundle', 'deleteBundle', 'setHubAddress'];

addEventListener('message', async ({ data }) => {
  await loaded;
  if (data.type === 'stop') {
    stopped.add(data.target);
    return;
  }
  const { id, name, request } = data;
  try {
    const answer = name === 'look' ? look(request) : await calls[name](id, request);
    await save();
    postMessage({ id, type: 'result', result: changes.includes(name) ? overview() : answer });
  } catch (error) {
    postMessage({ id, type: 'error', error });
  }
});
