// The answer to the latest of several questions.
import { describe, expect, it } from 'vitest';
import { Latest } from '../../../../src/app/shared/latest.svelte.ts';
import { LinguaLiftError } from '../../../../src/bundle/errors.ts';

describe('Latest', () => {
  it('drops an answer that comes after that to a later question', async () => {
    const latest = new Latest<string>();
    let slow: (answer: string) => void = () => undefined;
    const first = latest.take(new Promise((resolve) => (slow = resolve)));
    await latest.take(Promise.resolve('second'));
    slow('first');
    await first;
    expect(latest.value).toBe('second');
  });

  it('keeps the last answer beside an error', async () => {
    const latest = new Latest<string>();
    await latest.take(Promise.resolve('good'));
    await latest.take(Promise.reject(new LinguaLiftError('no-pairs', 'It holds no pair.')));
    expect(latest).toMatchObject({ value: 'good', error: { code: 'no-pairs' } });
  });
});
