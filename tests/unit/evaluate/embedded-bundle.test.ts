// What the model card says of the shipped bundle, on a sample: held-out problems through the evaluator.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { evaluateCommand } from '../../../cli/evaluate-command.ts';

const path = (relative: string) => new URL(`../../../${relative}`, import.meta.url).pathname;

it('the embedded bundle solves three in four held-out problems in twenty languages through the lingualift route', async () => {
  const printed: string[] = [];
  const status = await evaluateCommand(
    [
      ...['--bundle', path('public/bundles/embedded'), '--route', 'lingualift'],
      ...['--data', path('tests/fixtures/heldout.jsonl')],
    ],
    { log: (text: string) => printed.push(text), error: () => undefined },
  );
  expect(status).toBe(0);
  const summary = JSON.parse(printed.at(-1) ?? '') as { n: number; accuracy: number };
  expect(summary.n).toBe(
    readFileSync(path('tests/fixtures/heldout.jsonl'), 'utf8').trim().split('\n').length,
  );
  expect(summary.accuracy).toBeGreaterThanOrEqual(0.75);
}, 300_000);
