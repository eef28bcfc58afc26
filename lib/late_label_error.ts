import * as tf from '@tensorflow/tfjs-core';

/** A bad label of which a device tells only after the call of the layer that read it: a later training step throws it. */
export class LateLabelError {
  /** How often labels have been read. */
  private calls = 0;
  private last: {error: Error; call: number} | undefined;

  /** Begins a call that reads labels. The function that it gives takes a bad label of this call, whenever it is found. */
  nextCall(): (error: Error) => void {
    const call = ++this.calls;
    return (error) => {
      this.last = {error, call};
    };
  }

  /** @throws RangeError for a bad label of an earlier call, unless it has been thrown before. */
  throwOnce(): void {
    const {last} = this;
    if (last) {
      this.last = undefined;
      throw new RangeError(
        `${last.error.message} That was in call ${last.call} of the layer with labels, before this one: ` +
          `on ${tf.getBackend()} the labels of a call are checked after it. This call has changed nothing.`,
      );
    }
  }
}
