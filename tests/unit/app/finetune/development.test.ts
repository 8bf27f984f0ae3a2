// The development problems of the languages that are taught: the same ones in each, and none that a bridge was trained on
// or that the page shows elsewhere.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseProblems } from '../../../../src/app/ask/problems.ts';
import { developmentProblems } from '../../../../src/app/finetune/development.ts';

const folder = new URL('../../../../public/', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const languages = ['en', 'eo', 'ht'];
const problems = languages.map((code) => parseProblems(textOf(`development/${code}.jsonl`)));

/** A question without its numbers, signs and capitals: the same story with other numbers is the same. */
const story = (question: string) =>
  question
    .toLowerCase()
    .replace(/<n\d+>|\d+(?:[.,]\d+)*/g, '#')
    .replace(/[^\p{L}\p{M}#]+/gu, ' ')
    .trim();

describe('the development problems', () => {
  it('are sixty, with the same answers in the same order in every language', () => {
    const [english] = problems.map((ofLanguage) => ofLanguage.map(({ answer }) => answer));
    for (const ofLanguage of problems) {
      expect(ofLanguage.map(({ answer }) => answer)).toEqual(english);
    }
    expect(english).toHaveLength(60);
  });

  it('have ids of their own, and say which language they are in', () => {
    const ids = problems.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(180);
    for (const [index, code] of languages.entries()) {
      expect(new Set(problems[index]?.map(({ lang }) => lang))).toEqual(new Set([code]));
    }
  });

  it('have the same numbers in every language, so that only the language differs', () => {
    const numbers = (question = '') => (question.match(/\d+(?:\.\d+)?/g) ?? []).sort();
    const [english = [], ...others] = problems;
    for (const ofLanguage of others) {
      for (const [index, { question, id }] of ofLanguage.entries()) {
        expect([id, numbers(question)]).toEqual([id, numbers(english[index]?.question)]);
      }
    }
  });

  it('tell stories that are in no training sentence and no problem of Ask and Evaluate', () => {
    const files = readdirSync(new URL('problems/', folder)).map((name) => `problems/${name}`);
    const elsewhere = ['training/problems.jsonl', ...files].flatMap((path) =>
      textOf(path)
        .trim()
        .split('\n')
        .map((line) => story((JSON.parse(line) as { question: string }).question)),
    );
    expect(elsewhere.length).toBeGreaterThan(3000);
    const known = new Set(elsewhere);
    const seen = problems.flat().filter(({ question }) => known.has(story(question)));
    expect(seen).toEqual([]);
  });

  it('are read from where each language has its own', async () => {
    const asked: string[] = [];
    const read = await developmentProblems(['eo', 'sw', 'ht', 'en'], 3, (path) => {
      asked.push(path);
      return Promise.resolve(textOf(path));
    });
    expect(asked).toEqual([
      'development/eo.jsonl',
      'problems/sw.jsonl',
      'development/ht.jsonl',
      'development/en.jsonl',
    ]);
    expect(read.map(({ lang }) => lang)).toEqual(
      ['eo', 'sw', 'ht', 'en'].flatMap((code) => [code, code, code]),
    );
  });
});
