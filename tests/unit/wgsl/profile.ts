// A device that has no more than WebGPU promises: what plans are made for where there is no GPU.
import { guaranteedLimits, type Profile } from '../../../src/wgsl/profile.ts';

export const smallestDevice: Profile = {
  kind: 'gpu',
  limits: guaranteedLimits,
  features: new Set(),
};
