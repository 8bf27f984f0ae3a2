// onnxruntime-web on WebGPU: a graph of one MatMul with the weight as ONNX files store it, [K, N], and
// tensors that stay on the device. dyᵀ x is a Gemm, which can transpose its first operand.
import * as ort from 'onnxruntime-web/webgpu';
import { GraphBuilder } from '../../src/onnx/builder.ts';
import { DataType } from '../../src/onnx/dataTypes.ts';
import { encodeModel } from '../../src/onnx/index.ts';
import type { Contender, Problem } from '../problems.ts';

export const onnxruntime: Contender = async (problem, { a, b }) => {
  const { layout, M, N, K } = problem;
  const model = encodeModel(graph(problem, layout === 'NT' ? transposed(b, N, K) : b));
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['webgpu'],
    preferredOutputLocation: 'gpu-buffer',
  });
  const device = await ort.env.webgpu.device;
  const buffer = device.createBuffer({
    size: a.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
  device.queue.writeBuffer(buffer, 0, a);
  const dims = layout === 'TN' ? [K, M] : [M, K];
  const feeds = { a: ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims }) };
  const once = async (): Promise<ort.Tensor> => {
    const { out } = await session.run(feeds);
    if (!out) throw new Error('The session gave no output.');
    return out;
  };
  return {
    name: 'onnxruntime-web',
    async run(times) {
      for (let i = 0; i < times; i++) (await once()).dispose();
      await device.queue.onSubmittedWorkDone();
    },
    async read() {
      return (await (await once()).getData(true)) as Float32Array;
    },
    async dispose() {
      await session.release();
      buffer.destroy();
    },
  };
};

function graph({ layout, M, N, K }: Problem, b: Float32Array) {
  const builder = new GraphBuilder();
  builder.input('a', DataType.FLOAT, layout === 'TN' ? [K, M] : [M, K]);
  builder.output('out', DataType.FLOAT, [M, N]);
  builder.floats('b', [K, N], b);
  const named = { outputs: ['out'] };
  if (layout === 'TN') builder.node('Gemm', '/Gemm', ['a', 'b'], { transA: { int: 1 } }, named);
  else builder.node('MatMul', '/MatMul', ['a', 'b'], {}, named);
  return builder.model('bench');
}

/** [N, K] -> [K, N] */
function transposed(values: Float32Array, N: number, K: number): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % N) * K + Math.floor(i / N)] ?? NaN);
}
