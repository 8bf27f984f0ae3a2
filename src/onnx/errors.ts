// The error class of this layer: a code for programs and one sentence that names the tensor, node or field.

export type OnnxErrorCode =
  /** The bytes are no ONNX model, or no safetensors file. */
  | 'not-onnx'
  | 'not-safetensors'
  /** The model points into a file that was not given, or past its end. */
  | 'missing-external-data'
  /** A node reads a value that nothing in the graph produces. */
  | 'missing-initializer'
  /** A weights file lacks a tensor, or a tensor has the wrong shape. */
  | 'missing-weight'
  | 'bad-shape'
  /** A data type or a node that these tools do not read. */
  | 'unsupported-type'
  | 'unsupported-node'
  /** The graph is no decoder, or not one of the Llama family. */
  | 'not-a-decoder'
  | 'unsupported-architecture'
  /** config.json, adapter_config.json or an alignment's metadata says something impossible. */
  | 'bad-config'
  /** A token id outside the embedding table. */
  | 'bad-token-id';

export class OnnxError extends Error {
  readonly code: OnnxErrorCode;

  constructor(code: OnnxErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OnnxError';
    this.code = code;
  }
}
