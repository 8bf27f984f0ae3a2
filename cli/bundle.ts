// npm run bundle -- EXPORT_DIR OUT_DIR [--llm int4|int8|fp32] [--encoder int8|fp32]
// Makes the bundle that the page loads from an export of training/, and opens it once to see that it works.
// Exit codes: 0 done, 1 the bundle does not open, 2 the arguments or the export are at fault.
import { parseArgs } from 'node:util';
import { Bridge } from '../src/bridge/bridge.ts';
import { LinguaLiftError } from '../src/bundle/errors.ts';
import { loadBundle } from '../src/bundle/load.ts';
import type { BundleManifest } from '../src/bundle/manifest.ts';
import { OnnxError } from '../src/onnx/index.ts';
import { buildBundle, encoderFormats, llmFormats, type BundleOptions } from './build-bundle.ts';
import { FolderSource } from './folder-source.ts';
import { createNodeRuntime } from './node-runtime.ts';

const usage =
  'Usage: npm run bundle -- EXPORT_DIR OUT_DIR [--llm int4|int8|fp32] [--encoder int8|fp32]';

interface Arguments extends BundleOptions {
  exportFolder: string;
  outFolder: string;
}

function readArguments(): Arguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { llm: { type: 'string' }, encoder: { type: 'string' } },
  });
  const [exportFolder, outFolder, ...rest] = positionals;
  if (!exportFolder || !outFolder || rest.length > 0) {
    throw new LinguaLiftError('arguments', `Two folders are expected. ${usage}`);
  }
  const llm = choose('llm', values.llm, llmFormats);
  const encoder = choose('encoder', values.encoder, encoderFormats);
  return { exportFolder, outFolder, llm, encoder };
}

function choose<Choice extends string>(
  option: string,
  value: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  const choice = choices.find((candidate) => candidate === value);
  if (value === undefined || choice !== undefined) return choice;
  throw new LinguaLiftError('arguments', `--${option} is one of ${choices.join(', ')}. ${usage}`);
}

/** Verifies every file on disk and opens every model. */
async function openOnce(folder: string): Promise<void> {
  const { files } = await loadBundle(new FolderSource(folder));
  const bridge = await Bridge.load(files, createNodeRuntime());
  await bridge.dispose();
}

function report({ name, revision, files }: BundleManifest, folder: string): void {
  for (const [path, { bytes }] of Object.entries(files)) {
    console.log(`${(bytes / 1e6).toFixed(2).padStart(9)} MB  ${path}`);
  }
  const total = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(
    `${(total / 1e6).toFixed(2).padStart(9)} MB  ${name}, revision ${revision}, in ${folder}`,
  );
}

/** The sentence of an error that names its cause, or `undefined` for one that nobody foresaw. */
function sentenceOf(thrown: unknown): string | undefined {
  if (thrown instanceof LinguaLiftError || thrown instanceof OnnxError) return thrown.message;
  const { code } = thrown as { code?: unknown };
  const isArgument = typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
  return isArgument ? `${(thrown as Error).message} ${usage}` : undefined;
}

async function main(): Promise<number> {
  let folder: string;
  try {
    const { exportFolder, outFolder, ...options } = readArguments();
    report(await buildBundle(exportFolder, outFolder, options), outFolder);
    folder = outFolder;
  } catch (thrown) {
    const sentence = sentenceOf(thrown);
    if (sentence === undefined) throw thrown;
    console.error(sentence);
    return 2;
  }
  try {
    await openOnce(folder);
  } catch (thrown) {
    console.error(
      `The bundle was written but does not open: ${sentenceOf(thrown) ?? String(thrown)}`,
    );
    return 1;
  }
  return 0;
}

process.exitCode = await main();
