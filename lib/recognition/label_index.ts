const FREE = 0;
const REMOVED = 1;
const FIRST_ROW = 2;

/** Of the slots at most so many are taken: with more, labels would have to be looked for in many of them. */
const MOST_TAKEN = 3 / 4;
const SLOTS_A_LABEL = 2;

/**
 * Which row has a label: a table of the rows, each at the slot that its label's hash says, or in the next one that was free.
 * It takes 5 to 8 bytes a label, where a Map takes 50, and has no end at 2²⁴ labels.
 *
 * The bits of a slot that no row needs hold those of the hash: so other labels are passed by without a look at them, which would
 * wait for the memory.
 */
export class LabelIndex {
  /** The labels of the rows, kept by whoever uses this. */
  private readonly labels: readonly (string | undefined)[];
  private slots = new Uint32Array(SLOTS_A_LABEL);
  private taken = 0;
  /** The bits of a slot that hold the row. */
  private rowMask = 0;
  /** Nobody can choose labels whose hashes are all the same. */
  private readonly seed = Math.floor(Math.random() * 2 ** 32);

  constructor(labels: readonly (string | undefined)[]) {
    this.labels = labels;
  }

  /** The row of a label; undefined for one that was not added. */
  rowOf(label: string): number | undefined {
    return this.rowAt(this.slotOf(label));
  }

  /** Makes room for so many labels more. */
  reserveMore(labels: number): void {
    const needed = this.taken + labels;
    const largest = this.labels.length + labels + FIRST_ROW;
    const isFull = needed > MOST_TAKEN * this.slots.length;
    if (isFull || largest > this.rowMask) {
      const slots = isFull ? new Uint32Array(SLOTS_A_LABEL * needed) : this.slots.fill(FREE);
      this.rowMask = 2 ** (32 - Math.clz32(largest)) - 1;
      this.rebuild(slots);
    }
  }

  /** Adds the label of a row, for which there must be room. Returns the row that has it already, and changes nothing then. */
  add(label: string, row: number): number | undefined {
    const hash = this.hashOf(label);
    const slot = this.slotOf(label, hash);
    const own = this.rowAt(slot);
    if (own === undefined) {
      this.slots[slot] = (hash & ~this.rowMask) | (row + FIRST_ROW);
      this.taken++;
    }
    return own;
  }

  /** Takes away a label that was added. */
  delete(label: string): void {
    this.slots[this.slotOf(label)] = REMOVED;
  }

  /** Finds the rows of all labels anew, once they have moved. */
  rebuild(slots = this.slots.fill(FREE)): void {
    this.slots = slots;
    this.taken = 0;
    this.labels.forEach((label, row) => {
      if (label !== undefined) {
        this.add(label, row);
      }
    });
  }

  /** Where a label is, or else where it would be. */
  private slotOf(label: string, hash = this.hashOf(label)): number {
    const {slots, labels, rowMask} = this;
    let slot = hash % slots.length;
    for (;;) {
      const entry = slots[slot] as number;
      const isLike = entry !== REMOVED && ((entry ^ hash) & ~rowMask) === 0;
      if (entry === FREE || (isLike && labels[this.rowAt(slot) as number] === label)) {
        return slot;
      }
      slot = (slot + 1) % slots.length;
    }
  }

  private rowAt(slot: number): number | undefined {
    const entry = this.slots[slot] as number;
    return entry === FREE ? undefined : ((entry & this.rowMask) >>> 0) - FIRST_ROW;
  }

  /** FNV-1a over the characters, and its high bits mixed into the low ones. */
  private hashOf(label: string): number {
    let hash = this.seed;
    for (let i = 0; i < label.length; i++) {
      hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
    }
    return (hash ^ (hash >>> 15)) >>> 0;
  }
}
