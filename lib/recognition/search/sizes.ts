/** Sizes between two powers of 2. */
interface Magnitude {
  from: number;
  to: number;
  count: number;
  /** The largest one that was added since there were none. */
  largest: number;
}

/**
 * What is known of the sizes of rows that come and go: how many there are of each magnitude. So their largest one is known
 * to within a factor of 2, and found again when it goes, without a look at the rows.
 */
export class Sizes {
  private readonly magnitudes = new Map<number, Magnitude>();
  /** Most often the next size is of the same one. */
  private recent: Magnitude | undefined;

  add(size: number): void {
    const {recent} = this;
    const own = recent && size >= recent.from && size < recent.to ? recent : this.ofSize(size);
    own.count++;
    own.largest = Math.max(own.largest, size);
    this.recent = own;
  }

  /** Takes away a size that was added. */
  delete(size: number): void {
    const own = this.magnitudes.get(magnitudeOf(size));
    if (own && own.count > 1) {
      own.count--;
    } else {
      this.magnitudes.delete(magnitudeOf(size));
      this.recent = undefined;
    }
  }

  private ofSize(size: number): Magnitude {
    const magnitude = magnitudeOf(size);
    const own = this.magnitudes.get(magnitude) ?? {
      from: 2 ** magnitude,
      to: 2 ** (magnitude + 1),
      count: 0,
      largest: 0,
    };
    this.magnitudes.set(magnitude, own);
    return own;
  }

  /** An upper bound of those below a magnitude; 0 if there is none. */
  largestBelow(magnitude: number): number {
    return Math.max(0, ...[...this.magnitudes].filter(([own]) => own < magnitude).map(([, {largest}]) => largest));
  }

  /** How many are of these magnitudes, from the first to before the last. */
  countBetween(from: number, to: number): number {
    return [...this.magnitudes].reduce((sum, [own, {count}]) => sum + (own >= from && own < to ? count : 0), 0);
  }

  /** The highest magnitude that more than so many reach; -Infinity if there are no more than that. */
  magnitudeOfMoreThan(few: number): number {
    let reached = 0;
    for (const [magnitude, {count}] of [...this.magnitudes].sort(([a], [b]) => b - a)) {
      reached += count;
      if (reached > few) {
        return magnitude;
      }
    }
    return -Infinity;
  }
}

/** The power of 2 that a size reaches; for 0 one below that of all numbers. */
export function magnitudeOf(size: number): number {
  const magnitude = Math.max(-1075, Math.floor(Math.log2(size)));
  // The logarithm of what is next below a power of 2 is rounded up to it.
  return 2 ** magnitude > size ? magnitude - 1 : magnitude;
}
