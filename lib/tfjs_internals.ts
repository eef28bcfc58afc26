/**
 * Everything that this package uses of tfjs-core without TensorFlow.js promising it: private fields, the engine's state,
 * and habits that its documentation does not mention. What it uses of tfjs-layers is in `tfjs_layers_internals.ts`, so
 * that the functions work without tfjs-layers. Nothing else in `lib` touches such things, but for the kernels, which
 * state beside them what they use of their backends.
 *
 * `spec/tfjs_internals.spec.ts` has one test for each member that is used here. Whoever moves to a new TensorFlow.js
 * reads there what has changed.
 */
import * as tf from '@tensorflow/tfjs-core';

// The gradient tape.

/** The list of operations that TensorFlow.js writes while `tf.grads` or an optimizer runs the differentiated function. */
export type GradientTape = TapeNode[];

/** TensorFlow.js declares `saved` as optional, but always makes an array for it. */
type TapeNode = Required<ReturnType<typeof tf.engine>['state']['activeTape'][number]>;

/** The tape of the gradient that is being taken, one a training step; undefined outside of a gradient. */
export function activeTape(): GradientTape | undefined {
  const engine = tf.engine();
  return engine.isTapeOn() ? (engine.state.activeTape as GradientTape) : undefined;
}

/**
 * Gives a kept tensor to the last operation on the tape, whose gradient needs it. TensorFlow.js disposes it when the
 * gradients have been taken. The documented way, `save` of `tf.customGrad`, saves a clone: a copy on wasm.
 */
export function saveOnTape(tape: GradientTape, tensor: tf.Tensor): void {
  const {saved} = tape[tape.length - 1] as TapeNode;
  saved.push(tensor);
}

/**
 * Frees what the tape has saved, if an error is about to leave a layer. TensorFlow.js does not free it when the
 * differentiated function throws: each such step would leak the activations of the whole network. It takes gradients
 * synchronously, so that in the next microtask nothing needs them any more.
 */
export function freeTapeAfterError(): void {
  const tape = activeTape();
  if (tape) {
    queueMicrotask(() => {
      tf.dispose(tape.map(({saved}) => saved));
    });
  }
}

// The scopes of `tf.tidy`.

/** Undoes `tf.keep`: the innermost `tf.tidy` around the caller disposes the tensor, unless that `tidy` returns it. */
export function backInScope<T extends tf.Tensor>(tensor: T): T {
  const {activeScope} = tf.engine().state;
  tensor.kept = false;
  tensor.scopeId = activeScope.id;
  activeScope.track.push(tensor);
  return tensor;
}

/** The outermost `tf.tidy` around the caller. `evaluate` and `predict` have one for each batch. */
export function outermostScope(): object | undefined {
  return tf.engine().state.scopeStack[0];
}

// Kernels and tensors.

/** Whether a kernel of this name is registered for a backend. */
export function hasKernel(kernelName: string, backendName = tf.getBackend()): boolean {
  // Declared as if there always was one.
  return (tf.getKernel(kernelName, backendName) as unknown) !== undefined;
}

/** Runs a registered kernel on the current backend. The results belong to the scope around the caller. */
export function runKernel(
  kernelName: string,
  inputs: tf.NamedTensorMap,
  attrs: tf.NamedAttrMap = {},
): tf.Tensor | tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(kernelName, inputs, attrs);
}

/** A tensor of what a backend has computed. It is counted by `tf.memory()`, and belongs to the scope around the caller. */
export function tensorOf(info: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(info);
}

/**
 * The values of a tensor that its owner may dispose before they have come. The backend's count of the users of the data
 * is raised by one until then: without that, WebGPU has no buffer left to read. `tf.memory()` does not see this user.
 */
export async function readEvenIfDisposed({dataId}: tf.Tensor): Promise<ArrayLike<number>> {
  const engine = tf.engine();
  // The engine forgets the data when their last tensor is disposed, and moves them when the backend is changed.
  const backendOf = () => engine.state.tensorInfo.get(dataId)?.backend;
  backendOf()?.incRef(dataId);
  try {
    return (await engine.read(dataId)) as ArrayLike<number>;
  } finally {
    const backend = backendOf();
    if (backend?.disposeData(dataId)) {
      engine.removeDataId(dataId, backend);
    }
  }
}

// Optimizers.

/** What `getWeights` of an optimizer gives, and a file holds. */
export type OptimizerState = Awaited<ReturnType<tf.Optimizer['getWeights']>>;

/** The private fields of Adam that its state does not have, because it computes them from the number of steps. */
interface AdamFields {
  iterations: number;
  beta1: number;
  beta2: number;
  accBeta1: tf.Variable;
  accBeta2: tf.Variable;
}

/**
 * Gives an optimizer its saved state.
 *
 * Adam multiplies the powers of its betas up, step by step in float32, but restores them with `pow`, which rounds
 * differently: it would not go on to the bit. So they are multiplied up here.
 */
export async function restoreOptimizer(optimizer: tf.Optimizer, state: OptimizerState): Promise<void> {
  await optimizer.setWeights(state);
  if (optimizer.getClassName() === 'Adam') {
    const {iterations, beta1, beta2, accBeta1, accBeta2} = optimizer as unknown as AdamFields;
    tf.tidy(() => {
      accBeta1.assign(tf.scalar(productOf(beta1, iterations)));
      accBeta2.assign(tf.scalar(productOf(beta2, iterations)));
    });
  }
}

/** `beta` times itself, as often as there were steps. Rounding ends that sooner or later: at 0, or next to it. */
function productOf(beta: number, steps: number): number {
  const factor = Math.fround(beta);
  let product = factor;
  for (let step = 0; step < steps; step++) {
    const next = Math.fround(product * factor);
    if (next === product) {
      break;
    }
    product = next;
  }
  return product;
}
