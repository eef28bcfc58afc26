const FREE = 0;
const REMOVED = 1;
const FIRST_ROW = 2;

/** Of the slots at most so many are taken: with more, labels would have to be looked for in many of them. */
const MOST_TAKEN = 3 / 4;
const SLOTS_A_LABEL = 2;

/**
 * Which row has a label: a table of the rows, each at the slot that its label's hash says, or in the next one that was free.
 * It takes 5 to 8 bytes a label, where a Map takes 50, and has no end at 2²⁴ labels.
 */
export class LabelIndex {
  /** The labels of the rows, kept by whoever uses this. */
  private readonly labels: readonly (string | undefined)[];
  private slots = new Uint32Array(SLOTS_A_LABEL);
  private taken = 0;
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
    if (needed > MOST_TAKEN * this.slots.length) {
      this.rebuild(new Uint32Array(SLOTS_A_LABEL * needed));
    }
  }

  /** Adds the label of a row, for which there must be room. Returns the row that has it already, and changes nothing then. */
  add(label: string, row: number): number | undefined {
    const slot = this.slotOf(label);
    const own = this.rowAt(slot);
    if (own === undefined) {
      this.slots[slot] = row + FIRST_ROW;
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
  private slotOf(label: string): number {
    const {slots, labels} = this;
    let slot = this.hashOf(label) % slots.length;
    for (;;) {
      const entry = slots[slot] as number;
      if (entry === FREE || (entry !== REMOVED && labels[entry - FIRST_ROW] === label)) {
        return slot;
      }
      slot = (slot + 1) % slots.length;
    }
  }

  private rowAt(slot: number): number | undefined {
    const entry = this.slots[slot] as number;
    return entry === FREE ? undefined : entry - FIRST_ROW;
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
