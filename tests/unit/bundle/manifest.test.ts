// The schema of bundle.json.
import { beforeAll, describe, expect, it } from 'vitest';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { parseManifest, poolings } from '../../../src/bundle/manifest.ts';
import { makeTinyBundle } from '../../support/tiny-bundle.ts';

type Json = Record<string, unknown>;
let valid: string;
beforeAll(async () => {
  valid = new TextDecoder().decode((await makeTinyBundle()).get('bundle.json'));
});

/** What parsing says after a change of a valid manifest. */
function complaint(change: (manifest: Record<string, Json>) => void): LinguaLiftError {
  const manifest = JSON.parse(valid) as Record<string, Json>;
  change(manifest);
  try {
    parseManifest(manifest);
  } catch (thrown) {
    if (thrown instanceof LinguaLiftError) return thrown;
  }
  throw new Error('the manifest was accepted');
}

describe('parseManifest', () => {
  it('accepts a whole manifest', () => {
    expect(parseManifest(JSON.parse(valid)).name).toBe('Tiny');
  });

  it('accepts a bundle without alignments, adapters and lexicons', () => {
    const manifest = JSON.parse(valid) as Json;
    Object.assign(manifest, { alignments: {}, adapters: {}, lexicons: {} });
    expect(parseManifest(manifest).alignments).toEqual({});
  });

  it.each(poolings)('takes the rule %s for sentence vectors', (pooling) => {
    const manifest = JSON.parse(valid) as Record<string, Json>;
    Object.assign(manifest['encoder'] ?? {}, { pooling });
    expect(parseManifest(manifest).encoder.pooling).toBe(pooling);
  });

  it('writes no rule into a manifest without one, whose hash would change', () => {
    expect(parseManifest(JSON.parse(valid)).encoder).not.toHaveProperty('pooling');
  });

  it.each<[field: string, change: (manifest: Record<string, Json>) => void]>([
    ['name', (m) => delete m['name']],
    ['id', (m) => Object.assign(m, { id: 'Not A Folder' })],
    ['languages.0.resource', (m) => Object.assign(m['languages']?.[0] as Json, { resource: 'x' })],
    ['encoder.hiddenSize', (m) => Object.assign(m['encoder'] ?? {}, { hiddenSize: 1.5 })],
    ['encoder.pooling', (m) => Object.assign(m['encoder'] ?? {}, { pooling: 'lasttoken' })],
    ['llm.model', (m) => Object.assign(m['llm'] ?? {}, { model: '../outside.onnx' })],
    ['llm.model', (m) => Object.assign(m['llm'] ?? {}, { model: 'https://x.org/a.onnx' })],
    ['slots', (m) => delete m['slots']],
    ['slots', (m) => Object.assign(m, { numerals: 'digits' })],
    ['prompts.solve', (m) => delete m['prompts']?.['solve']],
    ['limits.maxNewTokens', (m) => Object.assign(m['limits'] ?? {}, { maxNewTokens: 0 })],
    ['encoder/config.json', (m) => delete m['files']?.['encoder/config.json']],
    ['sha256', (m) => Object.assign(m['files']?.['lexicons/sw.txt'] ?? {}, { sha256: 'abc' })],
    ['alignments.lingualift.adapter', (m) => Object.assign(m, { adapters: {} })],
  ])('names the field that is wrong: %s', (field, change) => {
    const error = complaint(change);
    expect(error.code).toBe('manifest-invalid');
    expect(error.message).toContain(field);
  });

  it.each([null, 7, 'text', []])('refuses %j', (json) => {
    expect(() => parseManifest(json)).toThrow(/bundle\.json/);
  });

  it('says which format it reads when a bundle has another', () => {
    const error = complaint((m) => Object.assign(m, { formatVersion: 2, name: 7 }));
    expect(error.code).toBe('manifest-version');
    expect(error.message).toMatch(/format 2.*format 1/);
  });
});
