// The matmul kernel that reads A and B straight from memory, four neighbours at a time, and keeps a tile of
// C in registers. For adapters without fast shared memory. The text is unrolled here: SwiftShader keeps
// named variables in registers, arrays in memory.
import type { Layout, Product } from './matmul.ts';
import { accumulators, addOuterProduct, letter, range, store } from './matmulTile.ts';
import type { Tile } from './tiles.ts';

/** The kernel's body and grid. */
export function directKernel(product: Product): {
  body: string;
  workgroups: readonly [number, number];
} {
  const { M, N, a, b, tile } = product;
  const body = /* wgsl */ `
${a.code}
${b.code}
@compute @workgroup_size(${tile.across}, ${tile.down})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let m = id.y * ${tile.rows}u;
  let n = id.x * ${tile.columns}u;
  if (m >= M || n >= N) { return; }
  ${accumulators(tile).join('\n  ')}
  ${inner[product.layout](product)}
  ${store(product).join('\n  ')}
}`;
  return {
    body,
    workgroups: [
      Math.ceil(N / (tile.columns * tile.across)),
      Math.ceil(M / (tile.rows * tile.down)),
    ],
  };
}

/** Rows past the end are read from the last row and never stored. */
const row = (base: string, offset: number, count: string) =>
  `min(${base} + ${offset}u, ${count} - 1u)`;

const inner: Record<Layout, (product: Product) => string> = {
  // Both run along K: dot products of rows.
  NT: ({ tile }) => `
  for (var k = 0u; k < (K + 3u) / 4u; k++) {
    ${range(tile.rows)
      .map((i) => `let left${i} = a4(${row('m', i, 'M')}, k);`)
      .join('\n    ')}
    ${range(tile.columns)
      .map((j) => `let right${j} = b4(${row('n', j, 'N')}, k);`)
      .join('\n    ')}
    ${range(tile.rows)
      .flatMap((i) =>
        range(tile.columns / 4).map(
          (q) =>
            `c${i}_${q} += vec4f(${range(4)
              .map((j) => `dot(left${i}, right${4 * q + j})`)
              .join(', ')});`,
        ),
      )
      .join('\n    ')}
  }`,
  // A runs along K, B along N: four rows of B, each scaled by an element of A.
  NN: ({ tile, K }) => `
  for (var k = 0u; k < (K + 3u) / 4u; k++) {
    ${range(tile.rows)
      .map((i) => `let left${i} = a4(${row('m', i, 'M')}, k);`)
      .join('\n    ')}
    ${range(4)
      .map(
        (s) => `{
      ${range(tile.columns / 4)
        .map(
          (q) =>
            // Past K the element of A is zero; the row of B must exist all the same.
            `let right${q} = b4(${K % 4 === 0 ? `4u * k + ${s}u` : row('4u * k', s, 'K')}, ${quad(q)});`,
        )
        .join('\n      ')}
      ${range(tile.rows)
        .flatMap((i) =>
          range(tile.columns / 4).map((q) => `c${i}_${q} += left${i}.${letter[s]} * right${q};`),
        )
        .join('\n      ')}
    }`,
      )
      .join('\n    ')}
  }`,
  // Both run across: outer products of rows of A and B, four steps along K at a time.
  TN: ({ tile, K }) => `
  for (var k = 0u; k < ${4 * Math.floor(K / 4)}u; k += 4u) {
    ${range(4)
      .map((step) => outerProduct(tile, `k + ${step}u`))
      .join('\n    ')}
  }
  ${range(K % 4)
    .map((rest) => outerProduct(tile, `${K - 1 - rest}u`))
    .join('\n  ')}`,
};

/** Adds what row `k` of A, transposed, times row `k` of B is. */
const outerProduct = (tile: Tile, k: string): string => `{
    ${range(tile.rows / 4)
      .map((p) => `let left${p} = a4(${k}, min(m / 4u + ${p}u, (M - 1u) / 4u));`)
      .join('\n    ')}
    ${range(tile.columns / 4)
      .map((q) => `let right${q} = b4(${k}, ${quad(q)});`)
      .join('\n    ')}
    ${addOuterProduct(tile, 'left', 'right').join('\n    ')}
  }`;

/** Quads past the end are read from the last one and never stored. */
const quad = (q: number) => `min(n / 4u + ${q}u, (N - 1u) / 4u)`;
