// The WGSL of attention: one invocation per query (or key) and head, which keeps its vectors in registers
// and runs over the positions it sees. Vectors of a head are written out, four elements a variable, because
// arrays would go to memory.
import type { AdapterKind, Profile } from './profile.ts';

export type Pass = 'forward' | 'backwardQuery' | 'backwardKey';

/** Queries in a workgroup. They run over the same keys at the same time and find them in the cache. */
const lanesOf: Record<AdapterKind, number> = { gpu: 64, software: 16 };

export function attentionCode(
  profile: Profile,
  pass: Pass,
  headSize: number,
): { body: string; lanes: number } {
  const lanes = lanesOf[profile.kind];
  return { lanes, body: passes[pass](new Vectors(headSize / 4)) };
}

/** Writes statements for every quad of a head. */
class Vectors {
  readonly #quads: readonly number[];

  constructor(quads: number) {
    this.#quads = Array.from({ length: quads }, (_, quad) => quad);
  }

  /** `statement(quad)` for each, a line each. */
  each(statement: (quad: number) => string): string {
    return this.#quads.map(statement).join('\n    ');
  }

  /** Loads a head's vector into `name0`, `name1`, ... */
  load(name: string, tensor: string, base: string): string {
    return this.each((quad) => `let ${name}${quad} = ${tensor}[${base} + ${quad}u];`);
  }

  zeros(name: string): string {
    return this.each((quad) => `var ${name}${quad} = vec4f();`);
  }

  /** a·b over the whole head. */
  dot(a: (quad: number) => string, b: (quad: number) => string): string {
    return this.#quads.map((quad) => `dot(${a(quad)}, ${b(quad)})`).join(' + ');
  }
}

// Rows of q, o and their gradients hold H heads, of k and v G heads; `at` counts in vectors of four.
const common = /* wgsl */ `
const QUADS = E / 4u;
fn queryAt(row: u32, head: u32) -> u32 { return (row * H + head) * QUADS; }
fn keyAt(row: u32, head: u32) -> u32 { return (row * G + head) * QUADS; }
`;

const head = /* wgsl */ `
@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= T) { return; }
  let start = id.z * T;
`;

const passes: Record<Pass, (vectors: Vectors) => string> = {
  forward: (v) => /* wgsl */ `${common}${head}
  let row = start + id.x;
  let segment = segments[row];
  let query = queryAt(row, id.y);
    ${v.load('q', 'q', 'query')}
    ${v.zeros('sum')}
  // Online softmax: whenever a larger score comes, what was summed so far is scaled down.
  var largest = -3.0e38;
  var total = 0.0;
  for (var j = start; j <= row && segment != 0u; j++) {
    if (segments[j] != segment) { continue; }
    let key = keyAt(j, id.y / (H / G));
    let score = SCALE * (${v.dot(
      (i) => `q${i}`,
      (i) => `k[key + ${i}u]`,
    )});
    let next = max(largest, score);
    let keep = exp(largest - next);
    let p = exp(score - next);
    total = total * keep + p;
    largest = next;
    ${v.each((i) => `sum${i} = sum${i} * keep + p * v[key + ${i}u];`)}
  }
  let scale = select(0.0, 1.0 / total, segment != 0u);
    ${v.each((i) => `o[query + ${i}u] = sum${i} * scale;`)}
  logSumExp[row * H + id.y] = select(0.0, largest + log(total), segment != 0u);
}`,

  backwardQuery: (v) => /* wgsl */ `${common}${head}
  let row = start + id.x;
  let segment = segments[row];
  let query = queryAt(row, id.y);
    ${v.load('q', 'q', 'query')}
    ${v.load('g', 'dO', 'query')}
    ${v.zeros('sum')}
  let logSumExp = rowState[2u * (row * H + id.y)];
  let delta = rowState[2u * (row * H + id.y) + 1u];
  for (var j = start; j <= row && segment != 0u; j++) {
    if (segments[j] != segment) { continue; }
    let key = keyAt(j, id.y / (H / G));
    let p = exp(SCALE * (${v.dot(
      (i) => `q${i}`,
      (i) => `k[key + ${i}u]`,
    )}) - logSumExp);
    let dp = ${v.dot(
      (i) => `g${i}`,
      (i) => `v[key + ${i}u]`,
    )};
    let ds = SCALE * p * (dp - delta);
    ${v.each((i) => `sum${i} += ds * k[key + ${i}u];`)}
  }
    ${v.each((i) => `dq[query + ${i}u] = sum${i};`)}
}`,

  // Grid: keys, key heads, sequences. A key head serves H/G query heads, one after the other.
  backwardKey: (v) => /* wgsl */ `${common}${head}
  let row = start + id.x;
  let segment = segments[row];
  let key = keyAt(row, id.y);
    ${v.load('k', 'k', 'key')}
    ${v.load('v', 'v', 'key')}
    ${v.zeros('dk')}
    ${v.zeros('dv')}
  for (var h = id.y * (H / G); h < (id.y + 1u) * (H / G); h++) {
    for (var i = row; i < start + T && segment != 0u; i++) {
      if (segments[i] != segment) { continue; }
      let query = queryAt(i, h);
      let p = exp(SCALE * (${v.dot(
        (i) => `q[query + ${i}u]`,
        (i) => `k${i}`,
      )}) - rowState[2u * (i * H + h)]);
      let dp = ${v.dot(
        (i) => `dO[query + ${i}u]`,
        (i) => `v${i}`,
      )};
      let ds = SCALE * p * (dp - rowState[2u * (i * H + h) + 1u]);
      ${v.each((i) => `dk${i} += ds * q[query + ${i}u]; dv${i} += p * dO[query + ${i}u];`)}
    }
  }
    ${v.each((i) => `dk[key + ${i}u] = dk${i}; dv[key + ${i}u] = dv${i};`)}
}`,
};
