// The order of a run's sentences over its epochs.
import { describe, expect, it } from 'vitest';
import { SentenceOrder } from '../../../src/train/sentenceOrder.ts';

const sentences = Array.from({ length: 20 }, (_, i) => `sentence ${i}`);
const take = (order: SentenceOrder<string>, count: number) =>
  Array.from({ length: count }, () => order.next());

describe('SentenceOrder', () => {
  it('gives every sentence once an epoch, and every epoch in another order', () => {
    const order = new SentenceOrder(sentences, 7);
    const epochs = Array.from({ length: 3 }, () => take(order, sentences.length));
    for (const epoch of epochs) expect([...epoch].sort()).toEqual([...sentences].sort());
    expect(new Set(epochs.map(String)).size).toBe(3);
  });

  it('depends on the seed and on nothing else', () => {
    const read = (seed: number) => take(new SentenceOrder(sentences, seed), 50);
    expect(read(7)).toEqual(read(7));
    expect(read(8)).not.toEqual(read(7));
  });

  it('says how far it is, and begins the next epoch as soon as one is done', () => {
    const order = new SentenceOrder(sentences, 7);
    take(order, 19);
    expect(order.position).toEqual({ epoch: 0, position: 19 });
    order.next();
    expect(order.position).toEqual({ epoch: 1, position: 0 });
  });

  it.each([0, 13, 19, 20, 47])('goes on from the place after %i sentences', (count) => {
    const whole = new SentenceOrder(sentences, 7);
    take(whole, count);
    const position: unknown = JSON.parse(JSON.stringify(whole.position));
    const restored = new SentenceOrder(sentences, 7);
    take(restored, 5);
    restored.restore(position as typeof whole.position);
    expect(take(restored, 30)).toEqual(take(whole, 30));
    expect(restored.position).toEqual(whole.position);
  });
});
