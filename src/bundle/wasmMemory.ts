// What there is room for on WebAssembly. Loading holds to these numbers, and models are judged by them before a download.

/** What WebAssembly addresses with 32 bits. */
export const wasmAddressBytes = 2 ** 32;

/**
 * Models whose 16-bit weights take no more than this in 32 bits are widened for WebAssembly, which has next to no 16-bit
 * kernels: ONNX Runtime converts before and after nearly every node. An LLM of 14 M parameters takes 22 ms a token as
 * it comes and 13 ms widened (onnxruntime-genai's graph; optimum's 8.7 and 5.3), of one core's time in Node. Of 4-bit
 * files the scales are widened, and the table of words where it is the LM head as well (optimum's graphs of small LLMs).
 * SmolLM2-135M in 16 bits comes to 0.54 GB, and opening it takes three times that; SmolLM2-360M comes to 1.4 GB.
 */
export const largestWidenedBytes = 768 * 2 ** 20;

/** Whether 16-bit weights take more in 32 bits than is opened. */
export function isTooWide(widenedBytes: number): boolean {
  return widenedBytes > largestWidenedBytes;
}
