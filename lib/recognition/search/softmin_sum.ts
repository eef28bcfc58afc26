/** A term smaller by this factor, as a logarithm, does not change a sum in double precision, not even a million of them. */
const NEGLIGIBLE = 60;

/** What the softmin of the distances of one query needs, summed up while the distances pass by. */
export class SoftminSum {
  private shortest = Infinity;
  private sum = 0;

  /**
   * The sum of `exp(shortest - distance)` over all but the nearest: kept apart from the 1 of the nearest, beside which
   * it would vanish where the others are far.
   */
  get others(): number {
    return this.sum;
  }

  /** Takes `count` squared distances from `start` on, but for those that are NaN or infinite. */
  add(squaredDistances: Float32Array, start: number, count: number): void {
    const farthest = Math.min((this.shortest + NEGLIGIBLE - Math.log(this.sum)) ** 2, Number.MAX_VALUE);
    for (let i = start; i < start + count; i++) {
      const squared = squaredDistances[i] as number;
      if (squared <= farthest) {
        const distance = Math.sqrt(squared);
        if (distance < this.shortest) {
          this.sum = (this.sum + 1) * Math.exp(distance - this.shortest);
          this.shortest = distance;
        } else {
          this.sum += Math.exp(this.shortest - distance);
        }
      }
    }
  }
}
