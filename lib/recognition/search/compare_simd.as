/**
 * The comparisons of plain_memory.ts in AssemblyScript, four values at a time. `npm run build:simd` compiles them into
 * compare_simd_binary.ts. Everything is given by addresses, in bytes; a row or query takes `rowBytes`, a multiple of 16.
 */

const VALUE_BYTES: usize = 4;
const VECTOR_BYTES: usize = 16;

/**
 * Writes the keys of all queries for `groups` groups of four rows, and the places of those groups in which one is below its
 * query's limit. Returns how many these are. The keys are `term - product`, or with `isCosine` `-product * term`.
 *
 * @param terms What belongs to the first row.
 */
export function compareByProduct(
  isCosine: bool,
  queries: usize,
  queryCount: i32,
  rows: usize,
  terms: usize,
  groups: i32,
  rowBytes: usize,
  limits: usize,
  keys: usize,
  promising: usize,
): i32 {
  const keyBytes = <usize>groups * VECTOR_BYTES;
  let end = promising;
  for (let g: usize = 0; g < keyBytes; g += VECTOR_BYTES) {
    compareGroup(true, queries, queryCount, rows + (g / VALUE_BYTES) * rowBytes, rowBytes, keys + g, keyBytes);
    const term = v128.load(terms + g);
    for (let place = g; place < <usize>queryCount * keyBytes; place += keyBytes) {
      const product = v128.load(keys + place);
      const key = isCosine ? f32x4.neg(f32x4.mul(product, term)) : f32x4.sub(term, product);
      v128.store(keys + place, key);
    }
    end = noted(queryCount, keys, g, keyBytes, limits, end);
  }
  return <i32>((end - promising) / VALUE_BYTES);
}

/** The same with squared distances as keys. */
export function compareByDifference(
  queries: usize,
  queryCount: i32,
  rows: usize,
  groups: i32,
  rowBytes: usize,
  limits: usize,
  keys: usize,
  promising: usize,
): i32 {
  const keyBytes = <usize>groups * VECTOR_BYTES;
  let end = promising;
  for (let g: usize = 0; g < keyBytes; g += VECTOR_BYTES) {
    compareGroup(false, queries, queryCount, rows + (g / VALUE_BYTES) * rowBytes, rowBytes, keys + g, keyBytes);
    end = noted(queryCount, keys, g, keyBytes, limits, end);
  }
  return <i32>((end - promising) / VALUE_BYTES);
}

/** Notes for which queries a key of a group, which begins at the place `g`, is below the limit. */
function noted(queryCount: i32, keys: usize, g: usize, keyBytes: usize, limits: usize, end: usize): usize {
  let place = g;
  for (let q: i32 = 0; q < queryCount; q++) {
    const limit = v128.load_splat<f32>(limits + <usize>q * VALUE_BYTES);
    if (v128.any_true(f32x4.lt(v128.load(keys + place), limit))) {
      store<i32>(end, <i32>(place / VALUE_BYTES));
      end += VALUE_BYTES;
    }
    place += keyBytes;
  }
  return end;
}

/** All queries with the four rows of a group. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function compareGroup(
  isProduct: bool,
  queries: usize,
  queryCount: i32,
  row: usize,
  rowBytes: usize,
  keys: usize,
  keyBytes: usize,
): void {
  let query = queries;
  let key = keys;
  let q: i32 = 0;
  // Two queries at once: each value of a row is read once for both.
  for (; q + 1 < queryCount; q += 2) {
    compareTwo(isProduct, query, row, rowBytes, key, key + keyBytes);
    query += 2 * rowBytes;
    key += 2 * keyBytes;
  }
  if (q < queryCount) {
    compareOne(isProduct, query, row, rowBytes, key);
  }
}

/** Two queries with the four rows of a group. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function compareTwo(
  isProduct: bool,
  query: usize,
  row: usize,
  rowBytes: usize,
  result: usize,
  otherResult: usize,
): void {
  const row1 = row + rowBytes;
  const row2 = row1 + rowBytes;
  const row3 = row2 + rowBytes;
  const other = query + rowBytes;
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  for (let d: usize = 0; d < rowBytes; d += VECTOR_BYTES) {
    const a = v128.load(query + d);
    const b = v128.load(other + d);
    const c0 = v128.load(row + d);
    a0 = added(isProduct, a0, a, c0);
    b0 = added(isProduct, b0, b, c0);
    const c1 = v128.load(row1 + d);
    a1 = added(isProduct, a1, a, c1);
    b1 = added(isProduct, b1, b, c1);
    const c2 = v128.load(row2 + d);
    a2 = added(isProduct, a2, a, c2);
    b2 = added(isProduct, b2, b, c2);
    const c3 = v128.load(row3 + d);
    a3 = added(isProduct, a3, a, c3);
    b3 = added(isProduct, b3, b, c3);
  }
  v128.store(result, laneSums(a0, a1, a2, a3));
  v128.store(otherResult, laneSums(b0, b1, b2, b3));
}

/** One query with the four rows of a group. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function compareOne(isProduct: bool, query: usize, row: usize, rowBytes: usize, result: usize): void {
  const row1 = row + rowBytes;
  const row2 = row1 + rowBytes;
  const row3 = row2 + rowBytes;
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  for (let d: usize = 0; d < rowBytes; d += VECTOR_BYTES) {
    const a = v128.load(query + d);
    a0 = added(isProduct, a0, a, v128.load(row + d));
    a1 = added(isProduct, a1, a, v128.load(row1 + d));
    a2 = added(isProduct, a2, a, v128.load(row2 + d));
    a3 = added(isProduct, a3, a, v128.load(row3 + d));
  }
  v128.store(result, laneSums(a0, a1, a2, a3));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function added(isProduct: bool, sum: v128, x: v128, c: v128): v128 {
  if (isProduct) {
    return f32x4.add(sum, f32x4.mul(x, c));
  }
  const difference = f32x4.sub(x, c);
  return f32x4.add(sum, f32x4.mul(difference, difference));
}

/** The sum of the lanes of each of four vectors. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function laneSums(s0: v128, s1: v128, s2: v128, s3: v128): v128 {
  const s01 = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
  const s23 = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(s01, s23, 0, 1, 4, 5), v128.shuffle<f32>(s01, s23, 2, 3, 6, 7));
}
