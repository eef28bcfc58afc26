/**
 * The comparisons of plain_memory.ts in AssemblyScript, some values at a time. `npm run build:simd` compiles them into
 * compare_simd_binary.ts. Everything is given by addresses, in bytes.
 */

const VALUE_BYTES: usize = 4;
const VECTOR_BYTES: usize = 16;
const GROUP_SIZE: usize = 4;

/** How many values or codes of a row are taken at once, in bytes: codes of one byte become numbers of two. */
const VALUES_STEP: usize = VECTOR_BYTES;
const CODES_STEP: usize = VECTOR_BYTES / 2;

/** By what rows are compared. */
const CODES = 0;
const PRODUCTS = 1;
const DIFFERENCES = 2;

/**
 * Writes the keys of all queries for `groups` groups of four rows, and the places of those groups in which one is below its
 * query's limit. Returns how many these are. The keys are `term - product * factor`.
 *
 * @param rows The first row, of `rowBytes`, a multiple of 16; and so are the queries.
 * @param terms What belongs to the first row.
 * @param factors What belongs to the first row.
 */
export function compareProducts(
  queries: usize,
  queryCount: i32,
  rows: usize,
  terms: usize,
  factors: usize,
  groups: i32,
  rowBytes: usize,
  limits: usize,
  keys: usize,
  promising: usize,
): i32 {
  return compare(PRODUCTS, queries, 0, queryCount, rows, terms, factors, groups, rowBytes, limits, keys, promising);
}

/**
 * The same by codes: the rows have one byte for each number, the queries two, and each query has a factor of its own.
 *
 * @param rows The first row, of `rowBytes`, a multiple of 8.
 */
export function compareCodes(
  queries: usize,
  queryFactors: usize,
  queryCount: i32,
  rows: usize,
  terms: usize,
  factors: usize,
  groups: i32,
  rowBytes: usize,
  limits: usize,
  keys: usize,
  promising: usize,
): i32 {
  return compare(
    CODES, queries, queryFactors, queryCount, rows, terms, factors, groups, rowBytes, limits, keys, promising
  );
}

/** The same with squared distances as keys. */
export function compareDifferences(
  queries: usize,
  queryCount: i32,
  rows: usize,
  groups: i32,
  rowBytes: usize,
  limits: usize,
  keys: usize,
  promising: usize,
): i32 {
  return compare(DIFFERENCES, queries, 0, queryCount, rows, 0, 0, groups, rowBytes, limits, keys, promising);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function compare(
  by: i32,
  queries: usize,
  queryFactors: usize,
  queryCount: i32,
  rows: usize,
  terms: usize,
  factors: usize,
  groups: i32,
  rowBytes: usize,
  limits: usize,
  keys: usize,
  promising: usize,
): i32 {
  const queryBytes = by == CODES ? 2 * rowBytes : rowBytes;
  const keyBytes = <usize>groups * VECTOR_BYTES;
  let end = promising;
  let row = rows;
  for (let g: usize = 0; g < keyBytes; g += VECTOR_BYTES) {
    let query = queries;
    let place = g;
    let q: usize = 0;
    const lastQuery = (<usize>queryCount - 1) * VALUE_BYTES;
    // Two queries at once: each value of a row is read once for both.
    for (; q < lastQuery; q += 2 * VALUE_BYTES) {
      end = compareTwo(by, query, queryBytes, row, rowBytes, keys, place, keyBytes, terms + g, factors + g, queryFactors + q, limits + q, end);
      place += 2 * keyBytes;
      query += 2 * queryBytes;
    }
    if (q == lastQuery) {
      end = compareOne(by, query, row, rowBytes, keys, place, terms + g, factors + g, queryFactors + q, limits + q, end);
    }
    row += GROUP_SIZE * rowBytes;
  }
  return <i32>((end - promising) / VALUE_BYTES);
}

/**
 * Adds up the lanes of the sums of four rows, makes keys of them, and notes their place if one is below the limit. Returns where
 * the notes end then. A function of its own, as the module must be small enough for browsers to compile it at once.
 */
function finished(
  by: i32,
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
  keys: usize,
  place: usize,
  term: usize,
  factor: usize,
  queryFactor: usize,
  limit: usize,
  end: usize,
): usize {
  if (by == CODES) {
    s0 = f32x4.convert_i32x4_s(s0);
    s1 = f32x4.convert_i32x4_s(s1);
    s2 = f32x4.convert_i32x4_s(s2);
    s3 = f32x4.convert_i32x4_s(s3);
  }
  const s01 = f32x4.add(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.shuffle<f32>(s0, s1, 2, 6, 3, 7));
  const s23 = f32x4.add(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.shuffle<f32>(s2, s3, 2, 6, 3, 7));
  let key = f32x4.add(v128.shuffle<f32>(s01, s23, 0, 1, 4, 5), v128.shuffle<f32>(s01, s23, 2, 3, 6, 7));
  if (by == CODES) {
    key = f32x4.mul(key, v128.load_splat<f32>(queryFactor));
  }
  if (by != DIFFERENCES) {
    key = f32x4.sub(v128.load(term), f32x4.mul(key, v128.load(factor)));
  }
  v128.store(keys + place, key);
  if (v128.any_true(f32x4.lt(key, v128.load_splat<f32>(limit)))) {
    store<i32>(end, <i32>(place / VALUE_BYTES));
    return end + VALUE_BYTES;
  }
  return end;
}

/** Two queries with the four rows of a group. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function compareTwo(
  by: i32,
  query: usize,
  queryBytes: usize,
  row: usize,
  rowBytes: usize,
  keys: usize,
  place: usize,
  keyBytes: usize,
  term: usize,
  factor: usize,
  queryFactor: usize,
  limit: usize,
  end: usize,
): usize {
  const other = query + queryBytes;
  const row1 = row + rowBytes;
  const row2 = row1 + rowBytes;
  const row3 = row2 + rowBytes;
  const step = by == CODES ? CODES_STEP : VALUES_STEP;
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  for (let d: usize = 0, x: usize = 0; d < rowBytes; d += step, x += VECTOR_BYTES) {
    const a = v128.load(query + x);
    const b = v128.load(other + x);
    const c0 = loadRow(by, row + d);
    a0 = added(by, a0, a, c0);
    b0 = added(by, b0, b, c0);
    const c1 = loadRow(by, row1 + d);
    a1 = added(by, a1, a, c1);
    b1 = added(by, b1, b, c1);
    const c2 = loadRow(by, row2 + d);
    a2 = added(by, a2, a, c2);
    b2 = added(by, b2, b, c2);
    const c3 = loadRow(by, row3 + d);
    a3 = added(by, a3, a, c3);
    b3 = added(by, b3, b, c3);
  }
  const noted = finished(by, a0, a1, a2, a3, keys, place, term, factor, queryFactor, limit, end);
  return finished(by, b0, b1, b2, b3, keys, place + keyBytes, term, factor, queryFactor + VALUE_BYTES, limit + VALUE_BYTES, noted);
}

/** One query with the four rows of a group. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function compareOne(
  by: i32,
  query: usize,
  row: usize,
  rowBytes: usize,
  keys: usize,
  place: usize,
  term: usize,
  factor: usize,
  queryFactor: usize,
  limit: usize,
  end: usize,
): usize {
  const row1 = row + rowBytes;
  const row2 = row1 + rowBytes;
  const row3 = row2 + rowBytes;
  const step = by == CODES ? CODES_STEP : VALUES_STEP;
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  for (let d: usize = 0, x: usize = 0; d < rowBytes; d += step, x += VECTOR_BYTES) {
    const a = v128.load(query + x);
    a0 = added(by, a0, a, loadRow(by, row + d));
    a1 = added(by, a1, a, loadRow(by, row1 + d));
    a2 = added(by, a2, a, loadRow(by, row2 + d));
    a3 = added(by, a3, a, loadRow(by, row3 + d));
  }
  return finished(by, a0, a1, a2, a3, keys, place, term, factor, queryFactor, limit, end);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function loadRow(by: i32, address: usize): v128 {
  return by == CODES ? v128.load8x8_s(address) : v128.load(address);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function added(by: i32, sum: v128, x: v128, c: v128): v128 {
  if (by == CODES) {
    return i32x4.add(sum, i32x4.dot_i16x8_s(x, c));
  }
  if (by == PRODUCTS) {
    return f32x4.add(sum, f32x4.mul(x, c));
  }
  const difference = f32x4.sub(x, c);
  return f32x4.add(sum, f32x4.mul(difference, difference));
}
