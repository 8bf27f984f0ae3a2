// `bundle.json`, format version 1 (docs/bundle-format.md): its schema, its type, and a parser whose errors
// name the field.
import * as v from 'valibot';
import { LinguaLiftError } from './errors.ts';

/** The only format that this code reads. */
export const formatVersion = 1;

/** How the states of a sentence's tokens become one vector; `src/bridge/pooling.ts` has what each of them does. */
export const poolings = ['mean', 'cls', 'max'] as const;
export type Pooling = (typeof poolings)[number];

/** Of an encoder that does not say. */
export const defaultPooling: Pooling = 'mean';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const text = v.pipe(v.string(), v.minLength(1));
const path = v.pipe(
  v.string(),
  v.regex(/^[^/\\:]+(\/[^/\\:]+)*$/, 'must be a path relative to bundle.json'),
  v.check((value) => !value.split('/').includes('..'), 'must not leave the bundle'),
);

const files = v.record(
  path,
  v.object({
    bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
    sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')),
  }),
);

const tokenizer = { tokenizer: path, tokenizerConfig: path };
const externalData = v.optional(v.array(path), []);
const alignment = v.object({ file: path, adapter: v.nullable(v.string()) });

/** Switches that a chat template knows, such as Qwen3's `enable_thinking`. */
const chatVariables = v.record(text, v.union([v.boolean(), v.number(), v.string()]));

const manifestSchema = v.pipe(
  v.object({
    formatVersion: v.literal(formatVersion),
    id: v.pipe(
      v.string(),
      v.regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and hyphens'),
    ),
    name: text,
    description: v.string(),
    licence: text,
    revision: text,
    languages: v.array(
      v.object({
        code: text,
        /** The language's own name, and the English one. */
        name: text,
        english: text,
        resource: v.picklist(['high', 'low']),
      }),
    ),
    numerals: v.picklist(['slots', 'digits']),
    /** How many slots of each kind the vocabularies hold; only with `numerals: "slots"`. */
    slots: v.optional(v.object({ question: count, result: count })),
    calculator: v.boolean(),
    encoder: v.object({
      id: text,
      model: path,
      externalData,
      config: path,
      hiddenSize: count,
      ...tokenizer,
      /** `defaultPooling` where it is not there. It is not filled in: the hash of a manifest stays what it was. */
      pooling: v.optional(v.picklist(poolings)),
      /** What the model's own files ask for, where that is none of `poolings` and the default stands in for it. */
      poolingAsked: v.optional(text),
    }),
    llm: v.object({
      id: text,
      model: path,
      externalData,
      config: path,
      generationConfig: path,
      hiddenSize: count,
      ...tokenizer,
      /** A graph from tokens to embeddings, for a `model` that takes embeddings and no tokens. */
      embedTokens: v.optional(path),
      /** A chat template in a file of its own, in the place of the one in `tokenizerConfig`. */
      chatTemplate: v.optional(path),
    }),
    alignments: v.object({ langbridge: v.optional(alignment), lingualift: v.optional(alignment) }),
    adapters: v.record(v.string(), v.object({ config: path, weights: path })),
    lexicons: v.record(v.string(), path),
    prompts: v.object({
      solve: text,
      translate: text,
      direct: text,
      /** Where it is there, `direct` is what the person says in the LLM's own chat template. */
      chat: v.optional(v.object({ variables: v.optional(chatVariables, {}) })),
    }),
    limits: v.object({ maxEncoderTokens: count, maxNewTokens: count }),
    files,
  }),
  v.forward(
    v.check(
      ({ numerals, slots }) => (numerals === 'slots') === (slots !== undefined),
      'must be there with "numerals": "slots", and only then',
    ),
    ['slots'],
  ),
);

/** Everything the page must know to use a bundle. */
export type BundleManifest = v.InferOutput<typeof manifestSchema>;

/**
 * Checks a parsed `bundle.json`.
 * @throws LinguaLiftError `manifest-invalid`, naming the field, or `manifest-version`
 */
export function parseManifest(json: unknown): BundleManifest {
  const version = v.safeParse(v.object({ formatVersion: v.number() }), json);
  if (version.success && version.output.formatVersion !== formatVersion) {
    throw new LinguaLiftError(
      'manifest-version',
      `This bundle is written in format ${version.output.formatVersion}, and this page reads format ${formatVersion}. Use a newer page or an older bundle.`,
    );
  }
  const result = v.safeParse(manifestSchema, json);
  if (!result.success) {
    const [issue] = result.issues;
    throw invalid(v.getDotPath(issue) ?? 'the whole file', issue.message);
  }
  for (const [field, listed] of requiredFiles(result.output)) {
    if (!(listed in result.output.files)) {
      throw invalid('files', `lacks an entry for ${listed}, which ${field} names`);
    }
  }
  for (const [name, { adapter }] of Object.entries(result.output.alignments)) {
    if (adapter !== null && !(adapter in result.output.adapters)) {
      throw invalid(
        `alignments.${name}.adapter`,
        `names the adapter ${adapter}, which is not there`,
      );
    }
  }
  return result.output;
}

/** The files that a manifest refers to, each with the field that does. */
function requiredFiles(manifest: BundleManifest): [field: string, path: string][] {
  const { encoder, llm, alignments, adapters, lexicons } = manifest;
  return [
    ['encoder.model', encoder.model],
    ...encoder.externalData.map((path): [string, string] => ['encoder.externalData', path]),
    ['encoder.config', encoder.config],
    ['encoder.tokenizer', encoder.tokenizer],
    ['encoder.tokenizerConfig', encoder.tokenizerConfig],
    ['llm.model', llm.model],
    ...llm.externalData.map((path): [string, string] => ['llm.externalData', path]),
    ['llm.config', llm.config],
    ['llm.generationConfig', llm.generationConfig],
    ['llm.tokenizer', llm.tokenizer],
    ['llm.tokenizerConfig', llm.tokenizerConfig],
    ...(llm.embedTokens === undefined
      ? []
      : [['llm.embedTokens', llm.embedTokens] satisfies [string, string]]),
    ...(llm.chatTemplate === undefined
      ? []
      : [['llm.chatTemplate', llm.chatTemplate] satisfies [string, string]]),
    ...Object.entries(alignments).map(([name, { file }]): [string, string] => [
      `alignments.${name}.file`,
      file,
    ]),
    ...Object.entries(adapters).flatMap(([name, { config, weights }]): [string, string][] => [
      [`adapters.${name}.config`, config],
      [`adapters.${name}.weights`, weights],
    ]),
    ...Object.entries(lexicons).map(([name, path]): [string, string] => [`lexicons.${name}`, path]),
  ];
}

function invalid(field: string, problem: string): LinguaLiftError {
  return new LinguaLiftError(
    'manifest-invalid',
    `bundle.json is not what this page expects: ${field} ${problem}. The bundle may be damaged or made by another tool.`,
  );
}
