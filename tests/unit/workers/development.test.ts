// Development accuracy with a bridge that answers from a table.
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/bridge/types.ts';
import { LinguaLiftError } from '../../../src/bundle/errors.ts';
import { evaluateDevelopment } from '../../../workers/development.ts';

const problem = (lang: string, question: string, answer: string) => ({
  id: `${lang} ${question}`,
  ...{ lang, question, answer },
});
const problems = [
  problem('sw', '1+1', '2'),
  problem('sw', '1+2', '3'),
  problem('eo', '1+3', '1,200.0'),
  problem('eo', 'long', '1'),
];
const goOn = new AbortController().signal;

/** Says the same to every question, and that a long one is too long. */
function bridgeThatSays(finalAnswer: string, onAnswer: () => void = () => undefined) {
  return {
    answer: (question: string): Promise<Answer> => {
      onAnswer();
      if (question === 'long') throw new LinguaLiftError('question-too-long', 'too long');
      return Promise.resolve({ text: `#### ${finalAnswer}`, finalAnswer } as Answer);
    },
  };
}

describe('evaluateDevelopment', () => {
  it('counts right answers by language, numbers as numbers', async () => {
    const event = await evaluateDevelopment(bridgeThatSays('1200'), problems, 5, goOn);
    expect(event?.step).toBe(5);
    expect(event?.scores).toEqual({ sw: { right: 0, items: 2 }, eo: { right: 1, items: 2 } });
    expect(event?.samples[2]).toEqual({
      id: 'eo 1+3',
      ...{ question: '1+3', text: '#### 1200', answer: '1,200.0', right: true },
    });
  });

  it('counts a question that cannot be read as not solved, and says why', async () => {
    const event = await evaluateDevelopment(bridgeThatSays('1'), problems, 0, goOn);
    expect(event?.samples.at(-1)).toMatchObject({ text: 'too long', right: false });
  });

  it('shows a few outputs of every language', async () => {
    const many = ['sw', 'eo', 'ht'].flatMap((lang) =>
      Array.from({ length: 9 }, (_, i) => problem(lang, String(i), '1')),
    );
    const event = await evaluateDevelopment(bridgeThatSays('1'), many, 0, goOn);
    expect(event?.samples.map(({ id }) => id)).toEqual([
      ...['sw 0', 'sw 1', 'eo 0', 'eo 1', 'ht 0', 'ht 1'],
    ]);
  });

  it('gives nothing when it is stopped, or when nothing is asked', async () => {
    const stop = new AbortController();
    const bridge = bridgeThatSays('2', () => stop.abort());
    expect(await evaluateDevelopment(bridge, problems, 0, stop.signal)).toBeNull();
    expect(await evaluateDevelopment(bridgeThatSays('2'), [], 0, goOn)).toBeNull();
  });

  it('passes on what is wrong with the models', async () => {
    const broken = { answer: () => Promise.reject(new LinguaLiftError('logits-nan', 'NaN')) };
    await expect(evaluateDevelopment(broken, problems, 0, goOn)).rejects.toThrow('NaN');
  });
});
