// The one place that asks the browser for a GPU: adapter, device, the limits and features that we can use,
// what is missing in a sentence, and the news when the device is lost.
import { WgslError } from './errors.ts';
import { adapterKind, guaranteedLimits, type Profile } from './profile.ts';

/** Features that kernels or measurements could gain from, and how it is without them. None is needed. */
const wantedFeatures: Record<string, string> = {
  'shader-f16': 'half precision in shaders (kernels compute in single precision)',
  subgroups: 'subgroup operations (reductions go through shared memory)',
  'timestamp-query': 'timestamps on the GPU (phases are timed on the CPU)',
};

export interface Gpu {
  readonly device: GPUDevice;
  readonly profile: Profile;
  /** `vendor architecture`, as the adapter names itself. */
  readonly name: string;
  /** One sentence for each wanted feature that this device lacks. */
  readonly missing: readonly string[];
  /** Resolves with the reason when the device is gone. */
  readonly lost: Promise<WgslError>;
}

/**
 * Opens a device with the largest limits that the adapter has.
 * @throws WgslError `no-webgpu` with what to do about it
 */
export async function openGpu(gpu: globalThis.GPU | undefined = navigator.gpu): Promise<Gpu> {
  if (!gpu) {
    throw new WgslError(
      'no-webgpu',
      'This browser has no WebGPU. Chrome, Edge, and Safari 26 have it; Firefox on Windows too.',
    );
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new WgslError(
      'no-webgpu',
      'The browser has WebGPU but offers no adapter: graphics acceleration may be switched off in its settings.',
    );
  }
  const names = Object.keys(guaranteedLimits) as (keyof typeof guaranteedLimits)[];
  const device = await adapter.requestDevice({
    requiredLimits: Object.fromEntries(names.map((name) => [name, adapter.limits[name]])),
    requiredFeatures: Object.keys(wantedFeatures).filter((name) =>
      adapter.features.has(name),
    ) as GPUFeatureName[],
  });
  return adoptDevice(device);
}

/** The same for a device that someone else opened: ONNX Runtime's, to share buffers with it. */
export function adoptDevice(device: GPUDevice): Gpu {
  const { adapterInfo: info, limits, features } = device;
  return {
    device,
    profile: { kind: adapterKind(info), limits, features: features as ReadonlySet<string> },
    name: [info.vendor, info.architecture || info.description].filter(Boolean).join(' '),
    missing: Object.entries(wantedFeatures)
      .filter(([feature]) => !features.has(feature as GPUFeatureName))
      .map(([feature, use]) => `No ${feature}: ${use}.`),
    lost: device.lost.then(
      ({ reason, message }) =>
        new WgslError('device-lost', `The GPU device was lost (${reason}). ${message}`.trim()),
    ),
  };
}
