// What keeps a question from being asked, and which keys send it.
import { describe, expect, it } from 'vitest';
import {
  countCharacters,
  maxQuestionCharacters,
  questionProblem,
  sendsQuestion,
} from '../../../src/app/ask/question.ts';

const enter = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 };

describe('questionProblem', () => {
  it('accepts a question in any script up to the limit', () => {
    expect(questionProblem('一箱有12盒铅笔')).toBeNull();
    expect(questionProblem(`  ${'𞤀'.repeat(maxQuestionCharacters)}  `)).toBeNull();
  });

  it('says by how much a question is too long', () => {
    expect(questionProblem('x'.repeat(maxQuestionCharacters + 1234))).toMatch(/1,234 characters/);
  });

  it('says what to do about an empty box', () => {
    expect(questionProblem('\n\t')).toMatch(/Type a math problem/);
  });
});

describe('countCharacters', () => {
  it('counts a character outside the basic plane once', () => {
    expect(countCharacters('𞤀𞤁!')).toBe(3);
  });
});

describe('sendsQuestion', () => {
  it('sends on Enter alone', () => {
    expect(sendsQuestion(enter)).toBe(true);
    expect(sendsQuestion({ ...enter, shiftKey: true })).toBe(false);
    expect(sendsQuestion({ ...enter, key: 'a' })).toBe(false);
  });

  it('leaves Enter to an input method that is composing, in every browser', () => {
    expect(sendsQuestion({ ...enter, isComposing: true })).toBe(false);
    expect(sendsQuestion({ ...enter, keyCode: 229 })).toBe(false);
  });
});
