/** A row that was found. */
export interface Hit {
  index: number;
  /** The distance, or the negative cosine: the smaller, the better. In double precision. */
  value: number;
}

/** Collects the k best rows; of equally good ones those that were offered first. */
export class KBest {
  private readonly k: number;
  private hits: Hit[] = [];
  private worstHit = Infinity;

  constructor(k: number) {
    this.k = k;
  }

  /** Only what is better is among the best. */
  get worst(): number {
    return this.worstHit;
  }

  /** Rows must come in the order of their indices. */
  offer(index: number, value: number): void {
    if (value < this.worstHit) {
      this.hits.push({index, value});
      // Sorting now and then is cheaper than to keep the hits sorted.
      if (this.hits.length === 2 * this.k) {
        this.prune();
        this.worstHit = this.hits.at(-1)?.value ?? Infinity;
      }
    }
  }

  /** The best, in their order. */
  take(): readonly Hit[] {
    this.prune();
    return this.hits;
  }

  private prune(): void {
    // Sorting is stable: of equal values the earlier stays first.
    this.hits.sort((a, b) => a.value - b.value);
    this.hits.length = Math.min(this.k, this.hits.length);
  }
}
