// From a question to what the LLM reads before it writes (docs/bundle-format.md, "What the LLM reads"):
//   bridged routes  [BOS][soft prompt][end of prompt][instruction]
//   text routes     [BOS] and the tokens of the template `prompts.direct`, worked problems in front where wanted;
//                   in a bundle with `prompts.chat` as turns of a conversation (chat.ts)
import { LinguaLiftError } from '../bundle/errors.ts';
import type { BundleManifest } from '../bundle/manifest.ts';
import type { Turn } from './chat.ts';
import type { Vectors } from './encoder.ts';
import type { Llm } from './llm.ts';
import { plainLlm, type Parts } from './parts.ts';
import { readTokens } from './reading.ts';
import { routePlans, type AlignmentName } from './routes.ts';
import { stopwatch } from './stopwatch.ts';
import type { AnswerOptions, Exemplar, PromptInfo, Route } from './types.ts';

/** A prompt, and the LLM that it is meant for. */
export interface Prompt {
  llm: Llm;
  embeddings: Vectors;
  info: PromptInfo;
  encodeMs: number;
  alignMs: number;
}

/**
 * Makes the prompt of a question on a route.
 * @param text as the models read it: with slots, where the bundle has them
 * @throws LinguaLiftError `route-missing`, `question-too-long`, `exemplars-unsupported` or `bundle-mismatch`
 */
export function makePrompt(
  manifest: BundleManifest,
  parts: Parts,
  { route, exemplars = [] }: AnswerOptions,
  text: string,
): Promise<Prompt> {
  const { alignment, gloss } = routePlans[route];
  return alignment === null
    ? textPrompt(manifest, parts, text, gloss, exemplars)
    : bridgedPrompt(manifest, parts, text, alignment);
}

/** The question goes through the encoder and the alignment, and only through them. */
async function bridgedPrompt(
  { limits, prompts }: BundleManifest,
  parts: Parts,
  text: string,
  name: AlignmentName,
): Promise<Prompt> {
  const crossing = parts.crossings.get(name);
  if (crossing === undefined) throw routeMissing(name);
  const { alignment, llm } = crossing;

  const lap = stopwatch();
  const tokens = parts.encoderTokenizer.encode(text);
  if (tokens.length > limits.maxEncoderTokens) {
    throw questionTooLong(tokens.length, limits.maxEncoderTokens);
  }
  const read = await readTokens(parts, tokens, alignment.inputs);
  const encodeMs = lap();
  const softPrompt = await alignment.align(read);
  const alignMs = lap();
  const instruction = parts.llmTokenizer.encodePlain(prompts.solve);
  const embeddings = concatenate([llm.embed(beginning(parts)), softPrompt, llm.embed(instruction)]);
  const info = {
    text,
    promptTokens: embeddings.length,
    softPromptLength: softPrompt.length,
    glossLanguage: null,
  };
  return { llm, embeddings, info, encodeMs, alignMs };
}

/** The LLM reads the question itself, or its gloss. */
async function textPrompt(
  { lexicons, prompts, slots }: BundleManifest,
  parts: Parts,
  question: string,
  gloss: boolean,
  exemplars: readonly Exemplar[],
): Promise<Prompt> {
  if (exemplars.length > 0 && slots !== undefined) throw exemplarsUnsupported();
  if (gloss && Object.keys(lexicons).length === 0) throw routeMissing('gloss');
  const llm = plainLlm(parts);
  const lap = stopwatch();
  const { text, language } = gloss ? parts.gloss(question) : { text: question, language: null };
  const tokens = textTokens(prompts, parts, exemplars, text);
  const embeddings = llm.embed(tokens);
  const info = {
    text,
    promptTokens: embeddings.length,
    softPromptLength: 0,
    glossLanguage: language,
  };
  return { llm, embeddings, info, encodeMs: lap(), alignMs: 0 };
}

/** Everything that the LLM reads on a text route, exemplars first. */
function textTokens(
  prompts: BundleManifest['prompts'],
  parts: Parts,
  exemplars: readonly Exemplar[],
  question: string,
): number[] {
  const { chat, llmTokenizer } = parts;
  const ask = (text: string) => fillTemplate(prompts.direct, text, prompts.solve);
  if (chat) {
    const say = (text: string): Turn => ({ role: 'user', content: ask(text).join('') });
    const turns = exemplars.flatMap((exemplar): Turn[] => [
      say(exemplar.question),
      { role: 'assistant', content: exemplar.answer },
    ]);
    return llmTokenizer.encodePlain(chat([...turns, say(question)]));
  }
  const pieces = [
    ...exemplars.flatMap((exemplar) => [...ask(exemplar.question), ` ${exemplar.answer}\n\n`]),
    ...ask(question),
  ];
  return [...beginning(parts), ...pieces.flatMap((piece) => llmTokenizer.encodePlain(piece))];
}

function beginning({ llmSettings: { bosId } }: Parts): number[] {
  return bosId === null ? [] : [bosId];
}

/**
 * The pieces of a text prompt, to be tokenized one by one: the instruction then has the same tokens as on the
 * bridged routes, where it stands alone.
 * @param template `prompts.direct`, with `{question}` and `{instruction}`
 */
export function fillTemplate(template: string, question: string, instruction: string): string[] {
  return template
    .split(/(\{instruction\})/)
    .map((piece) =>
      piece === '{instruction}' ? instruction : piece.replace('{question}', () => question),
    )
    .filter((piece) => piece !== '');
}

/**
 * Puts runs of vectors one after the other, [sum of lengths, width].
 * @throws LinguaLiftError `bundle-mismatch` when their widths differ
 */
export function concatenate(runs: readonly Vectors[]): Vectors {
  const [width = 0, ...others] = new Set(runs.map((run) => run.width));
  if (others.length > 0) {
    throw new LinguaLiftError(
      'bundle-mismatch',
      `The alignment and the LLM of this bundle were not made for each other: their vectors have the widths ${[width, ...others].join(' and ')}.`,
    );
  }
  const length = runs.reduce((sum, run) => sum + run.length, 0);
  const data = new Float32Array(length * width);
  let offset = 0;
  for (const run of runs) {
    data.set(run.data, offset);
    offset += run.data.length;
  }
  return { data, length, width };
}

/** The error of a question that does not fit a model. */
export function questionTooLong(tokens: number, limit: number): LinguaLiftError {
  return new LinguaLiftError(
    'question-too-long',
    `The question is too long for this model: it takes ${tokens} tokens, and the model reads up to ${limit}. Shorten it, or ask it in parts.`,
  );
}

/** In a bundle with slots `<n0>` is the question's first number, and there is no second numbering. */
function exemplarsUnsupported(): LinguaLiftError {
  return new LinguaLiftError(
    'exemplars-unsupported',
    'The models of this bundle cannot read worked examples before a question: they number the numbers of one problem only. Ask without examples, or load another bundle.',
  );
}

/** The error of a route that the bundle has no files for. */
export function routeMissing(route: Route): LinguaLiftError {
  return new LinguaLiftError(
    'route-missing',
    `The bundle does not have what the route "${route}" needs. Choose another route or another bundle.`,
  );
}
