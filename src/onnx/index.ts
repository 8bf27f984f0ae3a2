// The ONNX tools of the house: what the bridge, the training engine and the command line use of this layer.
export { OnnxError, type OnnxErrorCode } from './errors.ts';
export { floatToHalf, halfToFloat } from './float16.ts';
export {
  decodeModel,
  encodeModel,
  externalLocations,
  moveInside,
  moveToExternalFile,
  type ExternalData,
  type ModelProto,
} from './model.ts';
export {
  readSafetensors,
  safetensorToFloat,
  writeSafetensors,
  floatSafetensor,
  type Safetensor,
  type Safetensors,
} from './safetensors.ts';
export type { FloatTensor } from './constants.ts';
export { readWeights } from './weights.ts';
export {
  readPackedWeights,
  type PackedBlocks,
  type PackedFloats,
  type PackedWeight,
} from './packed.ts';
export {
  describeDecoder,
  type CacheSlot,
  type DecoderConfig,
  type DecoderDescription,
  type FloatType,
} from './decoder.ts';
export type { EmbeddingTable } from './embeddingTable.ts';
export { toInputsEmbeds, type InputsEmbedsDecoder } from './inputsEmbeds.ts';
export { applyLora, readLoraAdapter, type LoraAdapter, type LoraFactors } from './lora.ts';
export {
  alignmentInputs,
  alignmentInputsOf,
  buildAlignment,
  type AlignmentInputs,
} from './alignment.ts';
export { LazyBytes } from './lazyBytes.ts';
export { withTokenTable } from './tokenTable.ts';
export { transposeApart } from './transposeApart.ts';
export { embeddingOutput, withEmbeddingOutput } from './embeddingOutput.ts';
export { statesOutput, withHiddenStates } from './hiddenStates.ts';
export { buildBert, type BertConfig, type BertFormat } from './bert.ts';
export { buildLlama, checkLlamaConfig, type LlamaConfig } from './llama.ts';
export { rotaryTables, type RotaryConfig } from './rotary.ts';
export type { WeightFormat } from './layers.ts';
export { unpackedBytes, unpackLinears } from './unpack.ts';
export { hasHalves, widenedBytes, widenHalves } from './widen.ts';
