// Numbers as people read them: sizes, times and rates with their units.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A whole number with thousands separators: `1,234`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A share of 1: `84%`. Only all is 100%, and only nothing is 0%. */
export function formatShare(share: number): string {
  const shown = share > 0 && share < 1 ? Math.min(0.99, Math.max(0.01, share)) : share;
  return percent.format(shown);
}

/** A mean with one decimal: `1.3`. */
export function formatMean(mean: number): string {
  return oneDecimal.format(mean);
}

/** Bytes in decimal units, as browsers show downloads: `820 kB`, `12.3 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${whole.format(bytes)} bytes`;
  if (bytes < 1e6) return `${whole.format(bytes / 1000)} kB`;
  return `${oneDecimal.format(bytes / 1e6)} MB`;
}

/** Milliseconds: `8 ms` below a second, else `1.4 s`. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${whole.format(ms)} ms` : `${oneDecimal.format(ms / 1000)} s`;
}

/** A time that is left or has passed: `40 s`, `3 min`, `1 h 20 min`. */
export function formatTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Tokens per second: `118 tokens/s`, `0.8 tokens/s`. */
export function formatRate(tokensPerSecond: number): string {
  const digits = tokensPerSecond < 10 ? oneDecimal : whole;
  return `${digits.format(tokensPerSecond)} tokens/s`;
}
