/** A row that may be among the best. */
export interface Candidate {
  index: number;
  /** The smaller, the better. */
  key: number;
}

/** Collects the k rows with the smallest keys; of rows with the same key those that were offered first. */
export class KBest {
  private readonly k: number;
  private candidates: Candidate[] = [];
  /** No key from here on is of interest. */
  private limit = Infinity;

  constructor(k: number) {
    this.k = k;
  }

  /**
   * Looks at `count` keys from `start` on. The first is the key of the row `firstIndex`; the rows must come in the order of
   * their indices.
   */
  offer(keys: Float32Array, start: number, count: number, firstIndex: number): void {
    let i = 0;
    // The first are taken whatever they are: a key that left the range of float32 still stands for a row.
    for (; i < count && this.candidates.length < this.k; i++) {
      this.candidates.push({index: firstIndex + i, key: keys[start + i] as number});
    }
    let {limit} = this;
    for (; i < count; i++) {
      const key = keys[start + i] as number;
      if (key < limit) {
        this.candidates.push({index: firstIndex + i, key});
        // Sorting now and then is cheaper than to keep the candidates sorted.
        if (this.candidates.length === 2 * this.k) {
          limit = this.prune();
        }
      }
    }
    this.limit = limit;
  }

  /** The best, in their order. */
  take(): Candidate[] {
    this.prune();
    return this.candidates;
  }

  private prune(): number {
    // Sorting is stable: of equal keys the earlier stays first.
    this.candidates.sort((a, b) => a.key - b.key);
    this.candidates.length = Math.min(this.k, this.candidates.length);
    return this.candidates.at(-1)?.key ?? Infinity;
  }
}
