// Compute pipelines of a plan's dispatches: each text of a kernel is compiled once.
import { WgslError } from './errors.ts';
import type { Dispatch } from './plan.ts';
import { shaderCode } from './shader.ts';

/**
 * The pipeline of each dispatch. Those with the same text share one.
 * @throws WgslError `rejected` with the kernel's label and the compiler's message
 */
export async function compileKernels(
  device: GPUDevice,
  dispatches: readonly Dispatch[],
): Promise<GPUComputePipeline[]> {
  const compiled = new Map<string, Promise<GPUComputePipeline>>();
  const pipelines = dispatches.map((dispatch) => {
    const code = shaderCode(dispatch);
    const pipeline = compiled.get(code) ?? compileKernel(device, dispatch.label, code);
    compiled.set(code, pipeline);
    return pipeline;
  });
  return Promise.all(pipelines);
}

async function compileKernel(
  device: GPUDevice,
  label: string,
  code: string,
): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ label, code });
  try {
    const compute = { module, entryPoint: 'main' };
    return await device.createComputePipelineAsync({ label, layout: 'auto', compute });
  } catch (cause) {
    const { messages } = await module.getCompilationInfo();
    const lines = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`);
    throw new WgslError('rejected', [`${label} does not compile.`, ...lines].join('\n'), {
      cause,
    });
  }
}
