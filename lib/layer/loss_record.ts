import * as tf from '@tensorflow/tfjs-core';
import type {WeightedCenterLoss} from '../ops/center_loss.js';
import {activeTape, backInScope, outermostScope} from '../tfjs_internals.js';
import type {GradientTape} from '../tfjs_internals.js';

/**
 * A pass is one forward run of a model. It is told from others by the gradient tape that it runs under or, without one,
 * by its outermost `tf.tidy`. No pass: none has been recorded, or the metric has been read, which ends a pass.
 */
type Pass = object | undefined;

type State =
  /** Only the metric can use the value: the pass was one of inference, or its loss has been taken. */
  | {kind: 'value'; pass: Pass}
  /** The loss of a training pass without a gradient, from so many places. `take` makes it from the value. */
  | {kind: 'untaped'; pass: Pass; places: number}
  /** The loss of a training pass on a tape. The gradient flows through this very tensor, so that it has to be kept. */
  | {kind: 'taped'; pass: Pass; tape: GradientTape; weightedLoss: tf.Scalar};

/** The loss of an earlier pass without a gradient, for which so many places will still be asked. */
interface Waiting {
  loss: tf.Scalar;
  isTaken: boolean;
  places: number;
}

/**
 * Carries the loss of a forward pass from a layer's `call` to those who ask for it later in the same step: the model's
 * total loss, by `calculateLosses`, and the metric.
 *
 * The loss cannot simply be stored. tf.layers wraps each pass in `tf.tidy`, which disposes every tensor made in it: the
 * loss would be gone when it is asked for. A kept tensor would leak if nobody asks. So the value is written to a
 * variable, made once, and only the loss on a tape is a kept tensor: until it is taken, or another pass begins.
 *
 * A layer that stands in several places of a model is called once for each place, and asked for its loss as often. The
 * record adds up the losses of a pass. The first to ask takes the sum, the others get zero.
 *
 * | state   | `add`, same pass             | `add`, another pass  | `take`                              | `read`        |
 * | ------- | ---------------------------- | -------------------- | ----------------------------------- | ------------- |
 * | value   | adds to the value            | begins with its loss | zero                                | ends the pass |
 * | untaped | adds to the value            | see below            | value · weight, then `value`        | ends the pass |
 * | taped   | adds to value and taped loss | drops the taped loss | on its tape the loss, then `value`; | ends the pass |
 * |         |                              |                      | elsewhere zero                      |               |
 *
 * After `add` the state is `taped` if a training pass runs on a tape, `untaped` if it runs without one, and else `value`.
 *
 * Two models that share a layer, or more, can be run one after the other and then be asked for their losses, without a
 * gradient. So an `untaped` loss waits while another training pass without a gradient runs, and `take` gives those that
 * wait first, in the order of the passes. At most as many wait as the layer has places; beyond that
 * the oldest was never asked for and is dropped. All other passes forget what waits.
 */
export class LossRecord {
  private readonly value = tf.tidy(() => tf.variable(tf.scalar(0), false));
  private state: State = {kind: 'value', pass: undefined};
  private readonly waiting: Waiting[] = [];

  /**
   * Adds a loss to the current pass, or begins a new one.
   *
   * @param places In how many places the layer stands, in all models together.
   */
  add({loss, weightedLoss}: WeightedCenterLoss, training: boolean, places: number): void {
    const tape = activeTape();
    const pass = tape ?? outermostScope();
    const isSamePass = pass === this.state.pass;
    if (!isSamePass && training && !tape) {
      this.letWait();
    } else if (!isSamePass) {
      this.forgetMoreThan(0);
    }
    this.value.assign(isSamePass ? tf.add(this.value, loss) : loss);
    if (training && tape) {
      const earlier = this.state.kind === 'taped' ? this.state.weightedLoss : undefined;
      const sum = isSamePass && earlier ? tf.add<tf.Scalar>(earlier, weightedLoss) : weightedLoss;
      this.replaceState({kind: 'taped', pass, tape, weightedLoss: tf.keep(sum)});
    } else if (training) {
      const earlier = isSamePass && this.state.kind === 'untaped' ? this.state.places : 0;
      this.replaceState({kind: 'untaped', pass, places: earlier + 1});
      this.forgetMoreThan(places - earlier - 1);
    } else if (!isSamePass) {
      this.replaceState({kind: 'value', pass});
    }
  }

  /** The weighted loss of the training pass under way, for the first who asks; zero for all others. */
  take(lossWeight: number): tf.Scalar {
    const {state} = this;
    const tape = activeTape();
    if (state.kind === 'taped' && state.tape === tape) {
      this.state = {kind: 'value', pass: state.pass};
      return backInScope(state.weightedLoss);
    }
    const [first] = tape ? [] : this.waiting;
    if (first) {
      return this.takeWaiting(first, lossWeight);
    }
    if (state.kind === 'untaped' && !tape) {
      this.state = {kind: 'value', pass: state.pass};
      return tf.mul(this.value, lossWeight);
    }
    return tf.scalar(0);
  }

  /** The loss of the last pass, for the metric. */
  read(): tf.Scalar {
    this.state = {...this.state, pass: undefined};
    return tf.clone(this.value);
  }

  dispose(): void {
    this.replaceState({kind: 'value', pass: undefined});
    this.forgetMoreThan(0);
    this.value.dispose();
  }

  /** Makes way for a new pass: a loss that may still be asked for must not be in the value. */
  private letWait(): void {
    if (this.state.kind === 'untaped') {
      const loss = tf.keep(tf.clone<tf.Scalar>(this.value));
      this.waiting.push({loss, isTaken: false, places: this.state.places});
    }
  }

  /** Forgets the oldest losses that wait, until those of at most so many places are left. */
  private forgetMoreThan(places: number): void {
    let left = this.waiting.reduce((sum, waiting) => sum + waiting.places, 0);
    while (left > Math.max(places, 0)) {
      const oldest = this.waiting.shift() as Waiting;
      oldest.loss.dispose();
      left -= oldest.places;
    }
  }

  /** The loss of an earlier pass, for the first of its places; zero for the others. */
  private takeWaiting(waiting: Waiting, lossWeight: number): tf.Scalar {
    const taken = waiting.isTaken ? tf.scalar(0) : tf.mul<tf.Scalar>(waiting.loss, lossWeight);
    waiting.isTaken = true;
    waiting.places--;
    if (waiting.places === 0) {
      this.waiting.shift();
      waiting.loss.dispose();
    }
    return taken;
  }

  private replaceState(state: State): void {
    if (this.state.kind === 'taped') {
      this.state.weightedLoss.dispose();
    }
    this.state = state;
  }
}
