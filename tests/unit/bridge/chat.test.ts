// The direct route through a model's own chat template. The expected texts are those of transformers with Jinja2
// (tests/twins/render_chats.py says how they were made).
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Bridge } from '../../../src/bridge/bridge.ts';
import { openChat, type Turn } from '../../../src/bridge/chat.ts';
import { disposeParts, openParts, plainLlm, type Parts } from '../../../src/bridge/parts.ts';
import { makePrompt } from '../../../src/bridge/prompt.ts';
import type { BundleFiles } from '../../../src/bundle/files.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import { MemorySource } from '../../support/tiny-bundle.ts';
import { chatTemplates } from '../../twins/chatTemplates.ts';
import { twinBundle, type Case, type TwinManifest } from '../../twins/twinFiles.ts';

interface Rendered {
  template: keyof typeof chatTemplates;
  turns: Turn[];
  variables: Record<string, boolean>;
  text: string;
}

const { rendered } = JSON.parse(
  readFileSync(new URL('../../fixtures/chat/rendered.json', import.meta.url), 'utf8'),
) as { rendered: Rendered[] };

const encoder: Case = { name: 'multilingual-e5-small', dtype: 'q8' };
const llms: Record<keyof typeof chatTemplates, Case> = {
  smollm2: { name: 'smollm2-135m-instruct', dtype: 'q8' },
  'qwen2.5': { name: 'qwen2.5-0.5b-instruct', dtype: 'q8' },
  'qwen2.5-math': { name: 'qwen2.5-math-1.5b-instruct', dtype: 'q4' },
  qwen3: { name: 'qwen3-0.6b', dtype: 'q4' },
};
const runtime = createNodeRuntime();

type Change = (manifest: TwinManifest, files: Map<string, Uint8Array>) => void;

async function bundle(template: keyof typeof chatTemplates, change?: Change): Promise<BundleFiles> {
  const { files } = await loadBundle(
    new MemorySource(await twinBundle(encoder, llms[template], change)),
  );
  return files;
}

const encodeJson = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const decodeJson = (files: ReadonlyMap<string, Uint8Array>, path: string) =>
  JSON.parse(new TextDecoder().decode(files.get(path))) as Record<string, unknown>;

const configPath = 'llm/tokenizer_config.json';

/** Changes the template in tokenizer_config.json, or takes it out. */
const withTemplate =
  (template: unknown): Change =>
  (_, files) =>
    files.set(
      configPath,
      encodeJson({ ...decodeJson(files, configPath), chat_template: template }),
    );

const asked: Turn[] = [{ role: 'user', content: '2+3?' }];
const short = "{{ messages[0]['content'] }}|{{ eos_token }}";

describe('openChat', () => {
  it.each(rendered)('$template writes what Jinja2 does, with $variables', async (expected) => {
    const files = await bundle(expected.template, ({ prompts }) => {
      prompts.chat = { variables: expected.variables };
    });
    expect(openChat(files)?.(expected.turns)).toBe(expected.text);
  });

  it('takes the default of several templates', async () => {
    const templates = [
      { name: 'tool_use', template: 'tools' },
      { name: 'default', template: short },
    ];
    const files = await bundle('smollm2', withTemplate(templates));
    expect(openChat(files)?.(asked)).toBe('2+3?|<|im_end|>');
  });

  it('takes a template in a file of its own before the one of the config', async () => {
    const files = await bundle('smollm2', ({ llm }, all) => {
      llm.chatTemplate = 'llm/chat_template.jinja';
      all.set(llm.chatTemplate, new TextEncoder().encode(short));
    });
    expect(openChat(files)?.(asked)).toBe('2+3?|<|im_end|>');
  });

  it('is not there where the bundle does not ask for it', async () => {
    const files = await bundle('smollm2', ({ prompts }) => {
      delete prompts.chat;
    });
    expect(openChat(files)).toBeNull();
  });

  it.each([
    ['no template', undefined],
    ['a template with an error', '{% if %}'],
    ['a template that refuses a question', "{{ raise_exception('no users') }}"],
  ])('says which file holds %s', async (_, template) => {
    const files = await bundle('smollm2', withTemplate(template));
    expect(() => openChat(files)).toThrow(
      expect.objectContaining({
        code: 'file-invalid',
        message: expect.stringContaining(configPath),
      }),
    );
  });
});

describe('the direct route of a bundle with a chat template', () => {
  let files: BundleFiles;
  let parts: Parts;
  beforeAll(async () => {
    files = await bundle('qwen3', ({ prompts }) => {
      prompts.chat = { variables: { enable_thinking: false } };
    });
    parts = await openParts(files, runtime, () => undefined);
  });
  afterAll(() => disposeParts(parts));

  it('reads the question as what a person says, examples as turns before it', async () => {
    const exemplars = [{ question: '1+1?', answer: '#### 2' }];
    const prompt = await makePrompt(files.manifest, parts, { route: 'direct', exemplars }, '2+3?');
    const solve = 'Solve the following math problem:';
    const text = [
      `<|im_start|>user\n${solve}\n\n1+1?<|im_end|>\n`,
      '<|im_start|>assistant\n#### 2<|im_end|>\n',
      `<|im_start|>user\n${solve}\n\n2+3?<|im_end|>\n`,
      '<|im_start|>assistant\n<think>\n\n</think>\n\n',
    ].join('');
    const ids = parts.llmTokenizer.encodePlain(text);
    expect(parts.llmTokenizer.decode(ids)).toBe(text);
    expect(prompt.embeddings).toEqual(plainLlm(parts).embed(ids));
    expect(prompt.info).toMatchObject({ text: '2+3?', promptTokens: ids.length });
  });

  it('ends at any of the tokens that generation_config.json lists', async () => {
    const path = 'llm/generation_config.json';
    const listed = files.json(path) as { eos_token_id: number[] };
    expect(listed.eos_token_id).toHaveLength(2);
    expect(parts.llmSettings.endIds).toEqual(new Set(listed.eos_token_id));

    const { embeddings, llm } = await makePrompt(
      files.manifest,
      parts,
      { route: 'direct' },
      '2+3?',
    );
    const written = await greedy(llm, embeddings, 8);
    const end = Math.max(...written.map((token) => written.indexOf(token)));
    const ending = await bundle('qwen3', ({ prompts }, all) => {
      prompts.chat = { variables: { enable_thinking: false } };
      all.set(path, encodeJson({ eos_token_id: [383, written[end]] }));
    });
    const bridge = await Bridge.load(ending, runtime);
    const { stop, tokens } = await bridge.answer('2+3?', { route: 'direct' });
    await bridge.dispose();
    expect({ stop, tokens }).toEqual({ stop: 'end', tokens: end });
  });
});

/** The first tokens that an LLM writes when nothing ends it. */
async function greedy(
  llm: ReturnType<typeof plainLlm>,
  prompt: Parameters<typeof llm.prefill>[0][number],
  count: number,
): Promise<number[]> {
  const continuation = await llm.prefill([prompt]);
  const tokens: number[] = [];
  while (tokens.length < count) {
    const scores = continuation.scores(0);
    const token = scores.indexOf(scores.reduce((most, score) => Math.max(most, score), -Infinity));
    tokens.push(token);
    await continuation.append([{ token, back: 0 }]);
  }
  continuation.dispose();
  return tokens;
}
