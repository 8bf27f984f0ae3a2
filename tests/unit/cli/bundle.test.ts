// From an export of the training pipeline to a bundle on disk, on the tiny bundle of random weights.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle } from '../../../cli/build-bundle.ts';
import { FolderSource } from '../../../cli/folder-source.ts';
import { createNodeRuntime } from '../../../cli/node-runtime.ts';
import { Bridge } from '../../../src/bridge/bridge.ts';
import { loadBundle } from '../../../src/bundle/load.ts';
import {
  decodeModel,
  floatSafetensor,
  readWeights,
  writeSafetensors,
} from '../../../src/onnx/index.ts';
import { makeTinyBundle } from '../../support/tiny-bundle.ts';

const work = mkdtempSync(join(tmpdir(), 'lingualift-bundle-'));
const exportFolder = join(work, 'export');
const run = promisify(execFile);

/** What training/ would have written: float weights beside each config.json, a manifest without hashes. */
async function writeExport(): Promise<void> {
  for (const [path, bytes] of await makeTinyBundle()) {
    const isModel = path.endsWith('.onnx');
    const place = isModel
      ? join(exportFolder, dirname(dirname(path)), 'model.safetensors')
      : join(exportFolder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, isModel ? floatWeights(bytes) : bytes);
  }
  const path = join(exportFolder, 'bundle.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  delete manifest['files'];
  delete manifest['revision'];
  writeFileSync(path, JSON.stringify(manifest));
}

function floatWeights(model: Uint8Array): Uint8Array {
  const tensors = [...readWeights(decodeModel(model))].map(
    ([name, { dims, data }]) => [name, floatSafetensor(data, dims)] as const,
  );
  return writeSafetensors({ tensors: new Map(tensors), metadata: {} });
}

/** `npm run bundle` with these arguments. */
async function runBundle(...args: string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', 'cli/bundle.ts', ...args]);
    return { code: 0, output: stdout };
  } catch (thrown) {
    const { code, stderr } = thrown as { code: number; stderr: string };
    return { code, output: stderr };
  }
}

beforeAll(writeExport);
afterAll(() => rmSync(work, { recursive: true }));

describe('buildBundle', () => {
  it('writes a bundle that verifies, opens and answers', async () => {
    const folder = join(work, 'bundle');
    const manifest = await buildBundle(exportFolder, folder);
    const { files } = await loadBundle(new FolderSource(folder));
    expect(files.manifest).toEqual(manifest);
    const bridge = await Bridge.load(files, createNodeRuntime());
    const { tokens } = await bridge.answer('Ana ana maembe 3.', { route: 'lingualift' });
    expect(tokens).toBeGreaterThan(0);
    await bridge.dispose();
  });

  it('takes the formats that the export names, or those it is told', async () => {
    const named = await buildBundle(exportFolder, join(work, 'named'));
    expect([named.encoder.model, named.llm.model]).toEqual([
      'encoder/onnx/model.onnx',
      'llm/onnx/model_q4.onnx',
    ]);
    const told = await buildBundle(exportFolder, join(work, 'told'), {
      llm: 'int8',
      encoder: 'int8',
    });
    expect([told.encoder.model, told.llm.model]).toEqual([
      'encoder/onnx/model_q8.onnx',
      'llm/onnx/model_q8.onnx',
    ]);
    expect(told.revision).not.toBe(named.revision);
  });

  it('gives the same revision to the same files, and replaces an older bundle whole', async () => {
    const folder = join(work, 'again');
    const first = await buildBundle(exportFolder, folder, { llm: 'int8' });
    const second = await buildBundle(exportFolder, folder, { llm: 'int4' });
    expect(existsSync(join(folder, 'llm/onnx/model_q8.onnx'))).toBe(false);
    const third = await buildBundle(exportFolder, folder, { llm: 'int8' });
    expect(third.revision).toBe(first.revision);
    expect(second.revision).not.toBe(first.revision);
  });

  it('leaves folders alone that hold something else', async () => {
    const folder = join(work, 'photos');
    mkdirSync(folder);
    writeFileSync(join(folder, 'cat.jpg'), 'cat');
    await expect(buildBundle(exportFolder, folder)).rejects.toThrow(/holds files but no bundle/);
    expect(readFileSync(join(folder, 'cat.jpg'), 'utf8')).toBe('cat');
    await expect(buildBundle(exportFolder, work)).rejects.toThrow(/holds the export itself/);
    await expect(buildBundle(exportFolder, exportFolder)).rejects.toThrow(
      /holds the export itself/,
    );
  });
});

describe('npm run bundle', () => {
  it('builds, lists the files with their sizes and exits with 0', async () => {
    const { code, output } = await runBundle(exportFolder, join(work, 'cli'));
    expect(code).toBe(0);
    expect(output).toMatch(/MB {2}llm\/onnx\/model_q4\.onnx/);
    expect(output).toMatch(/revision [0-9a-f]{12}/);
  });

  it.each([
    ['one folder only', () => [exportFolder], /Two folders are expected/],
    ['a format it does not know', () => [exportFolder, 'x', '--llm', 'int2'], /one of int4, int8/],
    ['an option it does not know', () => [exportFolder, 'x', '--fast'], /--fast/],
    ['an export that is not there', () => [join(work, 'nothing'), 'x'], /it has no bundle\.json/],
  ])('exits with 2 and a sentence for %s', async (_, args, sentence) => {
    const { code, output } = await runBundle(...args());
    expect(code).toBe(2);
    expect(output).toMatch(sentence);
    expect(output.trim().split('\n')).toHaveLength(1);
  });
});
