// A small run in two languages over two routes, with all that makes files break: scripts of both directions,
// markup, quotes, formulas, an item that the models could not take.
import type { Route } from '../../../../src/bridge/types.ts';
import type { Extractor, RunRecord, Sample } from '../../../../src/evaluate/record.ts';

export const record: RunRecord = {
  format: 1,
  id: '6f1c2f1e-8e1a-4d5b-9c53-000000000001',
  name: 'Erster Versuch: größer?',
  created: '2026-11-21T22:20:00.000Z',
  config: {
    dataset: 'mgsm',
    languages: ['bn', 'ar'],
    routes: ['direct', 'lingualift'],
    limit: 3,
    seed: 7,
    exemplars: 0,
    calculator: true,
    maxNewTokens: 256,
    batchSize: 4,
  },
  data: {
    name: 'MGSM',
    licence: 'CC BY 4.0',
    sources: ['https://example.org/mgsm_bn.tsv'],
    sha256: 'a'.repeat(64),
    malformed: 0,
  },
  models: {
    bundle: 'lingualift/embedded',
    bundleSha256: 'b'.repeat(64),
    replacement: null,
    provider: { kind: 'wasm', detail: '4 threads', reason: 'There is no GPU here.' },
    versions: { lingualift: '0.1.0', 'onnxruntime-web': '1.30.0' },
  },
  selfCheck: null,
  items: 12,
  status: 'done',
  reason: null,
};

const questions: Readonly<Record<string, readonly string[]>> = {
  bn: ['পুকুরে ৬৫টা রুই ছিল, ২৮টা ধরা হল।', '<script>alert("1")</script> & \'x\'', '=HYPERLINK("x")'],
  ar: ['اشترت أم سعيد ٣ كيلوغرامات', 'a,"b"\nc', '池には65匹'],
};

/** Which rows, from 1, each extractor gets right, by language and route. */
const right: Readonly<Record<string, Readonly<Record<Extractor, readonly number[]>>>> = {
  'bn direct': { strict: [1], flexible: [1, 2], 'last-number': [1, 2, 3] },
  'bn lingualift': { strict: [1, 2], flexible: [1, 2], 'last-number': [1, 2] },
  'ar direct': { strict: [], flexible: [], 'last-number': [1] },
  'ar lingualift': { strict: [1, 2], flexible: [1, 2, 3], 'last-number': [1, 3] },
};

function sample(index: number, lang: string, route: Route, row: number): Sample {
  const scores = right[`${lang} ${route}`];
  const isRight = (extractor: Extractor) => scores?.[extractor].includes(row) ?? false;
  const taken = (extractor: Extractor) => (isRight(extractor) ? '37' : null);
  const isTooLong = lang === 'ar' && route === 'direct' && row === 3;
  return {
    index,
    id: `mgsm-${row}`,
    ...{ lang, route },
    question: questions[lang]?.[row - 1] ?? '',
    expected: '37',
    text: isTooLong ? '' : `${row} <<65-28=37>>37\n#### 37`,
    extracted: {
      strict: taken('strict'),
      flexible: taken('flexible'),
      'last-number': taken('last-number'),
    },
    correct: {
      strict: isRight('strict'),
      flexible: isRight('flexible'),
      'last-number': isRight('last-number'),
    },
    stop: isTooLong ? null : 'end',
    tokens: isTooLong ? 0 : 14,
    promptTokens: 20,
    softPromptLength: route === 'lingualift' ? 12 : 0,
    timings: isTooLong
      ? null
      : { encodeMs: 1, alignMs: 2, prefillMs: 3, decodeMs: 94, tokensPerSecond: 148.9 },
    error: isTooLong ? 'The question is too long for the models.' : null,
  };
}

const rows = [1, 2, 3];
export const samples: Sample[] = record.config.routes
  .flatMap((route) =>
    record.config.languages.flatMap((lang) => rows.map((row) => ({ lang, route, row }))),
  )
  .map(({ lang, route, row }, index) => sample(index, lang, route, row));
