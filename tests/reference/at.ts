// Reading an array where the index is known to lie inside.

/** `values[index]` as a number. */
export const at = (values: ArrayLike<number>, index: number): number => values[index] as number;
