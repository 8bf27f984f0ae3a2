// Moving rows: token embeddings out of a (packed) table, a soft prompt into its places, the positions that
// have a label out of all.
//
//   embed      out[m] = table[ids[m]]
//   place      out[to[s]] = x[s]          backward = take:  dx[s] = dout[to[s]]
//   take       out[s] = x[from[s]]        backward = place: dx[from[s]] = dout[s]
//
// An index of `nowhere` leaves a row out: padding. Other indices must not repeat, so nothing is added up.
import { elementwise } from './elementwise.ts';
import { accessor, type Operand } from './operand.ts';
import type { Plan } from './plan.ts';
import { expectShape, matrix, type Tensor } from './tensor.ts';

/** The index that stands for no row. */
export const nowhere = 0xffff_ffff;

/**
 * Records rows of a table. Rows whose id is `nowhere` keep what they have.
 * @param options.ids u32 [M], below the table's rows
 * @param options.out f32 [M, D]
 */
export function embed(
  plan: Plan,
  { table, ids, out }: { table: Operand; ids: Tensor; out: Tensor },
): void {
  const { rows, columns } = matrix('embed', out);
  const reader = accessor('embed', 'table', table);
  expectShape('embed', ids, [rows], 'u32');
  expectShape('embed', out, [...out.shape.slice(0, -1), reader.columns]);
  const quads = Math.ceil(columns / 4);
  elementwise(plan, {
    label: 'rows.embed',
    read: { ...reader.read, ids },
    write: { out },
    constants: { D: columns, QUADS: quads },
    vectors: reader.vectors,
    count: rows * quads,
    functions: reader.code,
    statement: `
  let id = ids[i / QUADS];
  if (id == ${nowhere}u) { return; }
  let quad = i % QUADS;
  let values = table4(id, quad);
  for (var j = 0u; j < min(4u, D - 4u * quad); j++) {
    out[i / QUADS * D + 4u * quad + j] = values[j];
  }`,
    flops: 4,
  });
}

/** Records out[to[s]] = x[s] for x [S, D], to u32 [S], out [M, D]. */
export function placeRows(
  plan: Plan,
  { x, to, out }: { x: Tensor; to: Tensor; out: Tensor },
): void {
  const { rows, columns } = matrix('placeRows', x);
  expectShape('placeRows', to, [rows], 'u32');
  expectShape('placeRows', out, [...out.shape.slice(0, -1), columns]);
  elementwise(plan, {
    label: 'rows.place',
    read: { x, to },
    write: { out },
    constants: { D: columns },
    count: rows * columns,
    statement: `
  let row = to[i / D];
  if (row != ${nowhere}u) { out[row * D + i % D] = x[i]; }`,
    flops: 0,
  });
}

/** Records out[s] = x[from[s]] for x [M, D], from u32 [S], out [S, D]; `nowhere` gives zeros. */
export function takeRows(
  plan: Plan,
  { x, from, out }: { x: Tensor; from: Tensor; out: Tensor },
): void {
  const { rows, columns } = matrix('takeRows', out);
  expectShape('takeRows', from, [rows], 'u32');
  expectShape('takeRows', x, [...x.shape.slice(0, -1), columns]);
  elementwise(plan, {
    label: 'rows.take',
    read: { x, rowIndex: from },
    write: { out },
    constants: { D: columns },
    count: rows * columns,
    statement: `
  let row = rowIndex[i / D];
  out[i] = select(x[min(row, ${matrix('takeRows', x).rows - 1}u) * D + i % D], 0.0, row == ${nowhere}u);`,
    flops: 0,
  });
}
