// The menu of a bundle's alignments.
import { expect, it } from 'vitest';
import { alignmentActions } from '../../../../src/app/models/alignmentActions.ts';

it('offers an import for each bridged route, and to remove what is there', () => {
  expect(alignmentActions([]).map(({ label }) => label)).toEqual([
    'Import for LangBridge',
    'Import for LinguaLIFT',
  ]);
  expect(alignmentActions(['langbridge']).at(-1)).toEqual({
    ...{ kind: 'remove', alignment: 'langbridge' },
    ...{ value: 'remove:langbridge', label: 'Remove LangBridge' },
  });
});
