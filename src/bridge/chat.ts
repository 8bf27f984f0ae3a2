// Conversations as a model was taught to read them: its own chat template (Jinja), rendered by transformers.js.
// https://huggingface.co/docs/transformers/chat_templating
import { PreTrainedTokenizer } from '@xenova/transformers';
import { LinguaLiftError } from '../bundle/errors.ts';
import type { BundleFiles } from '../bundle/files.ts';

/** What one side says. */
export interface Turn {
  role: 'user' | 'assistant';
  content: string;
}

/**
 * Writes a conversation down as the LLM reads it, up to where its answer begins. Special tokens are in the text; nothing
 * is to be put in front of it.
 * @throws LinguaLiftError `file-invalid` when the template refuses the conversation
 */
export type Chat = (turns: readonly Turn[]) => string;

/** Rendering needs nothing of `tokenizer.json`, whose vocabulary would be in memory twice. */
const noVocabulary = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
  model: { type: 'WordLevel', vocab: {}, unk_token: '' },
};

/**
 * The LLM's chat template: `llm.chatTemplate`, else the one in `tokenizer_config.json` (the one named `default`, where
 * there are several).
 * @returns `null` for a bundle whose prompts go without (`prompts.chat`)
 * @throws LinguaLiftError `file-invalid` when there is no template, or none that can be read
 */
export function openChat(files: BundleFiles): Chat | null {
  const { llm, prompts } = files.manifest;
  if (prompts.chat === undefined) return null;
  const { variables } = prompts.chat;
  const path = llm.chatTemplate ?? llm.tokenizerConfig;
  const config: object = Object(files.json(llm.tokenizerConfig));
  const own = llm.chatTemplate && { chat_template: files.text(llm.chatTemplate) };
  const tokenizer = explained(
    path,
    () => new PreTrainedTokenizer(noVocabulary, { ...config, ...own }),
  );
  const options = { ...variables, tokenize: false, add_generation_prompt: true } as const;
  const chat: Chat = (turns) =>
    explained(path, () => tokenizer.apply_chat_template([...turns], options));
  // What is wrong with a template shows while the bundle is opened.
  chat([{ role: 'user', content: '1+1?' }]);
  return chat;
}

function explained<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    throw new LinguaLiftError(
      'file-invalid',
      `The file ${path} of the bundle holds no chat template that this page can use.`,
      String(thrown),
      { cause: thrown },
    );
  }
}
