import * as tf from '@tensorflow/tfjs-core';
import type {WeightedCenterLoss} from './center_loss.js';
import {activeTape} from './gradient_tape.js';

/**
 * Carries the loss of a forward pass from a layer's `call` to those who ask for it later in the same step: the model's
 * total loss and a metric.
 *
 * Two things stand between them. Every model wraps its pass in `tf.tidy`, so that an unguarded tensor would be gone
 * before the loss is asked for, while a guarded one would leak if nobody asks. And a layer that stands in several
 * places of a model is called, and asked for its loss, once for each. So the sum over one pass is held here, is taken
 * once, and makes way for that of the next pass. While a gradient is being taken a tensor must be held, since the
 * gradient flows through it; a variable made once holds the value for everything else, so that no pass changes the
 * number of tensors.
 */
export class LossRecord {
  private readonly value = tf.tidy(() => tf.variable(tf.scalar(0), false));
  private valueRead = false;
  /** What tells the recorded pass from others. */
  private pass: object | undefined;
  /** The weighted loss on the gradient tape `pass`, until it is taken. */
  private taped: tf.Scalar | undefined;
  /** Whether the value is that of a training pass without a tape, not taken yet. */
  private untaped = false;

  /** Adds a loss to the sum of the current pass, or begins a new one. */
  add({loss, weightedLoss}: WeightedCenterLoss, training: boolean): void {
    const tape = activeTape();
    const pass = tape ?? outermostScope();
    const samePass = pass === this.pass && !this.valueRead;
    const earlier = samePass ? this.taped : undefined;
    if (!samePass) {
      this.forget();
    }
    this.pass = pass;
    this.value.assign(samePass ? tf.add(this.value, loss) : loss);
    if (training && tape) {
      this.taped = tf.keep(earlier ? tf.add(earlier, weightedLoss) : weightedLoss);
      earlier?.dispose();
    } else {
      this.untaped = training;
    }
  }

  /** The weighted loss of the training pass under way, once; then, and if there was none, zero. */
  take(lossWeight: number): tf.Scalar {
    const {taped, untaped} = this;
    const tape = activeTape();
    if (taped && this.pass === tape) {
      this.taped = undefined;
      return backInScope(taped);
    }
    this.untaped = false;
    return untaped && !tape ? tf.mul(this.value, lossWeight) : tf.scalar(0);
  }

  /** The loss of the last pass. */
  read(): tf.Scalar {
    this.valueRead = true;
    return tf.clone(this.value);
  }

  dispose(): void {
    this.forget();
    this.value.dispose();
  }

  private forget(): void {
    this.taped?.dispose();
    this.taped = undefined;
    this.untaped = false;
    this.valueRead = false;
  }
}

/** Undoes `tf.keep`: the tensor is disposed with the innermost `tf.tidy` around the caller, unless that returns it. */
function backInScope(tensor: tf.Scalar): tf.Scalar {
  const {activeScope} = tf.engine().state;
  tensor.kept = false;
  tensor.scopeId = activeScope.id;
  activeScope.track.push(tensor);
  return tensor;
}

/** The outermost `tf.tidy` around the caller: one a batch in `evaluate` and `predict`. */
function outermostScope(): object | undefined {
  return tf.engine().state.scopeStack[0];
}
