// How the report writes shares.
const oneDecimal = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** A share of 1: `83.6%`. */
export function percent(share: number): string {
  return oneDecimal.format(share);
}
