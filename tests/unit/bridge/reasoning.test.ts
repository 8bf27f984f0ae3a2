// What the LLM wrote, split for display.
import { describe, expect, it } from 'vitest';
import { finalAnswerOf, parseReasoning } from '../../../src/bridge/reasoning.ts';

const text = 'apples in all: <<12+5=17>>\nleft: <<17-2=15>> apples\n#### 15';

describe('parseReasoning', () => {
  it('splits lines into text and calculations and sets the answer apart', () => {
    expect(parseReasoning(text)).toEqual({
      lines: [
        [
          { kind: 'text', text: 'apples in all: ' },
          { kind: 'calculation', expression: '12+5', result: '17' },
        ],
        [
          { kind: 'text', text: 'left: ' },
          { kind: 'calculation', expression: '17-2', result: '15' },
          { kind: 'text', text: ' apples' },
        ],
      ],
      finalAnswer: '15',
    });
  });

  it.each([
    ['a: <<', '', null],
    ['a: <<12', '12', null],
    ['a: <<12+5', '12+5', null],
    ['a: <<12+5=', '12+5', null],
    ['a: <<12+5=1', '12+5', '1'],
    ['a: <<12+5=17>', '12+5', '17'],
    ['a: <<5/0=>>', '5/0', null],
    ['a: << 2*(3-1) = 4 >>', '2*(3-1)', '4'],
  ])('reads the unfinished %j', (partial, expression, result) => {
    expect(parseReasoning(partial).lines[0]?.at(-1)).toEqual({
      kind: 'calculation',
      expression,
      result,
    });
  });

  it('shows no calculator marks at any moment of the stream', () => {
    for (let length = 0; length <= text.length; length++) {
      const { lines } = parseReasoning(text.slice(0, length));
      const shown = lines
        .flat()
        .map((s) => (s.kind === 'text' ? s.text : `${s.expression}${s.result ?? ''}`));
      expect(shown.join('')).not.toMatch(/<<|>>|#/);
    }
  });

  it('is empty for empty text', () => {
    expect(parseReasoning('')).toEqual({ lines: [], finalAnswer: null });
  });
});

describe('finalAnswerOf', () => {
  it.each([
    [text, '15'],
    ['#### 1,200 \nand more', '1,200'],
    ['####', null],
    ['#### ', null],
    ['no answer', null],
  ])('finds in %j: %j', (written, answer) => {
    expect(finalAnswerOf(written)).toBe(answer);
  });
});
