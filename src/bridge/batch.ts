// Which questions are decoded side by side: how many at a time, which fit together, and whether an LLM's graph
// computes them right.
import type { Llm } from './llm.ts';
import type { PromptInfo, Provider } from './types.ts';

/**
 * WASM: processor time of one thread for a built-in English problem with the embedded bundle (16 of them, about 17
 * tokens each), in ms of Node 20 with 1, 2, 4, 8 and 16 side by side: 42, 35, 28, 24 and 26 on `direct`, 46, 39, 35,
 * 33 and 40 on `lingualift`. Decoding alone takes 27 ms, and 10 by eights; reading the prompt is as dear as before.
 * WebGPU: not measured on a graphics card; a step there costs launches more than work, so as many, for one rule.
 */
const batchSizes: Readonly<Record<Provider['kind'], number>> = { wasm: 8, webgpu: 8 };

/** How many questions are best decoded side by side. */
export function batchSizeFor({ kind }: Pick<Provider, 'kind'>): number {
  return batchSizes[kind];
}

/** What a question takes of the LLM's positions. */
interface Asked {
  prompt: { info: Pick<PromptInfo, 'promptTokens'>; llm: Batching };
  maxNewTokens: number;
}

/** What an LLM says of batches. */
type Batching = Pick<Llm, 'canBatch' | 'mostPromptPositions'>;

/**
 * Groups questions that can be decoded side by side, short ones together, so that there is little padding. All are
 * meant for the same LLM, and each fits alone, because its `maxNewTokens` is what its prompt leaves.
 * @param maxPositions positions that the LLM knows, prompt, padding and text together
 */
export async function sideBySide<Question extends Asked>(
  questions: readonly Question[],
  { maxPositions }: { maxPositions: number },
): Promise<Question[][]> {
  const llm = questions[0]?.prompt.llm;
  if (llm === undefined || questions.length === 1 || !(await llm.canBatch())) {
    return questions.map((question) => [question]);
  }
  const length = ({ prompt }: Question) => prompt.info.promptTokens;
  const fits = (group: readonly Question[]) => {
    // The others are padded to the longest prompt and write on behind it.
    const prompt = Math.max(...group.map(length));
    const text = Math.max(...group.map(({ maxNewTokens }) => maxNewTokens));
    return prompt + text <= maxPositions && group.length * prompt <= llm.mostPromptPositions;
  };
  const groups: Question[][] = [];
  for (const question of [...questions].sort((a, b) => length(a) - length(b))) {
    const group = groups.at(-1);
    if (group && fits([...group, question])) group.push(question);
    else groups.push([question]);
  }
  return groups;
}

/**
 * Scores may differ by this share of the largest: sums in another order give about 1e-6, a mask or a position that
 * the graph gets wrong more than 0.1.
 */
const tolerance = 0.01;

const longPrompt = [7, 6, 5, 4, 3, 2];
const shortPrompt = [3, 4, 5];
const token = 6;

/** Reads two prompts side by side and the padded one alone, and compares their scores, before and after a token. */
export async function tryBatch(llm: Llm): Promise<boolean> {
  try {
    const together = await scoresOf(llm, [longPrompt, shortPrompt], 1);
    return areClose(together, await scoresOf(llm, [shortPrompt], 0));
  } catch {
    // ONNX Runtime refuses a graph that was made for one row.
    return false;
  }
}

/** The scores of a row after its prompt and after one more token. */
async function scoresOf(
  llm: Llm,
  prompts: readonly (readonly number[])[],
  row: number,
): Promise<number[]> {
  const continuation = await llm.prefill(prompts.map((ids) => llm.embed(ids)));
  try {
    const afterPrompt = continuation.scores(row);
    await continuation.append(prompts.map(() => ({ token, back: 0 })));
    return [...afterPrompt, ...continuation.scores(row)];
  } finally {
    continuation.dispose();
  }
}

function areClose(a: readonly number[], b: readonly number[]): boolean {
  const largest = b.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  // NaN is close to nothing.
  return a.every((score, index) => Math.abs(score - (b[index] ?? NaN)) <= tolerance * largest);
}
