/** A class that was found. */
export interface Hit {
  /** The class: that of the row, or the row itself where each is a class of its own. */
  index: number;
  /** Which row of the class is nearest; of equally near ones the first. */
  row: number;
  /** The distance, or the negative cosine: the smaller, the better. In double precision. */
  value: number;
}

/** Collects the k best classes by their best rows; of equally good ones those with the lower index. */
export class KBest {
  private readonly k: number;
  private readonly classOf: Uint32Array | undefined;
  /** A heap: a hit is worse than the two that follow it, at twice its slot plus 1 and plus 2. */
  private readonly hits: Hit[] = [];
  /** Where in the heap a class is; kept only where it may be offered again, by another row. */
  private readonly slots = new Map<number, number>();
  private worstOfAll = Infinity;

  /** @param classOf The class of each row; without it each row is a class of its own. */
  constructor(k: number, classOf?: Uint32Array) {
    this.k = k;
    this.classOf = classOf;
  }

  /** The value to beat; Infinity until k classes are known. */
  get worst(): number {
    return this.worstOfAll;
  }

  /** Rows must come in their order. Tells whether this one is no worse than the worst of the best so far. */
  offer(row: number, value: number): boolean {
    const {hits, k} = this;
    if (value > this.worstOfAll) {
      return false;
    }
    const hit = {index: this.classOf?.[row] ?? row, row, value};
    const slot = this.slots.get(hit.index);
    if (slot !== undefined) {
      if (value < hitAt(hits, slot).value) {
        hits[slot] = hit;
        this.lower(slot);
      }
    } else if (hits.length < k) {
      this.put(hits.length, hit);
      this.raiseLast();
    } else if (isWorse(hit, hitAt(hits, 0))) {
      return false;
    } else {
      this.slots.delete(hitAt(hits, 0).index);
      this.put(0, hit);
      this.lower(0);
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
      this.exchange(above, slot);
      slot = above;
    }
  }

  private lower(from: number): void {
    const {hits} = this;
    let slot = from;
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
      this.exchange(slot, worse);
      slot = worse;
    }
  }

  private put(slot: number, hit: Hit): void {
    this.hits[slot] = hit;
    if (this.classOf) {
      this.slots.set(hit.index, slot);
    }
  }

  private exchange(a: number, b: number): void {
    const [first, second] = [hitAt(this.hits, a), hitAt(this.hits, b)];
    this.put(a, second);
    this.put(b, first);
  }
}

function isWorse(a: Hit, b: Hit): boolean {
  return a.value === b.value ? a.index > b.index : a.value > b.value;
}

function hitAt(hits: readonly Hit[], slot: number): Hit {
  return hits[slot] as Hit;
}
