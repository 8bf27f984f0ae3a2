// The bench inside the browser: everything is measured in one run, on the same adapter, in turns. Progress
// goes to the console, the result to `window.bench`.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';
import { defaultDevice, init } from '@jax-js/jax';
import * as ort from 'onnxruntime-web/webgpu';
import glue from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import binary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { openGpu, type Gpu } from '../src/wgsl/device.ts';
import { largestError } from '../tests/reference/differences.ts';
import { blockFlops, blockSizes, blockValues, jaxBlock, oursBlock } from './block.ts';
import { jax } from './contenders/jax.ts';
import { onnxruntime } from './contenders/onnxruntime.ts';
import { ours } from './contenders/ours.ts';
import { tensorflow } from './contenders/tensorflow.ts';
import { operandsOf, problemsFor, type Prepared } from './problems.ts';
import type { Comparison, Report } from './report.ts';
import { timeStep } from './step.ts';
import { compare } from './timing.ts';

declare global {
  interface Window {
    bench: Promise<Report>;
  }
}

/** Largest difference between two results, relative to the largest number: more is another computation. */
const tolerance = 1e-3;

window.bench = (async (): Promise<Report> => {
  ort.env.wasm.wasmPaths = { mjs: absolute(glue), wasm: absolute(binary) };
  ort.env.logLevel = 'error';
  const gpu = await openGpu();
  await init('webgpu');
  defaultDevice('webgpu');
  await tf.setBackend('webgpu');
  return {
    adapter: gpu.name,
    kind: gpu.profile.kind,
    matmul: await matmuls(gpu),
    block: await block(gpu),
    step: await timeStep(
      gpu,
      absolute('/bundles/embedded/bundle.json'),
      absolute('/problems/en.jsonl'),
    ),
  };
})();

async function matmuls(gpu: Gpu): Promise<Comparison[]> {
  const found: Comparison[] = [];
  for (const problem of problemsFor(gpu.profile.kind)) {
    const operands = operandsOf(problem);
    const prepared: Prepared[] = [];
    for (const contender of [ours(gpu), onnxruntime, jax, tensorflow]) {
      prepared.push(await contender(problem, operands));
    }
    const { M, N, K, layout, label } = problem;
    const flops = 2 * M * N * K;
    found.push({ label: `${label} (${layout} ${M}x${N}x${K})`, flops, ...(await race(prepared)) });
  }
  return found;
}

async function block(gpu: Gpu): Promise<Comparison> {
  const values = blockValues(blockSizes);
  const prepared = [await oursBlock(gpu, blockSizes, values), await jaxBlock(blockSizes, values)];
  const { sequences, positions, D } = blockSizes;
  const label = `layer, forward and backward, ${sequences} x ${positions} x ${D}`;
  return { label, flops: blockFlops(blockSizes), ...(await race(prepared)) };
}

/** Times what computes the same; an answer that differs from ours is said instead of timed. */
async function race(prepared: Prepared[]): Promise<Pick<Comparison, 'timings' | 'differing'>> {
  const results = new Map<Prepared, ArrayLike<number>>();
  for (const one of prepared) {
    await one.run(1);
    results.set(one, await one.read());
  }
  const expected = results.get(prepared[0] as Prepared) ?? [];
  const differing = prepared.filter((one) => !agree(results.get(one) ?? [], expected));
  const timings = await compare(prepared.filter((one) => !differing.includes(one)));
  for (const one of prepared) await one.dispose();
  console.log(
    timings.map(({ name, milliseconds }) => `${name} ${milliseconds.toFixed(2)}`).join(', '),
  );
  return { timings, differing: differing.map(({ name }) => name) };
}

/** Whether two contenders computed the same. */
function agree(actual: ArrayLike<number>, expected: ArrayLike<number>): boolean {
  return actual.length === expected.length && largestError(actual, expected) < tolerance;
}

function absolute(url: string): string {
  return new URL(url, location.href).href;
}
