/** Runs tasks one after another, in the order in which they came. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs a task when those before it have ended, well or not, and gives what it gives. */
  take<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined);
    return result;
  }
}
