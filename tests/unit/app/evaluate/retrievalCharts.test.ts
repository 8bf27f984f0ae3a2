// What the pictures of a retrieval show.
import { describe, expect, it } from 'vitest';
import {
  heatColour,
  projectedPoints,
  projectionTable,
  similarityRange,
  similarityTable,
} from '../../../../src/app/evaluate/retrieval/charts.ts';
import type { Matches, Retrieval } from '../../../../src/evaluate/retrieval/retrieve.ts';

const names = { source: 'Swahili', target: 'English' };
const none: Matches = {
  places: new Int32Array(),
  scores: new Float32Array(),
  right: 0,
  interval: [0, 1],
};
const bothDirections = { forward: none, backward: none };
const retrieval: Retrieval = {
  states: 'encoder',
  width: 2,
  neighbours: 4,
  kept: [0, 3],
  skipped: [],
  matches: { cosine: bothDirections, margin: bothDirections },
  similarity: { data: Float32Array.of(0.5, -0.25, 0, 1), rows: 2, columns: 2 },
  projection: { points: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), explained: [0.6, 0.2] },
};

describe('the heat map', () => {
  it('has a row for each source and a column for each target', () => {
    expect(similarityTable(retrieval.similarity, names)).toEqual({
      columns: ['Swahili sentence', 'English 1', 'English 2'],
      rows: [
        [1, '0.500', '-0.250'],
        [2, '0.000', '1.000'],
      ],
    });
  });

  it('spreads its colours from the lowest cosine to the highest', () => {
    expect(similarityRange(retrieval.similarity)).toEqual({ low: -0.25, high: 1 });
    expect(heatColour(0.25)).toBe('color-mix(in oklab, var(--accent) 25.0%, var(--sheet))');
  });
});

describe('the projection', () => {
  it('gives a sentence and its translation the same number', () => {
    expect(projectedPoints(retrieval)).toEqual([
      { pair: 1, side: 'source', x: 1, y: 2 },
      { pair: 2, side: 'source', x: 3, y: 4 },
      { pair: 1, side: 'target', x: 5, y: 6 },
      { pair: 2, side: 'target', x: 7, y: 8 },
    ]);
  });

  it('shows the first pairs of many', () => {
    const kept = Array.from({ length: 500 }, (_, at) => at);
    const points = Float32Array.from({ length: 2000 }, (_, at) => at);
    const many = {
      ...retrieval,
      kept,
      projection: { points, explained: [0.6, 0.2] as [number, number] },
    };
    expect(projectedPoints(many).length).toBe(600);
    expect(projectedPoints(many)[300]).toEqual({ pair: 1, side: 'target', x: 1000, y: 1001 });
  });

  it('stands in a table, a row a sentence', () => {
    expect(projectionTable(retrieval, names).rows[2]).toEqual([1, 'English', '5.0000', '6.0000']);
  });
});
