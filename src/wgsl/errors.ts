// The error class of this layer: a code for programs and one sentence that names the tensor or the limit.

export type WgslErrorCode =
  /** The browser has no WebGPU, or no adapter that it would give us. */
  | 'no-webgpu'
  /** Shapes or data types of an operation's tensors do not fit each other. */
  | 'bad-shape'
  /** A tensor or a dispatch is larger than the device allows. */
  | 'above-limit'
  /** WGSL that the device refused, or another mistake of ours that it reports. */
  | 'rejected'
  /** The device was lost: driver reset, watchdog, tab in the background, `destroy()`. */
  | 'device-lost';

export class WgslError extends Error {
  readonly code: WgslErrorCode;

  constructor(code: WgslErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WgslError';
    this.code = code;
  }
}
