// The disk of the tests does what the browser's does.
import { describe, it } from 'vitest';
import { MemoryDisk } from '../../../hub/memoryDisk.ts';
import { diskFacts } from '../../../support/disk-contract.ts';

describe('MemoryDisk', () => {
  it.each(Object.entries(diskFacts))('%s', (_, check) => check(new MemoryDisk()));
});
