// The example problems: the reader, the choice of a language, and the files themselves.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  exampleLanguages,
  exampleWindow,
  offeredLanguages,
  parseProblems,
  preferredLanguage,
} from '../../../src/app/ask/problems.ts';

const problem = (id: string) => ({ id, lang: 'en', question: `Question ${id}?`, answer: '1' });

describe('parseProblems', () => {
  it('reads a problem a line and skips blank lines', () => {
    const text = `${JSON.stringify(problem('a'))}\n\n${JSON.stringify(problem('b'))}\n`;
    expect(parseProblems(text)).toEqual([problem('a'), problem('b')]);
  });

  it('names the line that is no problem', () => {
    expect(() => parseProblems(`${JSON.stringify(problem('a'))}\n{"id": 3}`)).toThrow(/^Line 2 /);
    expect(() => parseProblems('<!doctype html>')).toThrow(/^Line 1 /);
  });
});

describe('exampleWindow', () => {
  const all = ['a', 'b', 'c', 'd'].map(problem);
  const ids = (first: number, count: number) =>
    exampleWindow(all, first, count).map(({ id }) => id);

  it('moves on and starts over after the last example', () => {
    expect(ids(0, 3)).toEqual(['a', 'b', 'c']);
    expect(ids(3, 3)).toEqual(['d', 'a', 'b']);
    expect(ids(9, 1)).toEqual(['b']);
  });

  it('shows no example twice at once', () => {
    expect(ids(2, 9)).toEqual(['c', 'd', 'a', 'b']);
    expect(exampleWindow([], 5, 3)).toEqual([]);
  });
});

describe('the language of the examples', () => {
  it('is one that the bundle knows, under the name that the bundle gives it', () => {
    const known = [
      { code: 'sw', name: 'Kiswahili' },
      { code: 'xx', name: 'Unheard' },
    ];
    expect(offeredLanguages(known)).toEqual([{ code: 'sw', name: 'Kiswahili' }]);
    expect(offeredLanguages(null)).toEqual(exampleLanguages);
  });

  it('is the first of the person’s languages that is offered, else the first offered', () => {
    expect(preferredLanguage(['is', 'DE-at', 'en'], exampleLanguages)).toBe('de');
    expect(preferredLanguage(['is'], exampleLanguages)).toBe('en');
  });
});

describe.each(exampleLanguages)('public/problems/$code.jsonl', ({ code }) => {
  const file = new URL(`../../../public/problems/${code}.jsonl`, import.meta.url);
  const problems = parseProblems(readFileSync(file, 'utf8'));

  it('holds at least forty problems in its language, each with an id of its own', () => {
    expect(problems.length).toBeGreaterThanOrEqual(40);
    expect(new Set(problems.map(({ id }) => id)).size).toBe(problems.length);
    expect(problems.every(({ lang }) => lang === code)).toBe(true);
  });

  it('has answers that are numbers', () => {
    for (const { answer } of problems) {
      expect(answer).toMatch(/^\d+(\.\d+)?$/);
    }
  });
});
