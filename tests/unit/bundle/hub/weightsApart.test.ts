// Graphs without their weights, against the models that they were made of.
import { beforeAll, describe, expect, it } from 'vitest';
import { openBytes } from '../../../../src/bundle/hub/diskBytes.ts';
import { weightsApart } from '../../../../src/bundle/hub/weightsApart.ts';
import { decodeModel, encodeModel, moveInside } from '../../../../src/onnx/index.ts';
import { makeTwin, modelPath } from '../../../twins/twin.ts';

const location = 'model_q4.onnx.weights';

let file: Uint8Array<ArrayBuffer>;
beforeAll(() => {
  const path = modelPath('smollm2-135m-instruct', 'q4');
  file = new Uint8Array(makeTwin('smollm2-135m-instruct', 'tiny', ['q4']).get(path) ?? []);
});

/** Compared by hand: `toEqual` takes half a minute for a megabyte. */
const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(b);

/** A file on a disk, and how many bytes were read from it at most at a time and in all. */
async function onDisk(bytes: Uint8Array<ArrayBuffer>) {
  const reads: number[] = [];
  const view = await openBytes(new Blob([bytes]), (_, start, end) => {
    reads.push(end - start);
    return bytes.slice(start, end);
  });
  return { view, reads };
}

describe('weightsApart', () => {
  it('leaves a small graph that is the same model once its weights are read from the file', async () => {
    const graph = weightsApart(file, location);
    expect(graph.length).toBeLessThan(file.length / 4);
    const whole = moveInside(decodeModel(graph), new Map([[location, file]]));
    const expected = encodeModel(moveInside(decodeModel(file), new Map()));
    expect(isSame(encodeModel(whole), expected)).toBe(true);
  });

  it('looks at a file on the disk seldom, and never at all of it at once', async () => {
    const { view, reads } = await onDisk(file);
    const graph = weightsApart(view, location);
    expect(isSame(graph, weightsApart(file, location))).toBe(true);
    expect(Math.max(...reads)).toBeLessThan(file.length / 2);
    // Not one for each of its nodes and weights.
    expect(reads.length).toBeLessThan(100);
  });

  it('reads weight after weight from the disk, as ONNX Runtime does', async () => {
    const { view, reads } = await onDisk(file);
    expect(view).toBeInstanceOf(Uint8Array);
    expect(view.byteLength).toBe(file.length);
    expect(view.subarray(1000, 2000)).toEqual(file.slice(1000, 2000));
    expect(reads).toEqual([1000]);
  });

  it('leaves weights alone that are in other files already', () => {
    const files = makeTwin('qwen3-0.6b', 'tiny', ['q4']);
    const graph = files.get(modelPath('qwen3-0.6b', 'q4')) ?? new Uint8Array();
    const apart = encodeModel(decodeModel(weightsApart(graph, location)));
    expect(isSame(apart, encodeModel(decodeModel(graph)))).toBe(true);
  });

  it.each([
    ['is cut off', () => file.slice(0, file.length - 1000)],
    ['is a page', () => new TextEncoder().encode('<!doctype html><title>Not found</title>')],
  ])('refuses a file that %s', (_, make) => {
    expect(() => weightsApart(make(), location)).toThrow(
      expect.objectContaining({ code: 'model-invalid' }),
    );
  });
});
