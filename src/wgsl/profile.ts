// What kernels need to know about the device they are written for: its kind and its limits. Known from the
// adapter alone, so a step can be planned, and its memory told, before a device exists.

/**
 * - `gpu`: real hardware; shared memory and large workgroups pay
 * - `software`: SwiftShader or llvmpipe; a workgroup is a loop, a barrier a context switch
 */
export type AdapterKind = 'gpu' | 'software';

export interface Profile {
  kind: AdapterKind;
  limits: Pick<
    GPUSupportedLimits,
    | 'maxBufferSize'
    | 'maxStorageBufferBindingSize'
    | 'maxStorageBuffersPerShaderStage'
    | 'maxComputeWorkgroupsPerDimension'
    | 'maxComputeInvocationsPerWorkgroup'
    | 'maxComputeWorkgroupStorageSize'
  >;
  /** `shader-f16`, `subgroups`, `timestamp-query`: used where present, never needed. */
  features: ReadonlySet<string>;
}

/** The limits that WebGPU promises on every device. */
export const guaranteedLimits: Profile['limits'] = {
  maxBufferSize: 268_435_456,
  maxStorageBufferBindingSize: 134_217_728,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupsPerDimension: 65_535,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16_384,
};

const software = /swiftshader|llvmpipe|lavapipe|software|microsoft basic render/i;

/** The kind of an adapter by what it says of itself. */
export function adapterKind(
  info: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'>,
): AdapterKind {
  const text = [info.vendor, info.architecture, info.device, info.description].join(' ');
  return software.test(text) ? 'software' : 'gpu';
}
