// An inference worker that follows a script instead of running models: for what the real one cannot be
// made to do on demand (load slowly, crash in mid-answer). Tests serve it in place of the built worker.
// A question that contains "crash" makes it throw; "endless" makes it write until it is stopped. Asked side by side,
// questions get the route's answer one after the other; one that contains "too long" is refused.
// Of sentences that are searched, the encoder finds every second translation, LangBridge two of three, LinguaLIFT
// all; what is missed is taken for the next one. A pair with "unreadable" is skipped, "endless" waits to be stopped.

let provider = {
  kind: 'wasm',
  detail: '4 threads',
  reason: 'This browser offers no GPU adapter, so the models run on the processor.',
};

const webgpu = { kind: 'webgpu', detail: 'scripted', reason: 'You chose the GPU.' };

const manifest = {
  id: 'scripted',
  name: 'Scripted models',
  description: 'Answers from a script, for tests of the page.',
  licence: 'MIT',
  revision: '0123456789ab',
  numerals: 'slots',
  slots: { question: 16, result: 16 },
  calculator: true,
  encoder: { id: 'scripted-encoder' },
  alignments: { langbridge: { adapter: null }, lingualift: { adapter: 'lingualift' } },
  lexicons: { sw: 'lexicons/sw.txt' },
  languages: [
    { code: 'en', name: 'English', english: 'English', resource: 'high' },
    { code: 'es', name: 'español', english: 'Spanish', resource: 'high' },
    { code: 'sw', name: 'Kiswahili', english: 'Swahili', resource: 'low' },
  ],
  files: {
    'encoder/onnx/model_q8.onnx': { bytes: 6_400_000 },
    'llm/onnx/model_q4.onnx': { bytes: 3_100_000 },
    'alignment/lingualift.safetensors': { bytes: 410_000 },
    'lexicons/sw.txt': { bytes: 12_000 },
  },
  limits: { maxEncoderTokens: 256, maxNewTokens: 160 },
};

const scripts = {
  direct: 'pens in all: <<12+4=16>>\n#### 16',
  gloss: 'pens in all: <<12*4=48>>\nleft: <<48-12=36>>\n#### 36',
  langbridge: 'pens in all: <<12*4=48>>\n#### 48',
  lingualift:
    'pens in all: <<12*4=48>>\ngiven away: <<48/4=12>>\nleft for the class: <<48-12=36>>\n#### 36',
};

/** Milliseconds between two tokens, and between two reports of a load. */
const pace = 25;
const stopped = new Set();

const pause = () => new Promise((resolve) => setTimeout(resolve, pace));
const tokensOf = (text) => text.match(/<<|>>|####|\w+|\s|[^\w\s]/g);

async function load(id, choice) {
  if (choice === 'webgpu') provider = webgpu;
  const totalBytes = 9_922_000;
  const steps = 40;
  for (let step = 0; step <= steps; step++) {
    if (stopped.has(id)) {
      postMessage({
        id,
        type: 'error',
        error: { code: 'cancelled', message: 'The load was cancelled.', details: '' },
      });
      return;
    }
    postMessage({
      id,
      type: 'progress',
      progress: {
        phase: step < steps ? 'download' : 'compile',
        item: step < steps ? 'encoder/onnx/model_q8.onnx' : 'encoder',
        loadedBytes: (totalBytes * step) / steps,
        totalBytes,
      },
    });
    await pause();
  }
  postMessage({
    id,
    type: 'loaded',
    bundle: { manifest, provider, loadMs: 1240, fromCache: false, manifestSha256: 'ab'.repeat(32) },
  });
}

async function answer(id, question, route) {
  let slots = 0;
  const prompt = {
    text: question.replace(/\d+/g, () => `<n${slots++}>`),
    promptTokens: 38,
    softPromptLength: route === 'direct' || route === 'gloss' ? 0 : 24,
    glossLanguage: route === 'gloss' ? 'sw' : null,
  };
  postMessage({ id, type: 'event', event: { type: 'prompt', prompt } });
  const tokens = tokensOf(
    question.includes('endless') ? 'one more: <<1+1=2>>\n'.repeat(200) : scripts[route],
  );
  let text = '';
  let count = 0;
  for (const token of tokens) {
    if (stopped.has(id)) break;
    if (question.includes('crash') && count === 8) {
      setTimeout(() => {
        throw new Error('out of memory');
      });
      return;
    }
    text += token;
    count += 1;
    postMessage({ id, type: 'event', event: { type: 'text', text, tokens: count } });
    await pause();
  }
  postMessage({
    id,
    type: 'answer',
    answer: {
      route,
      text,
      finalAnswer: /#### (.*)/.exec(text)?.[1] ?? null,
      stop: stopped.has(id) ? 'stopped' : 'end',
      tokens: count,
      prompt,
      timings: { encodeMs: 14, alignMs: 2, prefillMs: 21, decodeMs: 402, tokensPerSecond: 94.3 },
      provider,
    },
  });
}

async function answerAll(id, questions, { route }) {
  for (const [index, question] of questions.entries()) {
    await pause();
    if (stopped.has(id)) break;
    const error = { code: 'question-too-long', message: 'This question is too long.', details: '' };
    postMessage(
      question.includes('too long')
        ? { id, type: 'refused', index, error }
        : { id, type: 'answered', index, answer: wholeAnswer(route, question) },
    );
  }
  postMessage({ id, type: 'all-answered' });
}

function wholeAnswer(route, question) {
  const text = scripts[route];
  const isBridged = route === 'langbridge' || route === 'lingualift';
  return {
    route,
    text,
    finalAnswer: /#### (.*)/.exec(text)?.[1] ?? null,
    stop: 'end',
    tokens: tokensOf(text).length,
    prompt: {
      text: question,
      promptTokens: 38,
      softPromptLength: isBridged ? 24 : 0,
      glossLanguage: null,
    },
    timings: { encodeMs: 14, alignMs: 2, prefillMs: 21, decodeMs: 402, tokensPerSecond: 94.3 },
    provider,
  };
}

/** Every how many-th sentence is missed, by states. */
const missedEvery = { encoder: 2, langbridge: 3, lingualift: Infinity };

async function retrieve(id, { pairs, states, neighbours }) {
  const total = 2 * pairs.length;
  const isEndless = pairs.some(({ source }) => source.includes('endless'));
  const steps = isEndless ? 10_000 : 4;
  for (let step = 0; step < steps; step++) {
    const done = Math.floor((total * step) / steps);
    postMessage({ id, type: 'retrieval-progress', progress: { done, total } });
    await pause();
    if (!stopped.has(id)) continue;
    const error = { code: 'cancelled', message: 'The search was stopped.', details: '' };
    postMessage({ id, type: 'error', error });
    return;
  }
  const isRead = ({ source }) => !source.includes('unreadable');
  const places = pairs.map((_, place) => place);
  const kept = places.filter((place) => isRead(pairs[place]));
  const count = kept.length;
  const taken = kept.map((_, place) =>
    place % missedEvery[states] === missedEvery[states] - 1 ? (place + 1) % count : place,
  );
  const right = taken.filter((other, place) => other === place).length;
  const share = right / count;
  const matches = {
    places: Int32Array.from(taken),
    scores: new Float32Array(count).fill(0.9),
    right,
    interval: [Math.max(0, share - 0.1), Math.min(1, share + 0.1)],
  };
  const side = Math.min(50, count);
  const cosine = (row, column) => 0.9 / (1 + Math.abs(row - column));
  postMessage({
    id,
    type: 'retrieved',
    retrieval: {
      states,
      width: 8,
      neighbours,
      kept,
      skipped: places
        .filter((place) => !isRead(pairs[place]))
        .map((pair) => ({ pair, reason: 'This sentence is too long.' })),
      matches: {
        cosine: { forward: matches, backward: matches },
        margin: { forward: matches, backward: matches },
      },
      similarity: {
        data: Float32Array.from({ length: side * side }, (_, at) =>
          cosine(Math.floor(at / side), at % side),
        ),
        rows: side,
        columns: side,
      },
      projection: {
        points: Float32Array.from(
          { length: 4 * count },
          (_, at) => Math.sin(at) + (at < 2 * count),
        ),
        explained: [0.41, 0.17],
      },
    },
  });
}

/** An alignment whose bytes say "other" connects other models. */
function replaceAlignment(id, replacement) {
  const written = replacement ? new TextDecoder().decode(replacement.alignment) : '';
  const error = {
    code: 'other-models',
    message:
      'This alignment connects the encoder "large" with the LLM "other"; the loaded bundle has "scripted-encoder" and "scripted-llm".',
    details: '',
  };
  postMessage(written.includes('other') ? { id, type: 'error', error } : { id, type: 'replaced' });
}

addEventListener('message', ({ data }) => {
  if (data.type === 'load') void load(data.id, data.provider);
  if (data.type === 'answer') void answer(data.id, data.question, data.options.route);
  if (data.type === 'answer-all') void answerAll(data.id, data.questions, data.options);
  if (data.type === 'retrieve') void retrieve(data.id, data.request);
  if (data.type === 'replace-alignment') replaceAlignment(data.id, data.replacement);
  if (data.type === 'stop') {
    stopped.add(data.target);
    postMessage({ id: data.id, type: 'stopped' });
  }
});
