import * as tf from '@tensorflow/tfjs-core';

/** A bad label of which a device tells only after the training call that read it: a later training step throws it. */
export class LateLabelError {
  /** How often the layer has been called in training. */
  private calls = 0;
  private first: {error: Error; call: number} | undefined;

  /** Begins a training call. The function that it gives takes a bad label of this call, whenever it is found. */
  nextCall(): (error: Error) => void {
    const call = ++this.calls;
    return (error) => {
      // Training goes on for some steps before it is told: the first bad label is the one to look for.
      this.first ??= {error, call};
    };
  }

  /** @throws RangeError for a bad label of an earlier training call, unless it has been thrown before. */
  throwOnce(): void {
    const {first} = this;
    if (first) {
      this.first = undefined;
      throw new RangeError(
        `${first.error.message} That was in call ${first.call} of the layer in training, before this one: ` +
          `on ${tf.getBackend()} the labels of a call are checked after it. This call has changed nothing.`,
      );
    }
  }
}
