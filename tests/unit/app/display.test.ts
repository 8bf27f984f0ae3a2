// How numbers, calculations, steps and outcomes are put into words.
import { describe, expect, it } from 'vitest';
import { answerFacts, speedText, standing } from '../../../src/app/ask/outcome.ts';
import { routeDescriptions, routeName } from '../../../src/app/ask/routes.ts';
import { spoken } from '../../../src/app/ask/spoken.ts';
import { transcript } from '../../../src/app/ask/transcript.ts';
import { typesetExpression, typesetNumber } from '../../../src/app/ask/typeset.ts';
import { describeProgress } from '../../../src/app/models/progress.ts';
import { sizesByPart } from '../../../src/app/models/sizes.ts';
import {
  formatBytes,
  formatDuration,
  formatRate,
  formatTime,
} from '../../../src/app/shared/format.ts';
import { parseReasoning } from '../../../src/bridge/reasoning.ts';
import { routes } from '../../../src/bridge/types.ts';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { answerWith } from './fakes.ts';

const text = 'apples: <<12+5=17>>\nleft: <<17-2=15>>\n#### 15';
const run = { route: 'lingualift', status: 'running', text, answer: null, error: null } as const;
const done = { ...run, status: 'done', answer: answerWith(text, 'lingualift') } as const;

describe('format', () => {
  it('gives sizes, times and rates their units', () => {
    expect(formatBytes(999)).toBe('999 bytes');
    expect(formatBytes(819_600)).toBe('820 kB');
    expect(formatBytes(12_345_678)).toBe('12.3 MB');
    expect(formatDuration(8.4)).toBe('8 ms');
    expect(formatDuration(1440)).toBe('1.4 s');
    expect(formatRate(118.4)).toBe('118 tokens/s');
    expect(formatRate(0.84)).toBe('0.8 tokens/s');
    expect(formatTime(40_000)).toBe('40 s');
    expect(formatTime(200_000)).toBe('3 min');
    expect(formatTime(4_800_000)).toBe('80 min');
    expect(formatTime(7_500_000)).toBe('2 h 5 min');
  });
});

describe('describeProgress', () => {
  it('counts bytes while downloading and names the part afterwards', () => {
    const bytes = { loadedBytes: 4_700_000, totalBytes: 9_900_000 };
    expect(describeProgress({ phase: 'download', item: 'a.onnx', ...bytes })).toEqual({
      phase: 'Downloading the models',
      detail: '4.7 MB of 9.9 MB',
      percent: 47,
    });
    expect(describeProgress({ phase: 'compile', item: 'encoder', ...bytes }).detail).toBe(
      'encoder',
    );
  });

  it('starts at nothing and never passes the whole', () => {
    expect(describeProgress(null).percent).toBe(0);
    const surplus = { phase: 'download', item: 'a', loadedBytes: 3, totalBytes: 2 } as const;
    expect(describeProgress(surplus).percent).toBe(100);
    expect(describeProgress({ ...surplus, totalBytes: 0 }).percent).toBe(0);
  });
});

describe('sizesByPart', () => {
  it('adds up the files of each folder and leaves out parts that are not there', () => {
    const file = (bytes: number) => ({ bytes, sha256: '' });
    expect(
      sizesByPart({
        'llm/config.json': file(2),
        'llm/onnx/m.onnx': file(40),
        'encoder/e': file(7),
      }),
    ).toEqual([
      { name: 'Encoder', bytes: 7 },
      { name: 'LLM', bytes: 42 },
    ]);
  });
});

describe('typeset', () => {
  it.each([
    ['12*5-3', '12 × 5 − 3'],
    ['(1.5+2)/-3', '(1.5 + 2) ÷ −3'],
    ['-4+9', '−4 + 9'],
    ['12 *', '12 ×'],
    ['', ''],
  ])('sets %o as %o', (expression, printed) => {
    expect(typesetExpression(expression)).toBe(printed);
  });

  it('gives negative numbers a real minus sign', () => {
    expect(typesetNumber('-12')).toBe('−12');
  });
});

describe('transcript', () => {
  it('holds the question, the numbered steps and the answer', () => {
    expect(transcript('How many?', parseReasoning(text))).toBe(
      'How many?\n\n1. apples: 12 + 5 = 17\n2. left: 17 − 2 = 15\n\nAnswer: 15',
    );
  });

  it('leaves out what a stopped run does not have', () => {
    expect(transcript('How many?', parseReasoning('apples: <<12/0='))).toBe(
      'How many?\n\n1. apples: 12 ÷ 0 = ?',
    );
    expect(transcript('How many?', parseReasoning(''))).toBe('How many?');
  });
});

describe('spoken', () => {
  it('reads a step once it is whole, and only ever adds to what was read', () => {
    const heard = Array.from(text, (_, end) => spoken({ ...run, text: text.slice(0, end) }, false));
    for (const [index, sentences] of heard.entries()) {
      expect(sentences.slice(0, heard[index - 1]?.length ?? 0)).toEqual(heard[index - 1] ?? []);
    }
    expect(heard.at(-1)).toEqual(['apples: 12 + 5 = 17', 'left: 17 − 2 = 15']);
    expect(spoken(done, false)).toEqual(['apples: 12 + 5 = 17', 'left: 17 − 2 = 15', 'Answer: 15']);
  });

  it('leaves an error to the alert that shows it', () => {
    const error = new LinguaLiftError('question-too-long', 'Too long.');
    expect(spoken({ ...run, text: '', status: 'failed', error }, false)).toEqual([]);
  });

  it('reads only outcomes, each with its route, when routes are compared', () => {
    expect(spoken(run, true)).toEqual([]);
    expect(spoken(done, true)).toEqual(['LinguaLIFT: Answer: 15']);
  });
});

describe('standing', () => {
  const nothing = parseReasoning('');
  const answered = parseReasoning(text);

  it('says why there is no answer', () => {
    expect(standing({ ...run, status: 'waiting' }, nothing)).toMatch(/until the models are ready/);
    expect(standing(run, nothing)).toMatch(/Reading/);
    expect(standing({ ...run, status: 'stopped' }, nothing)).toMatch(/Stopped/);
    expect(standing({ ...run, status: 'failed' }, nothing)).toMatch(/gave up/);
    expect(standing(done, nothing)).toMatch(/ended without/);
    const cut = { ...done, answer: answerWith('', 'lingualift', 'length') };
    expect(standing(cut, nothing)).toMatch(/longest text/);
  });

  it('is silent beside steps, an answer or an error', () => {
    expect(standing(run, answered)).toBeNull();
    expect(standing(done, answered)).toBeNull();
    const error = new LinguaLiftError('question-too-long', 'Too long.');
    expect(standing({ ...run, status: 'failed', error }, nothing)).toBeNull();
  });
});

describe('the small print', () => {
  it('adds up the times', () => {
    expect(speedText(answerWith('', 'lingualift'))).toBe('10 ms · 5 tokens/s');
  });

  it('names the encoder only where the question went through it', () => {
    const bridged = answerWith('', 'lingualift');
    const names = (answer: typeof bridged) => answerFacts(answer).map(([name]) => name);
    expect(names(bridged)).toContain('Reading (encoder)');
    const prompt = { ...bridged.prompt, softPromptLength: 0, glossLanguage: 'sw' };
    expect(names({ ...bridged, prompt })).toEqual([
      'Dictionary',
      'Taking in the prompt',
      'Writing',
    ]);
    expect(answerFacts({ ...bridged, prompt })[0]).toEqual(['Dictionary', 'Swahili']);
  });
});

describe('the routes', () => {
  it('are all explained, in the order of the bridge', () => {
    expect(routeDescriptions.map(({ route }) => route)).toEqual([...routes]);
    expect(routeName('gloss')).toBe('Gloss');
  });
});
