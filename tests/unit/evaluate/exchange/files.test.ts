// Names of exported files, and the archive that several travel in.
import { crc32, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { exportName } from '../../../../src/evaluate/exchange/fileNames.ts';
import { zip } from '../../../../src/evaluate/exchange/zip.ts';
import { record } from './runs.ts';

describe('the name of an export', () => {
  test('says data set, day and run', () => {
    expect(exportName(record, 'html')).toBe(
      'lingualift-mgsm-2026-11-21-erster-versuch-größer.html',
    );
  });

  test('keeps every script and nothing that a file system minds', () => {
    const config = { ...record.config, dataset: 'C:\\my/data.v2' };
    expect(exportName({ ...record, config, name: 'अभ्यास / ٣?' }, 'samples.csv')).toBe(
      'lingualift-c-my-data-v2-2026-11-21-अभ्यास-٣.samples.csv',
    );
  });

  test('does without a name of the run where that is only signs, and cuts a long one', () => {
    expect(exportName({ ...record, name: '...' }, 'html')).toBe('lingualift-mgsm-2026-11-21.html');
    expect(exportName({ ...record, name: 'x'.repeat(500) }, 'html')).toHaveLength(32 + 60);
  });
});

describe('an archive', () => {
  const files = [
    { path: 'a/results.json', text: '{"x": 1}'.repeat(500) },
    { path: 'a/größe.jsonl', text: '' },
  ];

  test('has each file with its name, size, checksum and date', async () => {
    const bytes = Buffer.from(await (await zip(files, record.created)).arrayBuffer());
    const end = bytes.length - 22;
    expect(bytes.readUInt32LE(end)).toBe(0x06054b50);
    expect(bytes.readUInt16LE(end + 10)).toBe(files.length);
    let entry = bytes.readUInt32LE(end + 16);
    for (const { path, text } of files) {
      const name = Buffer.from(path);
      const packed = bytes.readUInt32LE(entry + 20);
      expect(bytes.readUInt32LE(entry)).toBe(0x02014b50);
      // 22:20:00 on 21 November, 46 years after 1980.
      expect(bytes.readUInt16LE(entry + 12)).toBe((22 << 11) | (20 << 5));
      expect(bytes.readUInt16LE(entry + 14)).toBe((46 << 9) | (11 << 5) | 21);
      expect(bytes.readUInt32LE(entry + 16)).toBe(crc32(text));
      expect(bytes.readUInt32LE(entry + 24)).toBe(Buffer.byteLength(text));
      const local = bytes.readUInt32LE(entry + 42);
      const data = local + 30 + name.length;
      expect(bytes.subarray(local + 30, data)).toEqual(name);
      expect(inflateRawSync(bytes.subarray(data, data + packed)).toString()).toBe(text);
      entry += 46 + name.length;
    }
    expect(entry).toBe(end);
  });
});
