import * as tf from '@tensorflow/tfjs-core';

/** What TensorFlow.js writes while `tf.grads` or an optimizer runs the function to be differentiated. */
export type GradientTape = TapeNode[];

/** Typed as if it could do without saved tensors; it has an array of them, if only an empty one. */
type TapeNode = Required<ReturnType<typeof tf.engine>['state']['activeTape'][number]>;

/** The tape of the gradient being taken, one a training step; nothing outside of a gradient. */
export function activeTape(): GradientTape | undefined {
  const engine = tf.engine();
  return engine.isTapeOn() ? (engine.state.activeTape as GradientTape) : undefined;
}

/**
 * To be called before an error leaves a layer: TensorFlow.js never frees what its tape has saved when the function to
 * be differentiated throws, in each such step the activations of the whole network. Gradients are taken synchronously,
 * so that by the next microtask no one can still need them.
 */
export function freeTapeAfterError(): void {
  const tape = activeTape();
  if (tape) {
    queueMicrotask(() => {
      tf.dispose(tape.map(({saved}) => saved));
    });
  }
}

/**
 * Hands a kept tensor that the last operation's gradient needs over to the tape, which disposes it when the gradients
 * have been taken. The `save` of `tf.customGrad` does so with a clone, which on wasm is a copy.
 */
export function saveOnTape(tape: GradientTape, tensor: tf.Tensor): void {
  const {saved} = tape[tape.length - 1] as TapeNode;
  saved.push(tensor);
}
