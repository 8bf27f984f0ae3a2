// Tokenizers in memory give the ids and the text that Hugging Face's `tokenizers` in Python gave.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Tokenizer } from '../../../src/bridge/tokens.ts';
import type { BundleFiles } from '../../../src/bundle/files.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import { makeTinyBundle, MemorySource } from '../../support/tiny-bundle.ts';

type Golden = Record<'encoder' | 'llm', { text: string; ids: number[]; decoded: string }[]>;
const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/tokenizers/golden.json', import.meta.url), 'utf8'),
) as Golden;

let files: BundleFiles;
beforeAll(async () => {
  ({ files } = await loadBundle(new MemorySource(await makeTinyBundle())));
});

describe('Tokenizer', () => {
  for (const part of ['encoder', 'llm'] as const) {
    it.each(golden[part])(`reads as Python does with the ${part}'s: $text`, (expected) => {
      const tokenizer = new Tokenizer(files, files.manifest[part]);
      expect(tokenizer.encode(expected.text)).toEqual(expected.ids);
      const plain = tokenizer.encodePlain(expected.text);
      expect(tokenizer.decode(plain)).toBe(expected.decoded);
    });
  }

  it('knows its slots', () => {
    const { slots } = new Tokenizer(files, files.manifest.llm);
    expect([...slots.values()]).toEqual(
      ['n', 'r'].flatMap((kind) => [0, 1, 2, 3].map((index) => `<${kind}${index}>`)),
    );
  });

  it('tokenizes inside a line without the space of a beginning', () => {
    const tokenizer = new Tokenizer(files, files.manifest.llm);
    for (const text of ['17', '<r0>', '9.5>>', '>>']) {
      const before = tokenizer.encodePlain('left: <<2=');
      const ids = [...before, ...tokenizer.encodeInside(text)];
      expect(ids).toEqual(tokenizer.encodePlain(`left: <<2=${text}`));
    }
  });

  it('names a file that is no tokenizer', () => {
    const paths = { ...files.manifest.llm, tokenizer: files.manifest.llm.config };
    expect(() => new Tokenizer(files, paths)).toThrow(/llm\/config.json.*no tokenizer/);
  });
});
