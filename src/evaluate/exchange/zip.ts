// A ZIP archive of text files (PKWARE APPNOTE 6.3.9, without ZIP64): for exports of many files, because a
// browser asks a person again for every download after the first.

export interface ArchiveFile {
  path: string;
  text: string;
}

/** Local header, entry of the directory, end of the directory. */
const signatures = { local: 0x04034b50, entry: 0x02014b50, end: 0x06054b50 };
/** Version of the format that knows deflate, the method's number, and the flag for names in UTF-8. */
const version = 20;
const deflated = 8;
const utf8Names = 0x0800;

/**
 * Packs files.
 * @param date recorded for all of them, ISO 8601
 */
export async function zip(files: readonly ArchiveFile[], date: string): Promise<Blob> {
  const time = dosTime(date);
  const parts: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let offset = 0;
  let directoryBytes = 0;
  for (const { path, text } of files) {
    const name = new TextEncoder().encode(path);
    const bytes = new TextEncoder().encode(text);
    const packed = await deflate(bytes);
    // What the header of a file and its entry in the directory have in common.
    const facts = [
      ...[u16(version), u16(utf8Names), u16(deflated), u32(time), u32(crc32(bytes))],
      ...[u32(packed.size), u32(bytes.length), u16(name.length), u16(0)],
    ].flat();
    const header = Uint8Array.from([...u32(signatures.local), ...facts]);
    // Behind the facts: length of a comment, disk, internal and external attributes, place of the header.
    const entry = Uint8Array.from([
      ...[...u32(signatures.entry), ...u16(version), ...facts],
      ...[...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(offset)],
    ]);
    parts.push(header, name, packed);
    directory.push(entry, name);
    offset += header.length + name.length + packed.size;
    directoryBytes += entry.length + name.length;
  }
  const end = Uint8Array.from([
    ...[...u32(signatures.end), ...u16(0), ...u16(0), ...u16(files.length), ...u16(files.length)],
    ...[...u32(directoryBytes), ...u32(offset), ...u16(0)],
  ]);
  return new Blob([...parts, ...directory, end], { type: 'application/zip' });
}

function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Blob> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Response(stream).blob();
}

function u16(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff];
}

function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}

/** Seconds in steps of two in the low half, the day since 1980 in the high half, in UTC. */
function dosTime(date: string): number {
  const at = new Date(date);
  const day = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time =
    (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | Math.floor(at.getUTCSeconds() / 2);
  return ((day << 16) | time) >>> 0;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The checksum of ISO 3309, a byte at a time. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
