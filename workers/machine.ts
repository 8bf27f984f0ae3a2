// What a browser's machine offers to models, asked of it in one place.
import type { Machine } from '../src/bridge/provider.ts';

/** More threads than this gain nothing for the models that fit a page, and would slow the page down. */
const mostThreads = 4;

/** What `chooseProvider` looks at, and the adapter itself; `null` where there is no WebGPU. */
export interface BrowserMachine {
  adapter: GPUAdapter | null;
  machine: Machine;
}

/** Asks the browser. */
export async function readMachine(): Promise<BrowserMachine> {
  const adapter = (await navigator.gpu?.requestAdapter()) ?? null;
  const isolated = globalThis.crossOriginIsolated;
  const threads = isolated ? usableThreads() : 1;
  return { adapter, machine: { adapter: adapter?.info ?? null, isolated, threads } };
}

/** Half the cores: the other half is for the page. */
function usableThreads(): number {
  return Math.min(mostThreads, Math.max(1, Math.floor(navigator.hardwareConcurrency / 2)));
}
