import * as tf from '@tensorflow/tfjs-core';

/** Notices that a loss is added to that of a model whose gradient never reaches it, and says so once. */
export class GradientWatch {
  private isAwaited = false;
  private isSaid = false;

  /** The loss of this step was added to that of the model: its gradient is taken before the next step. */
  await(): void {
    this.isAwaited = true;
  }

  /** The gradient was taken: something that the features are computed from is trained. */
  readonly reached = (): void => {
    this.isAwaited = false;
  };

  /** Begins a training step. */
  begin(caller: string): void {
    if (this.isAwaited && !this.isSaid) {
      this.isSaid = true;
      tf.backend_util.warn(
        `${caller}: nothing that the features are computed from can be trained, so that center loss changes nothing but ` +
          'the centers. Let layers before the features learn, or put some there: docs/transfer.md of this package says how.',
      );
    }
    this.isAwaited = false;
  }
}
