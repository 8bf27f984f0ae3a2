// The addresses of the rooms, and what the page says about a browser that lacks something.
import { describe, expect, it } from 'vitest';
import { roomIdFromHash } from '../../../src/app/address.ts';
import { findShortcoming, readEnvironment } from '../../../src/app/environment.ts';

describe('roomIdFromHash', () => {
  const rooms = [{ id: 'ask' }, { id: 'models' }] as const;

  it('opens the room that the address names', () => {
    expect(roomIdFromHash('#models', [...rooms])).toBe('models');
    expect(roomIdFromHash('#MODELS', [...rooms])).toBe('models');
  });

  it('opens the first room for every other address', () => {
    expect(roomIdFromHash('', [...rooms])).toBe('ask');
    expect(roomIdFromHash('#nowhere', [...rooms])).toBe('ask');
  });
});

describe('findShortcoming', () => {
  const complete = { hasWebAssembly: true, crossOriginIsolated: true };

  it('finds nothing where all is there', () => {
    expect(findShortcoming(complete)).toBeNull();
  });

  it('warns where threads are missing, and says which headers bring them', () => {
    const found = findShortcoming({ ...complete, crossOriginIsolated: false });
    expect(found?.severity).toBe('warn');
    expect(found?.details).toContain('Cross-Origin-Embedder-Policy: require-corp');
  });

  it('refuses where WebAssembly is missing', () => {
    expect(findShortcoming({ hasWebAssembly: false, crossOriginIsolated: false })?.severity).toBe(
      'bad',
    );
  });

  it('reads WebAssembly from the scope it is given', () => {
    expect(readEnvironment(globalThis).hasWebAssembly).toBe(true);
  });
});
