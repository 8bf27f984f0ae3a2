// The pieces of a prompt.
import { describe, expect, it } from 'vitest';
import { concatenate, fillTemplate } from '../../../src/bridge/prompt.ts';

describe('fillTemplate', () => {
  it('keeps the instruction a piece of its own', () => {
    expect(fillTemplate('{question}<|end|>{instruction}', 'How many?', 'Solve:')).toEqual([
      'How many?<|end|>',
      'Solve:',
    ]);
    expect(fillTemplate('{instruction} {question}.', 'How many?', 'Solve:')).toEqual([
      'Solve:',
      ' How many?.',
    ]);
  });

  it('takes a question literally, whatever it holds', () => {
    expect(fillTemplate('{question}', "$& {instruction} $'", 'Solve:')).toEqual([
      "$& {instruction} $'",
    ]);
  });
});

describe('concatenate', () => {
  const vectors = (width: number, ...data: number[]) => ({
    data: Float32Array.from(data),
    length: data.length / width,
    width,
  });

  it('puts vectors in a row', () => {
    expect(concatenate([vectors(2, 1, 2), vectors(2), vectors(2, 3, 4, 5, 6)])).toEqual(
      vectors(2, 1, 2, 3, 4, 5, 6),
    );
  });

  it('refuses vectors of different widths', () => {
    expect(() => concatenate([vectors(2, 1, 2), vectors(3, 1, 2, 3)])).toThrow(/widths 2 and 3/);
  });
});
