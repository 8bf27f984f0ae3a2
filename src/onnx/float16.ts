// IEEE half precision and bfloat16 to float32 and back, as bit patterns: Node 20 has no Float16Array,
// and ONNX Runtime Web takes float16 tensors as Uint16Array everywhere.

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** The float32 value of one half-precision bit pattern. */
export function halfBitsToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest half-precision bit pattern, ties to even; beyond 65504 infinity. */
export function floatToHalfBits(value: number): number {
  scratchFloat[0] = value;
  const bits = scratchBits[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds to 2^16 or more
  if (magnitude < 0x38800000) {
    // Subnormal half: a multiple of 2^-24, which a float64 product holds exactly before it is rounded.
    return sign | roundHalfEven(Math.abs(value) * 2 ** 24);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest > 0.5 || (rest === 0.5 && floor % 2 === 1)) return floor + 1;
  return floor;
}

/** The values of all bit patterns, once they are asked for: to look them up takes a twentieth of the time. */
let halfValues: Float32Array | null = null;

/** Half-precision bit patterns as float32. */
export function halfToFloat(halves: Uint16Array): Float32Array {
  halfValues ??= Float32Array.from({ length: 2 ** 16 }, (_, half) => halfBitsToFloat(half));
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = halfValues[halves[i] as number] as number;
  return floats;
}

/** Float32 values as half-precision bit patterns (see `floatToHalfBits`). */
export function floatToHalf(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < halves.length; i++) halves[i] = floatToHalfBits(values[i] as number);
  return halves;
}

/** bfloat16 bit patterns (the upper half of a float32) as float32. */
export function bfloat16ToFloat(patterns: Uint16Array): Float32Array {
  const bits = new Uint32Array(patterns.length);
  for (let i = 0; i < patterns.length; i++) bits[i] = (patterns[i] as number) << 16;
  return new Float32Array(bits.buffer);
}
