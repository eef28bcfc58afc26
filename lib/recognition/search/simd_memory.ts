import {COMPARE_SIMD_BINARY} from './compare_simd_binary.js';
import {BATCH_SIZE, GROUP_SIZE, MOST_KEYS, roundUp} from './row_memory.js';
import type {Comparison, RowMemory} from './row_memory.js';

/** What compare_simd.as exports. Arrays are given by their addresses. */
interface SimdModule {
  compareByProduct(
    isCosine: boolean,
    queries: number,
    queryCount: number,
    rows: number,
    terms: number,
    groups: number,
    rowBytes: number,
    limits: number,
    keys: number,
    promising: number,
  ): number;
  compareByDifference(
    queries: number,
    queryCount: number,
    rows: number,
    groups: number,
    rowBytes: number,
    limits: number,
    keys: number,
    promising: number,
  ): number;
}

const VALUE_BYTES = 4;
const PAGE_BYTES = 2 ** 16;
/** What a WebAssembly memory reaches to; the last page stays free, so that no address runs over. */
const MOST_BYTES = 2 ** 32 - PAGE_BYTES;

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
      compiled ??= new WebAssembly.Module(
        Uint8Array.from(atob(COMPARE_SIMD_BINARY), (character) => character.charCodeAt(0)),
      );
      const memory = new WebAssembly.Memory({initial: pages});
      const {exports} = new WebAssembly.Instance(compiled, {env: {memory}});
      return new SimdMemory(stride, rows, memory, exports as unknown as SimdModule);
    } catch {
      return undefined;
    }
  }

  get values(): Float32Array {
    return this.parts.values;
  }

  get terms(): Float32Array {
    return this.parts.terms;
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
    // To be asked before: a memory that grows takes its arrays away.
    const {byteOffset, byteLength} = this.parts.values;
    try {
      memory.grow(Math.max(0, pages - memory.buffer.byteLength / PAGE_BYTES));
    } catch {
      return false;
    }
    this.parts = partsOf(memory, stride, rows);
    // The terms need more room, too, and the rows stand behind them.
    new Uint8Array(memory.buffer).copyWithin(this.parts.values.byteOffset, byteOffset, byteOffset + byteLength);
    return true;
  }

  compare(comparison: Comparison, queries: number, firstRow: number, rows: number): number {
    const {module, parts} = this;
    const rowBytes = this.stride * VALUE_BYTES;
    const groups = roundUp(rows) / GROUP_SIZE;
    const [x, limits, keys, promising] = [parts.queries, parts.limits, parts.keys, parts.promising].map(addressOf) as [
      number,
      number,
      number,
      number,
    ];
    const c = addressOf(parts.values) + firstRow * rowBytes;
    if (comparison === 'difference') {
      return module.compareByDifference(x, queries, c, groups, rowBytes, limits, keys, promising);
    }
    const terms = addressOf(parts.terms) + firstRow * VALUE_BYTES;
    const isCosine = comparison === 'cosine';
    return module.compareByProduct(isCosine, x, queries, c, terms, groups, rowBytes, limits, keys, promising);
  }
}

/** The parts of the memory, in their order. */
interface Parts {
  queries: Float32Array;
  limits: Float32Array;
  keys: Float32Array;
  promising: Int32Array;
  terms: Float32Array;
  values: Float32Array;
}

function partsOf({buffer}: WebAssembly.Memory, stride: number, rows: number): Parts {
  const queries = new Float32Array(buffer, 0, BATCH_SIZE * stride);
  const limits = new Float32Array(buffer, endOf(queries), BATCH_SIZE);
  const keys = new Float32Array(buffer, endOf(limits), MOST_KEYS);
  const promising = new Int32Array(buffer, endOf(keys), MOST_KEYS / GROUP_SIZE);
  const terms = new Float32Array(buffer, endOf(promising), roundUp(rows));
  const values = new Float32Array(buffer, endOf(terms), roundUp(rows) * stride);
  return {queries, limits, keys, promising, terms, values};
}

function addressOf({byteOffset}: ArrayBufferView): number {
  return byteOffset;
}

function endOf({byteOffset, byteLength}: ArrayBufferView): number {
  return byteOffset + byteLength;
}

/** How many pages that takes; undefined for more than there can be. */
function pagesFor(stride: number, rows: number): number | undefined {
  const numbers = BATCH_SIZE * (stride + 1) + MOST_KEYS + MOST_KEYS / GROUP_SIZE + roundUp(rows) * (1 + stride);
  const bytes = numbers * VALUE_BYTES;
  return bytes > MOST_BYTES ? undefined : Math.ceil(bytes / PAGE_BYTES);
}
