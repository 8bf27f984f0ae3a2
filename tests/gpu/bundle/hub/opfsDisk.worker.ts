// Checks a fact about disks on an empty folder of the origin private file system, and answers with what is wrong.
import { OpfsDisk } from '../../../../src/bundle/hub/opfsDisk.ts';
import { diskFacts } from '../../../support/disk-contract.ts';

self.onmessage = async ({ data: fact }: MessageEvent<string>) => {
  try {
    const disk = await OpfsDisk.open('disk-contract');
    for (const name of await disk.names()) await disk.remove(name);
    const check = diskFacts[fact];
    if (check === undefined) throw new Error(`no such fact: ${fact}`);
    await check(disk);
    self.postMessage(null);
  } catch (thrown) {
    self.postMessage(String(thrown));
  }
};
