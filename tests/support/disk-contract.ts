// What every disk for models does, each fact a function that throws when it is not so: the origin private file system is
// written in a worker, where no test framework runs.
import type { Disk } from '../../src/bundle/hub/disk.ts';

/** Throws unless the two are the same as JSON. */
function expectSame(actual: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${left} is not ${right}`);
}

const bytes = (...values: number[]) => new Uint8Array(values);

async function contentOf(disk: Disk, name: string): Promise<number[] | null> {
  const file = await disk.read(name);
  return file && [...new Uint8Array(await file.arrayBuffer())];
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing was thrown',
    (thrown: unknown) => (thrown as { code?: unknown }).code,
  );
}

/** Facts by name. Each is given an empty disk. */
export const diskFacts: Readonly<Record<string, (disk: Disk) => Promise<void>>> = {
  'has no file before one is opened': async (disk) => {
    expectSame(await disk.names(), []);
    expectSame(await disk.read('a'), null);
    await disk.remove('a');
  },
  'continues a file where it ended': async (disk) => {
    const first = await disk.open('a');
    first.write(bytes(1, 2, 3), 0);
    first.close();
    const second = await disk.open('a');
    expectSame(second.size(), 3);
    second.write(bytes(4, 5), 3);
    second.flush();
    second.close();
    expectSame(await contentOf(disk, 'a'), [1, 2, 3, 4, 5]);
    expectSame(await disk.names(), ['a']);
  },
  'cuts a file off': async (disk) => {
    const file = await disk.open('a');
    file.write(bytes(1, 2, 3), 0);
    file.truncate(1);
    expectSame(file.size(), 1);
    file.close();
    expectSame(await contentOf(disk, 'a'), [1]);
  },
  'reads a range': async (disk) => {
    const file = await disk.open('a');
    file.write(bytes(1, 2, 3, 4), 0);
    file.close();
    const range = (await disk.read('a'))?.slice(1, 3);
    expectSame([...new Uint8Array((await range?.arrayBuffer()) ?? [])], [2, 3]);
  },
  'knows a file that is empty from one that is missing': async (disk) => {
    (await disk.open('a')).close();
    expectSame(await contentOf(disk, 'a'), []);
    await disk.remove('a');
    expectSame(await disk.read('a'), null);
  },
  'opens a file in one place only': async (disk) => {
    const file = await disk.open('a');
    expectSame(await codeOf(disk.open('a')), 'file-busy');
    expectSame(await codeOf(disk.remove('a')), 'file-busy');
    file.close();
    (await disk.open('a')).close();
  },
};
