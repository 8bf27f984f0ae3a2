// The error class of this layer: a code for programs and one sentence that a person can act on.

export type TrainErrorCode =
  /** A setting of the step or the optimizer that makes no sense. */
  | 'bad-options'
  /** An example that no step could be made of: half a hidden state, a token that the LLM does not have. */
  | 'bad-example'
  /** An example does not fit the step that was planned. */
  | 'too-long'
  /** The model is of a kind, or has a weight in a form, that training does not know. */
  | 'unsupported-model'
  /** A parameter or moment to start from is missing or has another size. */
  | 'bad-weights'
  /** A file is no checkpoint, or a damaged one. */
  | 'bad-checkpoint'
  /** A checkpoint of another encoder, LLM, alignment or LoRA. */
  | 'other-checkpoint'
  /** An alignment to start from that connects another encoder or LLM. */
  | 'other-models'
  /** Something that has to wait until the step that is being taken is done. */
  | 'busy'
  /** Loss or gradient norm is NaN or infinite: the step was not taken. */
  | 'not-finite';

export class TrainError extends Error {
  readonly code: TrainErrorCode;

  constructor(code: TrainErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TrainError';
    this.code = code;
  }
}
