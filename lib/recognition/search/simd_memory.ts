import {decodeBase64} from '../../base64.js';
import {COMPARE_SIMD_BINARY} from './compare_simd_binary.js';
import {memories} from './memories.js';
import {BATCH_SIZE, GROUP_SIZE, MAX_KEYS, codeStrideOf, roundUp} from './row_memory.js';
import type {Codes, Comparison, RowMemory, Rows} from './row_memory.js';

/** How the rows lie there, and where the results go. */
type Block = [groups: number, rowBytes: number, limits: number, keys: number, promising: number];

/** What compare_simd.as exports. Arrays are given by their addresses. */
interface SimdModule {
  compareProducts(
    queries: number,
    queryCount: number,
    rows: number,
    terms: number,
    factors: number,
    ...block: Block
  ): number;
  compareCodes(
    queries: number,
    queryFactors: number,
    queryCount: number,
    rows: number,
    terms: number,
    factors: number,
    ...block: Block
  ): number;
  compareDifferences(queries: number, queryCount: number, rows: number, ...block: Block): number;
}

const VALUE_BYTES = 4;
const QUERY_CODE_BYTES = 2;
const PAGE_BYTES = 2 ** 16;
/** What a WebAssembly memory reaches to; the last page stays free, so that no address runs over. */
const MAX_BYTES = 2 ** 32 - PAGE_BYTES;

let compiled: WebAssembly.Module | undefined;

/**
 * Rows in the memory of a WebAssembly module of their own, compared four values at a time. They stay there, so that a search
 * copies the queries alone.
 */
export class SimdMemory implements RowMemory {
  private readonly stride: number;
  private readonly memory: WebAssembly.Memory;
  private readonly module: SimdModule;
  private parts: Parts;

  private constructor(stride: number, rows: number, memory: WebAssembly.Memory, module: SimdModule) {
    this.stride = stride;
    this.memory = memory;
    this.module = module;
    this.parts = partsOf(memory, stride, rows);
  }

  /** Undefined where there is no SIMD, where a page must not compile WebAssembly, and where the memory does not suffice. */
  static create(stride: number, rows: number): SimdMemory | undefined {
    const pages = pagesFor(stride, rows);
    if (pages === undefined) {
      return undefined;
    }
    try {
      // Browsers compile up to 4 KiB at once; this is less.
      compiled ??= new WebAssembly.Module(decodeBase64(COMPARE_SIMD_BINARY));
      const memory = new WebAssembly.Memory({initial: pages});
      memories.count(memory);
      const {exports} = new WebAssembly.Instance(compiled, {env: {memory}});
      return new SimdMemory(stride, rows, memory, exports as unknown as SimdModule);
    } catch {
      return undefined;
    }
  }

  get rows(): Rows {
    return this.parts;
  }

  get codes(): Codes {
    const {codes, codeFactors, queryCodes, queryFactors} = this.parts;
    return {rows: codes, factors: codeFactors, queries: queryCodes, queryFactors};
  }

  get queries(): Float32Array {
    return this.parts.queries;
  }

  get limits(): Float32Array {
    return this.parts.limits;
  }

  get keys(): Float32Array {
    return this.parts.keys;
  }

  get promising(): Int32Array {
    return this.parts.promising;
  }

  grow(rows: number): boolean {
    const {memory, stride} = this;
    const pages = pagesFor(stride, rows);
    if (pages === undefined) {
      return false;
    }
    // Read offsets now: growing detaches the views.
    const before = OF_ROWS.map((part) => ({part, start: this.parts[part].byteOffset, end: endOf(this.parts[part])}));
    try {
      memory.grow(Math.max(0, pages - memory.buffer.byteLength / PAGE_BYTES));
    } catch {
      return false;
    }
    this.parts = partsOf(memory, stride, rows);
    const bytes = new Uint8Array(memory.buffer);
    // All move up: the last goes first.
    for (const {part, start, end} of before.reverse()) {
      bytes.copyWithin(this.parts[part].byteOffset, start, end);
    }
    // Nothing is left where they were.
    for (const {part, start, end} of before) {
      const {byteOffset} = this.parts[part];
      bytes.fill(0, byteOffset + end - start, endOf(this.parts[part]));
    }
    return true;
  }

  compare(comparison: Comparison, queries: number, firstRow: number, rows: number): number {
    const {module, parts} = this;
    const groups = roundUp(rows) / GROUP_SIZE;
    const [limits, keys, promising] = [parts.limits, parts.keys, parts.promising].map(addressOf) as [
      number,
      number,
      number,
    ];
    const terms = addressOf(parts.terms) + firstRow * VALUE_BYTES;
    if (comparison === 'codes') {
      const [x, xFactors] = [addressOf(parts.queryCodes), addressOf(parts.queryFactors)];
      const rowBytes = codeStrideOf(this.stride);
      const c = addressOf(parts.codes) + firstRow * rowBytes;
      const factors = addressOf(parts.codeFactors) + firstRow * VALUE_BYTES;
      return module.compareCodes(x, xFactors, queries, c, terms, factors, groups, rowBytes, limits, keys, promising);
    }
    const x = addressOf(parts.queries);
    const rowBytes = this.stride * VALUE_BYTES;
    const c = addressOf(parts.values) + firstRow * rowBytes;
    if (comparison === 'differences') {
      return module.compareDifferences(x, queries, c, groups, rowBytes, limits, keys, promising);
    }
    const factors = addressOf(parts.factors) + firstRow * VALUE_BYTES;
    return module.compareProducts(x, queries, c, terms, factors, groups, rowBytes, limits, keys, promising);
  }
}

/** The parts of the memory, in their order. */
interface Parts extends Rows {
  queries: Float32Array;
  queryCodes: Int16Array;
  queryFactors: Float32Array;
  limits: Float32Array;
  keys: Float32Array;
  promising: Int32Array;
  codeFactors: Float32Array;
  codes: Int8Array;
}

/** Those that hold something of each row. */
const OF_ROWS = ['terms', 'factors', 'codeFactors', 'codes', 'values'] as const satisfies (keyof Parts)[];

function partsOf({buffer}: WebAssembly.Memory, stride: number, rows: number): Parts {
  const codeStride = codeStrideOf(stride);
  const room = roundUp(rows);
  const queries = new Float32Array(buffer, 0, BATCH_SIZE * stride);
  const queryCodes = new Int16Array(buffer, endOf(queries), BATCH_SIZE * codeStride);
  const queryFactors = new Float32Array(buffer, endOf(queryCodes), BATCH_SIZE);
  const limits = new Float32Array(buffer, endOf(queryFactors), BATCH_SIZE);
  const keys = new Float32Array(buffer, endOf(limits), MAX_KEYS);
  const promising = new Int32Array(buffer, endOf(keys), MAX_KEYS / GROUP_SIZE);
  const terms = new Float32Array(buffer, endOf(promising), room);
  const factors = new Float32Array(buffer, endOf(terms), room);
  const codeFactors = new Float32Array(buffer, endOf(factors), room);
  const codes = new Int8Array(buffer, endOf(codeFactors), room * codeStride);
  const values = new Float32Array(buffer, endOf(codes), room * stride);
  return {queries, queryCodes, queryFactors, limits, keys, promising, terms, factors, codeFactors, codes, values};
}

function addressOf({byteOffset}: ArrayBufferView): number {
  return byteOffset;
}

function endOf({byteOffset, byteLength}: ArrayBufferView): number {
  return byteOffset + byteLength;
}

/** How many pages that takes; undefined for more than there can be. */
function pagesFor(stride: number, rows: number): number | undefined {
  const codeStride = codeStrideOf(stride);
  const ofQueries = BATCH_SIZE * (VALUE_BYTES * (stride + 2) + QUERY_CODE_BYTES * codeStride);
  const ofKeys = VALUE_BYTES * (MAX_KEYS + MAX_KEYS / GROUP_SIZE);
  const ofRows = roundUp(rows) * (VALUE_BYTES * (stride + 3) + codeStride);
  const bytes = ofQueries + ofKeys + ofRows;
  return bytes > MAX_BYTES ? undefined : Math.ceil(bytes / PAGE_BYTES);
}
