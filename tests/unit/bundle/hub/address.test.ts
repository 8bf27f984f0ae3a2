// What people and presets write for a model, and the web addresses made of it.
import { describe, expect, it } from 'vitest';
import {
  fileUrl,
  formatAddress,
  listingUrl,
  parseAddress,
  parseHub,
  type HubAddress,
} from '../../../../src/bundle/hub/address.ts';

const repository = 'HuggingFaceTB/SmolLM2-135M-Instruct';
const commit = '0123456789abcdef0123456789abcdef01234567';

describe('parseAddress', () => {
  it.each<[text: string, revision: string, path: string | null]>([
    [repository, 'main', null],
    [` ${repository}/ `, 'main', null],
    [`${repository}@v1.0`, 'v1.0', null],
    [`${repository}/onnx/model_q4.onnx`, 'main', 'onnx/model_q4.onnx'],
    [`hf://${repository}`, 'main', null],
    [`hf://${repository}@${commit}/onnx/model_q4.onnx`, commit, 'onnx/model_q4.onnx'],
    [`hf://${repository}@refs/pr/3/config.json`, 'refs/pr/3', 'config.json'],
    [`hf://${repository}@refs%2Fpr%2F3/config.json`, 'refs/pr/3', 'config.json'],
    [`https://huggingface.co/${repository}`, 'main', null],
    [`https://huggingface.co/${repository}/`, 'main', null],
    [`https://HuggingFace.co/${repository}?library=transformers.js#usage`, 'main', null],
    [`http://hf.co/${repository}`, 'main', null],
    [`huggingface.co/${repository}`, 'main', null],
    [`https://huggingface.co/${repository}/tree/v1.0`, 'v1.0', null],
    [`https://huggingface.co/${repository}/tree/main/onnx`, 'main', null],
    [`https://huggingface.co/${repository}/tree/refs%2Fpr%2F3`, 'refs/pr/3', null],
    [
      `https://huggingface.co/${repository}/blob/${commit}/onnx/a%20b.onnx`,
      commit,
      'onnx/a b.onnx',
    ],
    [
      `https://huggingface.co/${repository}/resolve/refs/pr/3/config.json`,
      'refs/pr/3',
      'config.json',
    ],
    [`https://huggingface.co/${repository}/discussions/7`, 'main', null],
  ])('reads %s', (text, revision, path) => {
    expect(parseAddress(text)).toEqual({ repository, revision, path });
  });

  it('reads pages of the mirror that is set, and the hub’s own', () => {
    const mirror = 'https://mirror.example/hub';
    const address = { repository, revision: 'main', path: null };
    expect(parseAddress(`${mirror}/${repository}`, mirror)).toEqual(address);
    expect(parseAddress(`https://huggingface.co/${repository}`, mirror)).toEqual(address);
    expect(() => parseAddress(`https://mirror.example/other/${repository}`, mirror)).toThrow(
      'names no model',
    );
    expect(() => parseAddress(`${mirror}/${repository}`)).toThrow('names no model');
  });

  it.each([
    '',
    'gpt2',
    'owner/',
    '/name',
    'owner/name@',
    'owner//name',
    'owner/na me',
    'owner/name--x',
    'owner/.name',
    'owner/name-',
    `owner/${'x'.repeat(97)}`,
    'owner/name@main@other',
    'owner/name@a%2',
    'owner/name@../x/config.json',
    'owner/name@main/../secret',
    'owner/name@main/a//b',
    'owner/name@main/a\\b',
    'https://huggingface.co/',
    'https://huggingface.co/owner',
    'https://example.com/owner/name',
    'ftp://huggingface.co/owner/name',
    'https://huggingface.co.example.com/owner/name',
    'https://',
    '../owner/name',
  ])('refuses “%s” and says what to write', (text) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'hub-address' }));
    expect(() => parseAddress(text)).toThrow('owner/name');
  });

  it.each([
    ['https://huggingface.co/datasets/juletxara/mgsm', 'a data set'],
    ['hf://spaces/owner/name', 'a space'],
  ])('tells that %s is %s', (text, kind) => {
    expect(() => parseAddress(text)).toThrow(kind);
  });

  it('reads every address that it writes as the same', () => {
    const revisions = ['main', 'v1.0', commit, 'refs/pr/12', 'refs/convert/parquet'];
    const paths = [null, 'config.json', 'onnx/model_q4f16.onnx_data_1', 'a@b/c d%.json', 'π.txt'];
    for (const revision of revisions) {
      for (const path of paths) {
        const address: HubAddress = { repository, revision, path };
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }
    }
  });
});

describe('parseHub', () => {
  it.each([
    ['https://huggingface.co', 'https://huggingface.co'],
    [' https://hf-mirror.example/ ', 'https://hf-mirror.example'],
    ['http://127.0.0.1:8080/hub/', 'http://127.0.0.1:8080/hub'],
  ])('reads %s', (text, hub) => {
    expect(parseHub(text)).toBe(hub);
  });

  it.each(['', 'huggingface.co', 'ftp://a.example', 'https://', 'https://a.example/?b', 'a b'])(
    'refuses “%s”',
    (text) => {
      expect(() => parseHub(text)).toThrow(expect.objectContaining({ code: 'hub-base' }));
    },
  );
});

it('escapes what a web address cannot hold', () => {
  const hub = 'https://mirror.example/hub';
  expect(fileUrl(hub, repository, 'refs/pr/3', 'onnx/a b#1.onnx')).toBe(
    `${hub}/${repository}/resolve/refs%2Fpr%2F3/onnx/a%20b%231.onnx`,
  );
  expect(listingUrl(hub, repository, 'refs/pr/3')).toBe(
    `${hub}/api/models/${repository}/revision/refs%2Fpr%2F3?blobs=true`,
  );
});
