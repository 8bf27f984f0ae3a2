// The matmul kernel for GPUs: a workgroup copies a strip of A and of B to shared memory, each element once,
// and its invocations compute their tiles of C from there.
//
// Strips lie along K in both: `aStrip[k][m]` and `bStrip[k][n]`, so that the inner loop is the same for
// every layout and format: outer products of a column of A and a row of B, all in vec4.
import type { Layout, Product } from './matmul.ts';
import { accumulators, addOuterProduct, letter, range, store } from './matmulTile.ts';

/** The kernel's body and grid. */
export function sharedKernel(product: Product): {
  body: string;
  workgroups: readonly [number, number];
} {
  const { layout, M, N, a, b, tile } = product;
  const [height, width] = [tile.rows * tile.down, tile.columns * tile.across];
  const body = /* wgsl */ `
${a.code}
${b.code}
// [k][m] and [k][n], four neighbours in a vector.
var<workgroup> aStrip: array<vec4f, ${(tile.shared * height) / 4}>;
var<workgroup> bStrip: array<vec4f, ${(tile.shared * width) / 4}>;

@compute @workgroup_size(${tile.across}, ${tile.down})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let top = group.y * ${height}u;
  let left = group.x * ${width}u;
  let m = top + local.y * ${tile.rows}u;
  let n = left + local.x * ${tile.columns}u;
  ${accumulators(tile).join('\n  ')}
  for (var k0 = 0u; k0 < K; k0 += ${tile.shared}u) {
    ${copies[layout].a(product, height)}
    ${copies[layout].b(product, width)}
    workgroupBarrier();
    for (var k = 0u; k < ${tile.shared}u; k++) {
      ${range(tile.rows / 4)
        .map((p) => `let a${p} = aStrip[k * ${height / 4}u + local.y * ${tile.rows / 4}u + ${p}u];`)
        .join('\n      ')}
      ${range(tile.columns / 4)
        .map(
          (q) => `let b${q} = bStrip[k * ${width / 4}u + local.x * ${tile.columns / 4}u + ${q}u];`,
        )
        .join('\n      ')}
      ${addOuterProduct(tile, 'a', 'b').join('\n      ')}
    }
    workgroupBarrier();
  }
  ${store(product).join('\n  ')}
}`;
  return { body, workgroups: [Math.ceil(N / width), Math.ceil(M / height)] };
}

type Copy = (product: Product, extent: number) => string;

/** Copies of strips by how the operand lies in memory: across K (rows are k) or along K (columns are k). */
const copies: Record<Layout, { a: Copy; b: Copy }> = {
  NN: { a: alongK('a', 'top', 'M'), b: acrossK('b', 'left', 'N') },
  NT: { a: alongK('a', 'top', 'M'), b: alongK('b', 'left', 'N') },
  TN: { a: acrossK('a', 'top', 'M'), b: acrossK('b', 'left', 'N') },
};

/** Memory rows are k: a vector of neighbours goes to the strip as it is. */
function acrossK(name: 'a' | 'b', origin: string, count: string): Copy {
  return ({ tile }, extent) => {
    const vectors = (tile.shared * extent) / 4;
    return loop(
      tile.across * tile.down,
      vectors,
      `
      let k = k0 + i / ${extent / 4}u;
      let quad = ${origin} / 4u + i % ${extent / 4}u;
      ${name}Strip[i] = select(vec4f(), ${name}4(min(k, K - 1u), min(quad, (${count} - 1u) / 4u)), k < K && quad * 4u < ${count});`,
    );
  };
}

/** Memory rows run along K: four rows are read and turned, so that the strip is written in vectors. */
function alongK(name: 'a' | 'b', origin: string, count: string): Copy {
  return ({ tile }, extent) => {
    const squares = (tile.shared * extent) / 16;
    const load = (r: number) =>
      `let r${r} = select(vec4f(), ${name}4(min(row + ${r}u, ${count} - 1u), min(quad, (K - 1u) / 4u)), row + ${r}u < ${count} && quad * 4u < K);`;
    const turned = (s: number) =>
      `${name}Strip[(4u * (i % ${tile.shared / 4}u) + ${s}u) * ${extent / 4}u + i / ${tile.shared / 4}u] = vec4f(${range(
        4,
      )
        .map((r) => `r${r}.${letter[s]}`)
        .join(', ')});`;
    return loop(
      tile.across * tile.down,
      squares,
      `
      let row = ${origin} + 4u * (i / ${tile.shared / 4}u);
      let quad = k0 / 4u + i % ${tile.shared / 4}u;
      ${range(4).map(load).join('\n      ')}
      ${range(4).map(turned).join('\n      ')}`,
    );
  };
}

/** Shares `count` pieces of work among the workgroup's invocations. */
const loop = (invocations: number, count: number, body: string) => `
    for (var i = lane; i < ${count}u; i += ${invocations}u) {${body}
    }`;
