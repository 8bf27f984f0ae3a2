// The headless evaluator on a tiny bundle with random weights.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateCommand } from '../../../cli/evaluate-command.ts';
import { alignmentFile, makeTinyBundle, writeBundle } from '../../support/tiny-bundle.ts';

const root = join(import.meta.dirname, '../../..');
let folder: string;
let data: string;
let bundle: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lingualift-'));
  bundle = join(folder, 'bundle');
  data = join(folder, 'problems.jsonl');
  writeBundle(bundle, await makeTinyBundle());
  const problem = (id: number, lang: string, question = 'Ana ana maembe 12 na 5?') =>
    JSON.stringify({ id, lang, question, answer: '17' });
  const lines = [
    ...[problem(1, 'sw'), 'not json', problem(2, 'es'), problem(3, 'sw'), problem(4, 'en')],
    ...[problem(5, 'sw', '1 2 3 4 5 6'), problem(6, 'sw')],
  ];
  writeFileSync(data, lines.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command in this process. */
async function evaluate(...args: string[]) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const status = await evaluateCommand(args, {
    log: (line: string) => lines.push(line),
    error: (line: string) => complaints.push(line),
  });
  return { status, lines, stderr: complaints.join('\n') };
}

describe('evaluate', () => {
  it('prints a summary as its last line, reports malformed lines and writes samples', async () => {
    const out = join(folder, 'out');
    const inputs = ['--bundle', bundle, '--data', data, '--route', 'lingualift'];
    const { status, stderr, lines } = await evaluate(
      ...inputs,
      '--languages',
      'sw,es',
      '--out',
      out,
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/line 2 is skipped/);
    const summary = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
    expect(summary).toEqual({
      route: 'lingualift',
      ...{ n: 5, correct: 0, accuracy: 0 },
      perLanguage: {
        sw: { n: 4, correct: 0, accuracy: 0 },
        es: { n: 1, correct: 0, accuracy: 0 },
      },
    });
    expect(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))).toEqual(summary);
    const samples = readFileSync(join(out, 'samples.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; error: string | null; answer: unknown });
    expect(samples.map(({ id }) => id)).toEqual(['1', '2', '3', '5', '6']);
    expect(samples[0]?.answer).toMatchObject({ route: 'lingualift', provider: { kind: 'wasm' } });
    expect(samples[3]).toMatchObject({ answer: null, error: expect.stringMatching(/6 numbers/) });
  });

  it('takes another alignment and a limit', async () => {
    const alignment = join(folder, 'other.safetensors');
    writeFileSync(alignment, alignmentFile(500));
    const inputs = ['--bundle', bundle, '--data', data, '--route', 'langbridge', '--limit', '1'];
    const texts: string[] = [];
    for (const more of [[], ['--alignment', alignment]]) {
      const out = join(folder, `out${more.length}`);
      const { status, lines } = await evaluate(...inputs, '--seed', '3', '--out', out, ...more);
      expect(status).toBe(0);
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ n: 1 });
      const [sample = ''] = readFileSync(join(out, 'samples.jsonl'), 'utf8').split('\n');
      texts.push((JSON.parse(sample) as { answer: { text: string } }).answer.text);
    }
    expect(texts[0]).not.toBe(texts[1]);
  });

  it('exits with 2 and a sentence when it cannot be used so', async () => {
    const good = { '--bundle': bundle, '--data': data, '--route': 'direct' };
    const bad: [change: Record<string, string>, sentence: RegExp][] = [
      [{ '--data': join(folder, 'nowhere.jsonl') }, /data file .*nowhere\.jsonl cannot be read/],
      [{ '--bundle': join(folder, 'nowhere') }, /bundle\.json/],
      [{ '--route': 'teleport' }, /--route must be one of direct, gloss/],
      [{ '--colour': 'red' }, /--colour/],
      [{ '--limit': 'many' }, /--limit must be a whole number/],
      [{ '--languages': 'xx' }, /no problem in xx/],
      [{ '--alignment': data }, /--alignment has no use/],
    ];
    for (const [change, sentence] of bad) {
      const { status, stderr } = await evaluate(...Object.entries({ ...good, ...change }).flat());
      expect(stderr).toMatch(sentence);
      expect(status).toBe(2);
    }
  });

  it('is a script whose exit status and streams tell the same', () => {
    const script = [join(root, 'node_modules/tsx/dist/cli.mjs'), join(root, 'cli/evaluate.ts')];
    const args = ['--bundle', bundle, '--data', join(folder, 'none'), '--route', 'direct'];
    const result = spawnSync(process.execPath, [...script, ...args], { encoding: 'utf8' });
    expect(result.status).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(/data file .* cannot be read/);
  });
});
