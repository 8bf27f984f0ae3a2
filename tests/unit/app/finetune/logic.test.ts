// What is read from files, drawn and compared: own problems, slots, curves, differences, learned files.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  accuracyPoints,
  meanPhases,
  progressOf,
  remainingMs,
  smooth,
  thin,
  tokenRate,
} from '../../../../src/app/finetune/curves.ts';
import {
  developmentLanguages,
  measuredLanguages,
} from '../../../../src/app/finetune/development.ts';
import { differences } from '../../../../src/app/finetune/differences.ts';
import { replacementOf } from '../../../../src/app/models/alignmentFiles.ts';
import { formatNumber, formatWork } from '../../../../src/app/finetune/numbers.ts';
import { parseOwnProblems } from '../../../../src/app/finetune/ownProblems.ts';
import { builtIn, ownSentences } from '../../../../src/app/finetune/sentences.ts';
import {
  builtInSentence,
  ownSentence,
  type SlottedProblem,
} from '../../../../src/app/finetune/slots.ts';
import { calculate } from '../../../../src/bridge/calculator.ts';
import { wilson } from '../../../../src/evaluate/statistics/wilson.ts';
import { bundle } from '../fakes.ts';
import { config, measured, stepAt } from './fakes.ts';

const slots = { numerals: 'slots', slots: { question: 16, result: 16 } } as const;

describe('parseOwnProblems', () => {
  it('reads JSON lines and lists bad ones by number', () => {
    const text =
      '{"question": "2+2?", "answer": 4}\nnonsense\n\n{"question": "1?"}\n{"problem": "3?", "solution": "3"}\n[1]';
    expect(parseOwnProblems(text)).toEqual({
      problems: [
        { line: 1, question: '2+2?', answer: '4' },
        { line: 5, question: '3?', answer: '3' },
      ],
      rejected: [
        { line: 2, reason: 'it is no JSON' },
        { line: 4, reason: 'the answer is missing' },
        { line: 6, reason: 'it is no JSON object' },
      ],
    });
  });

  it('reads tab-separated text by the names of its columns, in any order', () => {
    const { problems } = parseOwnProblems('id\tAnswer\tQuestion\r\n1\t4\t2+2?\r\n');
    expect(problems).toEqual([{ line: 2, question: '2+2?', answer: '4' }]);
  });

  it('takes the first two columns where no name says otherwise', () => {
    expect(parseOwnProblems('2+2?\tfirst\\n#### 4\nno tab\n\t5')).toEqual({
      problems: [{ line: 1, question: '2+2?', answer: 'first\n#### 4' }],
      rejected: [
        { line: 2, reason: 'there is no tab between a question and an answer' },
        { line: 3, reason: 'the question is missing' },
      ],
    });
  });
});

describe('ownSentence', () => {
  it('puts slots in place of the numbers of a question and of its calculations', () => {
    const answer = 'Natalia sold 48/2 = <<48/2=24>>24 in May, <<48+24=72>>72 in all.\n#### 72';
    expect(ownSentence('She sold 48 clips, and half as many in May.', answer, slots)).toEqual({
      text: 'She sold <n0> clips, and half as many in May.',
      solution:
        'Natalia sold <n0>/2 = <<<n0>/2=<r0>>><r0> in May, <<<n0>+<r0>=<r1>>><r1> in all.\n#### <r1>',
    });
  });

  it('adds the answer where the solution ends with its last calculation', () => {
    expect(ownSentence('2 and 3?', '<<2+3=5>>', slots).solution).toBe(
      '<<<n0>+<n1>=<r0>>>\n#### <r0>',
    );
  });

  it('keeps an answer without calculations out of what the LLM learns to write', () => {
    expect(ownSentence('2 and 3?', '5', slots)).toEqual({ text: '<n0> and <n1>?', solution: null });
  });

  it('leaves numbers as they are where the bundle reads digits', () => {
    expect(ownSentence('2 and 3?', '5', { numerals: 'digits' })).toEqual({
      text: '2 and 3?',
      solution: '5',
    });
  });

  it('writes every built-in problem in digits for a bundle without slots', () => {
    const lines = readFileSync(`public/${builtIn.path}`, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(builtIn.count);
    for (const line of lines) {
      const { text, solution } = builtInSentence(JSON.parse(line) as SlottedProblem, {
        numerals: 'digits',
      });
      expect(`${text} ${solution}`).not.toMatch(/<[nr]\d/);
      const calculations = [...(solution ?? '').matchAll(/<<(.+?)=(.+?)>>/g)];
      expect(calculations).not.toEqual([]);
      for (const [, expression = '', result = ''] of calculations) {
        expect([line, calculate(expression)]).toEqual([line, calculate(result)]);
      }
    }
  });

  it('refuses a calculation that is wrong', () => {
    expect(() => ownSentence('2 and 3?', '<<2+3=6>>', slots)).toThrow(
      '2+3 is 5, and the answer says 6',
    );
  });
});

describe('ownSentences', () => {
  const manifest = { ...bundle.manifest, ...slots };

  it('lists wrong calculations among the lines that were left out, in order', () => {
    const text = '2 and 3?\t<<2+3=6>>\nno tab\n4 and 5?\t<<4+5=9>>\n6?\t6';
    const { sentences, rejected, withoutSolution } = ownSentences('mine.tsv', text, manifest);
    expect(sentences).toHaveLength(2);
    expect(rejected.map(({ line }) => line)).toEqual([1, 2]);
    expect(withoutSolution).toBe(1);
  });
});

describe('curves', () => {
  it('smooths without leaning towards the start', () => {
    expect(smooth([5, 5, 5]).map((value) => Number(value.toFixed(6)))).toEqual([5, 5, 5]);
    const [, second = 0] = smooth([0, 1]);
    expect(second).toBeCloseTo(0.1 / 0.19, 6);
  });

  it('thins evenly and keeps the last point', () => {
    expect(thin([1, 2, 3, 4, 5], 2)).toEqual([2, 5]);
    expect(thin([1, 2], 5)).toEqual([1, 2]);
    expect(thin([], 5)).toEqual([]);
  });

  it('averages phases and speed over the last steps', () => {
    const curve = [stepAt(1, { milliseconds: 4000 }), stepAt(2), stepAt(3)];
    expect(meanPhases(curve)).toEqual([
      { name: 'encode', milliseconds: 100 },
      { name: 'forward', milliseconds: 400 },
    ]);
    expect(tokenRate(curve, 2)).toBe(2000);
    expect(tokenRate([])).toBe(0);
  });

  it('forecasts from the second step on, without the first, and adds the measurements to come', () => {
    const run = { steps: 10, evaluateEvery: 5 };
    expect(remainingMs([stepAt(1)], run, 0)).toBeNull();
    const curve = [stepAt(1, { milliseconds: 9000 }), stepAt(2)];
    expect(remainingMs(curve, run, 1000)).toBe(8 * 500 + 2 * 1000);
  });

  it('gives accuracy its interval', () => {
    const [point] = accuracyPoints([measured(0, 5)]);
    expect(point).toMatchObject({ lang: 'eo', accuracy: 0.25 });
    expect([point?.low, point?.high]).toEqual(wilson(5, 20));
  });

  it('compares the first measurement with the latest', () => {
    const [progress] = progressOf([measured(0, 3), measured(20, 8), measured(40, 12)]);
    expect([progress?.before.right, progress?.now.right]).toEqual([3, 12]);
  });
});

describe('differences', () => {
  const base = { config, languages: ['eo'] };

  it('names the settings that are not the same everywhere', () => {
    const other = {
      config: { ...config, settings: { ...config.settings, learningRate: 6e-4 } },
      languages: ['ht'],
    };
    expect(differences([base, other])).toEqual([
      { label: 'Languages', values: ['Esperanto', 'Haitian Creole'] },
      { label: 'Learning rate', values: ['2e-3', '6e-4'] },
    ]);
  });

  it('finds none between equals', () => {
    expect(differences([base, base])).toEqual([]);
  });
});

describe('measuredLanguages', () => {
  it('takes the languages of the lists, or those of the bundle, and always English', () => {
    expect(measuredLanguages(['eo', 'xx'], ['es'])).toEqual(['eo', 'en']);
    expect(measuredLanguages([], ['en', 'es', 'sw'])).toEqual(['es', 'sw', 'en']);
  });

  it('knows every language that has problems', () => {
    const files = readdirSync(new URL('../../../../public/problems/', import.meta.url));
    expect([...developmentLanguages].sort()).toEqual(
      files.map((name) => name.replace('.jsonl', '')).sort(),
    );
  });
});

describe('replacementOf', () => {
  const file = (name: string) => ({ name, bytes: new TextEncoder().encode(name) });

  it('tells the alignment from the adapter, whatever the folder', () => {
    const files = ['run/adapter_model.safetensors', 'run/adapter_config.json', 'my.safetensors'];
    const { alignment, adapter } = replacementOf(files.map(file));
    expect(new TextDecoder().decode(alignment)).toBe('my.safetensors');
    expect(adapter).not.toBeNull();
    expect(replacementOf([file('my.safetensors')]).adapter).toBeNull();
  });

  it('asks for what is missing', () => {
    expect(() => replacementOf([file('notes.txt')])).toThrow('no alignment among these files');
    expect(() => replacementOf(['a.safetensors', 'adapter_config.json'].map(file))).toThrow(
      'two files',
    );
  });
});

describe('numbers', () => {
  it('are written shortly, with units', () => {
    expect(formatNumber(0.0006)).toBe('6e-4');
    expect(formatNumber(1.23456)).toBe('1.235');
    expect(formatNumber(0)).toBe('0');
    expect(formatWork(1.44e10)).toBe('14 GFLOP');
    expect(formatWork(3.2e12)).toBe('3.2 TFLOP');
  });
});
