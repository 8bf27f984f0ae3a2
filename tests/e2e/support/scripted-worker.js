// An inference worker that follows a script instead of running models: for what the real one cannot be
// made to do on demand (load slowly, crash in mid-answer). Tests serve it in place of the built worker.
// A question that contains "crash" makes it throw; "endless" makes it write until it is stopped. Asked side by side,
// questions get the route's answer one after the other; one that contains "too long" is refused.

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
  alignments: { langbridge: { adapter: null }, lingualift: { adapter: 'lingualift' } },
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
  if (data.type === 'replace-alignment') replaceAlignment(data.id, data.replacement);
  if (data.type === 'stop') {
    stopped.add(data.target);
    postMessage({ id: data.id, type: 'stopped' });
  }
});
