/**
 * Chromium gives a page some 125 WebAssembly memories, however small they are, and TensorFlow.js and others need theirs. At most
 * so many are taken here.
 */
const MAX_MEMORIES = 32;

/** With fewer values in all, plain loops take less than a tenth of a millisecond for a query. */
const MIN_VALUES = 2 ** 16;

/** Where so many more are taken, the next one has to be for twice as many values: many small ones leave room for large ones. */
const MEMORIES_UNTIL_TWICE = 8;

/** How many WebAssembly memories there are for rows, and whether there may be another one. */
class Memories {
  /** Those that the garbage collector has not yet taken. */
  living = 0;
  private collected: FinalizationRegistry<undefined> | undefined;

  /** Whether so many values may have a memory of their own. */
  suffice(values: number): boolean {
    const least = MIN_VALUES * 2 ** Math.floor(this.living / MEMORIES_UNTIL_TWICE);
    return this.living < MAX_MEMORIES && values >= least;
  }

  /** Counts a memory as long as it lives. */
  count(memory: WebAssembly.Memory): void {
    // Not before it is needed: engines without SIMD may have none.
    this.collected ??= new FinalizationRegistry(() => {
      this.living--;
    });
    this.collected.register(memory, undefined);
    this.living++;
  }
}

export const memories = new Memories();
