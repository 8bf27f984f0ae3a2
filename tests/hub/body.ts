// The bytes of a file as the test hub sends them: a range or all of it, whole or cut, at once or slowly.
import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import type { ServedFile } from './repository.ts';

export interface BodyOptions {
  file: ServedFile;
  /** The request's `Range`. */
  range: string | null;
  fault: Fault;
  /** Is told of an answer that is not going to end. */
  stall: (response: ServerResponse) => void;
}

/** Answers with the bytes of a file that were asked for. */
export async function sendBody(
  response: ServerResponse,
  { file, range, fault, stall }: BodyOptions,
): Promise<void> {
  const total = fault.instead?.length ?? file.bytes;
  const etag = fault.etag ?? `"${file.isLarge ? file.sha256 : file.blobId}"`;
  if (etag !== '') response.setHeader('ETag', etag);
  response.setHeader('Content-Type', 'application/octet-stream');
  const asked = fault.ignoreRange ? undefined : /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
  const start = asked === undefined ? 0 : Math.max(0, Number(asked) - (fault.shiftRange ?? 0));
  if (asked !== undefined && start >= total) {
    response.writeHead(416, { 'Content-Range': `bytes */${total}` }).end();
    return;
  }
  response.setHeader('Accept-Ranges', 'bytes');
  if (fault.endAfter === undefined) response.setHeader('Content-Length', total - start);
  if (asked !== undefined) {
    response.setHeader('Content-Range', `bytes ${start}-${total - 1}/${total}`);
    response.statusCode = 206;
  }
  const { flipAt = -1, slow } = fault;
  const mostBytes = fault.cutAfter ?? fault.stallAfter ?? fault.endAfter ?? Infinity;
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  response.flushHeaders();
  let at = start;
  for await (const chunk of chunksOf(file, fault.instead, start, slow)) {
    const bytes = Buffer.from(chunk);
    const flipped = bytes[flipAt - at];
    if (flipped !== undefined) bytes[flipAt - at] = flipped ^ 1;
    const room = mostBytes - (at - start);
    // What is cut off later has left before.
    const written = new Promise<void>((resolve) => {
      response.write(bytes.subarray(0, room), () => resolve());
    });
    await Promise.race([written, closed]);
    if (response.destroyed) return;
    at += bytes.length;
    if (bytes.length >= room) {
      if (fault.cutAfter !== undefined) response.destroy();
      else if (fault.stallAfter !== undefined) stall(response);
      else response.end();
      return;
    }
    if (slow !== undefined) await wait((1000 * bytes.length) / slow);
  }
  response.end();
}

function chunksOf(
  file: ServedFile,
  instead: Uint8Array | undefined,
  start: number,
  bytesPerSecond?: number,
): AsyncIterable<Uint8Array> {
  if (instead) return Readable.from([instead.subarray(start)]);
  // Ten chunks a second look like a slow line.
  const highWaterMark = bytesPerSecond === undefined ? 1 << 16 : Math.ceil(bytesPerSecond / 10);
  return createReadStream(file.source, { start, highWaterMark });
}
