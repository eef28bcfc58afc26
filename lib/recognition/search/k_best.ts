/** A row that was found. */
export interface Hit {
  index: number;
  /** The distance, or the negative cosine: the smaller, the better. In double precision. */
  value: number;
}

/** Collects the k best rows; of equally good ones those that were offered first. */
export class KBest {
  private readonly k: number;
  /** A heap: a hit is worse than the two that follow it, at twice its slot plus 1 and plus 2. */
  private readonly hits: Hit[] = [];
  private worstOfAll = Infinity;

  constructor(k: number) {
    this.k = k;
  }

  /** The value to beat; Infinity until k rows are known. */
  get worst(): number {
    return this.worstOfAll;
  }

  /** Rows must come in the order of their indices. Tells whether this one is among the best so far. */
  offer(index: number, value: number): boolean {
    if (value >= this.worstOfAll) {
      return false;
    }
    const {hits, k} = this;
    if (hits.length < k) {
      hits.push({index, value});
      this.raiseLast();
    } else {
      hits[0] = {index, value};
      this.lowerFirst();
    }
    if (hits.length === k) {
      this.worstOfAll = hitAt(hits, 0).value;
    }
    return true;
  }

  /** The best, in their order. */
  take(): readonly Hit[] {
    return [...this.hits].sort((a, b) => (isWorse(a, b) ? 1 : -1));
  }

  private raiseLast(): void {
    const {hits} = this;
    let slot = hits.length - 1;
    while (slot > 0) {
      const above = (slot - 1) >> 1;
      if (isWorse(hitAt(hits, above), hitAt(hits, slot))) {
        return;
      }
      exchange(hits, above, slot);
      slot = above;
    }
  }

  private lowerFirst(): void {
    const {hits} = this;
    let slot = 0;
    for (;;) {
      const left = 2 * slot + 1;
      if (left >= hits.length) {
        return;
      }
      const right = left + 1;
      const worse = right < hits.length && isWorse(hitAt(hits, right), hitAt(hits, left)) ? right : left;
      if (isWorse(hitAt(hits, slot), hitAt(hits, worse))) {
        return;
      }
      exchange(hits, slot, worse);
      slot = worse;
    }
  }
}

function isWorse(a: Hit, b: Hit): boolean {
  return a.value === b.value ? a.index > b.index : a.value > b.value;
}

function hitAt(hits: readonly Hit[], slot: number): Hit {
  return hits[slot] as Hit;
}

function exchange(hits: Hit[], a: number, b: number): void {
  [hits[a], hits[b]] = [hitAt(hits, b), hitAt(hits, a)];
}
